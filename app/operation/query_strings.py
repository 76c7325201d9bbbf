"""Query strings: names that are known, each once, in UTF-8, and spelled as JSON spells a value.

Pydantic reads `1_0`, `+5`, `yes` and `0.5` from a text as a number, a yes or an instant; in a body
each of them is refused.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final, get_args
from urllib.parse import unquote_to_bytes

from pydantic import AwareDatetime
from starlette.requests import Request

from app.core.errors import BadRequest

Spelling = tuple[re.Pattern[str], str]
"""How a value of some type is spelled, and the kind of error for another spelling."""

_MOMENT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ].+")
_SPELLINGS: Final[dict[type, Spelling]] = {
    bool: (re.compile(r"true|false"), "bool_parsing"),
    int: (re.compile(r"0|-?[1-9][0-9]{0,17}"), "int_parsing"),
    datetime: (_MOMENT, "datetime_parsing"),
    AwareDatetime: (_MOMENT, "datetime_parsing"),
    date: (re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), "date_parsing"),
}


def spelling(annotation: Any) -> Spelling | None:
    """Return how values of a parameter's type are spelled; None where its validator says it."""
    for leaf in _leaves(annotation):
        for kind, found in _SPELLINGS.items():
            if isinstance(leaf, type) and issubclass(leaf, kind):
                return found
    return None


def require_readable(request: Request, known: frozenset[str]) -> None:
    """Raise BadRequest for parameters that are unknown, repeated or not text in UTF-8."""
    query: bytes = request.scope.get("query_string", b"")
    if not query:
        return
    names = [name for name, _ in request.query_params.multi_items()]
    if not known.issuperset(names):
        listed = ", ".join(sorted(known)) or "none"
        raise BadRequest(
            "wire.unknown_parameter", f"This address knows these query parameters: {listed}."
        )
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise _refused("wire.repeated_parameter", "Give each query parameter once.", repeated)
    if b"%" in query or not query.isascii():
        spoilt = [part.partition(b"=")[0] for part in query.split(b"&") if _is_spoilt(part)]
        if spoilt:
            raise _refused(
                "wire.parameter_text",
                "Write query parameters in UTF-8, without the NUL character.",
                [name.decode("ascii", "replace")[:80] for name in spoilt],
            )


def _is_spoilt(part: bytes) -> bool:
    plain = unquote_to_bytes(part)
    try:
        return "\x00" in plain.decode()
    except UnicodeDecodeError:
        return True


def _refused(code: str, detail: str, names: list[str]) -> BadRequest:
    errors: list[Any] = [{"parameter": name, "code": code, "detail": detail} for name in names]
    return BadRequest(code, detail, errors=errors)


def _leaves(annotation: Any) -> Iterator[Any]:
    inner = get_args(annotation)
    if not inner:
        yield annotation
    for one in inner:
        yield from _leaves(one)
