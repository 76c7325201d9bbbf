"""Text in a JSON body that cannot be stored: half a character, bytes that are no UTF-8, NUL."""

import json
import math
import re
from collections.abc import Iterator
from typing import Any, Final

import orjson

Place = tuple[str | int, ...]
"""Where in a body something stands: names of members, and numbers of elements."""

_UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")
_LONGEST_NUMBER: Final = 18
"""Digits of a whole number that certainly fits 64 bits, as orjson reads it."""


def parsed(raw: bytes) -> tuple[Any, bool]:
    """The body, and whether it may hold text that cannot be stored (`unstorable` finds it).

    orjson refuses a body for one half of a character, which keyboards and cuts leave behind, and
    does not tell where that is. Such a body is read again by the slower parser, which keeps the
    half. Raises orjson.JSONDecodeError for what is not JSON.
    """
    try:
        return orjson.loads(raw), rb"\u0000" in raw
    except orjson.JSONDecodeError as malformed:
        text = raw.decode("utf-8", "surrogateescape")
        try:
            value = json.loads(text, parse_constant=_real, parse_int=_whole, parse_float=_real)
        except ValueError:
            raise malformed from None
        if next(unstorable(value), None) is None:
            raise
        return value, True


def unstorable(value: object, place: Place = ()) -> Iterator[Place]:
    """The places of texts in a parsed body that cannot be stored; a name's is its object's."""
    if isinstance(value, str):
        if _UNSTORABLE.search(value):
            yield place
    elif isinstance(value, list) and not _is_storable(value):
        for number, one in enumerate(value):
            yield from unstorable(one, (*place, number))
    elif isinstance(value, dict) and not _is_storable(value):
        for name, one in value.items():
            if _UNSTORABLE.search(name):
                yield place
            else:
                yield from unstorable(one, (*place, name))


def _is_storable(value: object) -> bool:
    """Whether all of it certainly is: written out at once, much faster than looked through."""
    try:
        return rb"\u0000" not in orjson.dumps(value)
    except TypeError:
        return False


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) <= _LONGEST_NUMBER else _real(digits)


def _real(digits: str) -> float:
    """Raises ValueError for what JSON, or a double, does not know."""
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError("not a number in JSON")
    return value
