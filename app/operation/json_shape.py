"""The shape of a JSON body, checked before it is parsed: how deep, and how many values.

Python makes an object of every value, and whatever reads a body walks through them all: 1 MiB of
empty lists is 350,000 of them. Only bytes are counted here: 10 ms for the worst 1 MiB.
"""

from typing import Final

from app.core.errors import Invalid, TooLarge

DEEPEST: Final = 32
MOST_VALUES: Final = 50_000
"""A batch of 500 items with forms of sixty answers has fewer."""

FEW_VALUES: Final = 1_000
"""So few that commas within texts may count as well."""

_BRACES: Final = bytes.maketrans(b"{}", b"[]")
_NOT_SHAPE: Final = bytes(set(range(256)) - set(b"[]{},"))


def require_shape(body: bytes) -> int:
    """Return how many values JSON holds, at the most where they are few.

    Raises Invalid for JSON nested deeper than 32, TooLarge for more than 50,000 values. What is
    not JSON may pass, and is refused by the parser.
    """
    opens = body.count(b"[") + body.count(b"{")
    values = opens + body.count(b",") + 1
    if opens <= DEEPEST and values < FEW_VALUES:
        return values
    shape = _shape(body)
    nested = shape.replace(b",", b"")
    for _ in range(DEEPEST):
        # Each turn takes away the innermost pairs.
        nested = nested.replace(b"[]", b"")
    if b"[]" in nested or b"[" * (DEEPEST + 1) in nested:
        raise Invalid("wire.too_deep", f"JSON here is nested at most {DEEPEST} deep.")
    values = shape.count(b"[") + shape.count(b",") + 1
    if values > MOST_VALUES:
        raise TooLarge(
            "wire.too_many_values",
            f"A body holds at most {MOST_VALUES} values here. Send less at once.",
        )
    return values


def _shape(body: bytes) -> bytes:
    """Return the brackets and commas that stand outside of strings, braces as brackets."""
    if b"\\" in body:
        body = body.replace(rb"\\", b"").replace(rb"\"", b"")
    return b"".join(body.split(b'"')[::2]).translate(_BRACES, _NOT_SHAPE)
