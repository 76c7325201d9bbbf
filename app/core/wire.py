"""What crosses the wire: the base of every input and output, text types, and JSON responses."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import Annotated, Any, ClassVar, Final, Generic, TypeVar
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)
from starlette.responses import Response

from app.core import locales, zones
from app.core.database import encoded

Item = TypeVar("Item")


class Input(BaseModel):
    """What callers send. Unknown members are refused.

    `checked_apart` names members whose elements the endpoint checks one by one, so that what is
    wrong with one of them is said of that one.
    """

    checked_apart: ClassVar[frozenset[str]] = frozenset()
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Output(BaseModel):
    """What callers get. It has no defaults, so that nothing is left out by accident."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Page(Output, Generic[Item]):
    """A page of a list. `next` is the cursor of the following page, null on the last."""

    items: list[Item]
    next: str | None


def _clean(text: str) -> str:
    if "\x00" in text:
        raise ValueError("text cannot hold the NUL character")
    return text


_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT: Final = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]")


def _written_day(value: object) -> object:
    if isinstance(value, date) or (isinstance(value, str) and _DAY.fullmatch(value)):
        return value
    raise ValueError("a day is written as 2026-03-01")


def _written_moment(value: object) -> object:
    if isinstance(value, datetime) or (isinstance(value, str) and _MOMENT.match(value)):
        return value
    raise ValueError("an instant is written as 2026-03-01T09:00:00+01:00")


def _in_reach(value: datetime) -> datetime:
    if not 1900 <= value.year < 2200:
        raise ValueError("an instant here lies in the years 1900 to 2199")
    return value


class Unordered:
    """Marks a list (`Annotated[list[…], UNORDERED]`) that says the same in any order."""


UNORDERED: Final = Unordered()


def unchanged() -> Any:
    """The default of a field that PATCH may leave out and can never clear: null is refused."""
    return None


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


WHOLE: Final = BeforeValidator(_whole)
"""Beside `Field(strict=True)` of a whole number: JSON knows one kind of number, and 2.0 is 2."""
Id = UUID
"""An id: a UUID, best in its canonical form."""
Day = Annotated[date, BeforeValidator(_written_day)]
"""A day, without a time; a bare number is not one."""
Moment = Annotated[AwareDatetime, BeforeValidator(_written_moment), AfterValidator(_in_reach)]
"""An instant with its offset, in the years 1900 to 2199; a bare number is not one."""
Line = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200, strip_whitespace=True),
    AfterValidator(_clean),
]
"""A short text: a name, a title."""
Words = Annotated[str, StringConstraints(min_length=1, max_length=10_000), AfterValidator(_clean)]
"""A longer text, kept as it was written."""
Zone = Annotated[str, StringConstraints(max_length=64), AfterValidator(zones.canonical)]
"""An IANA time zone name; an older one is read as the one it has now."""


def _or_none(value: object, read: ValidatorFunctionWrapHandler) -> Any:
    try:
        return read(value)
    except ValidationError:
        return None


MaybeZone = Annotated[Zone | None, WrapValidator(_or_none)]
"""The same; one that is not known is as if none was said."""
KNOWN_ZONE: Final = TypeAdapter[str | None](MaybeZone)
Locale = Annotated[
    str,
    StringConstraints(pattern=locales.TAG, max_length=locales.LONGEST),
    AfterValidator(locales.canonical),
]
"""A language tag as BCP 47 writes it, such as en, pt-BR, es-419 or zh-Hans."""
ClientKey = Annotated[str, StringConstraints(pattern=r"^[!-~]{8,100}$")]
"""A key the client's device makes, once for each thing it creates: 8 to 100 visible characters."""
Version = Annotated[int, Field(ge=1, description="usable as If-Match")]


def json(
    value: object,
    *,
    status: int = 200,
    version: int | None = None,
    location: str | None = None,
    at: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A JSON response: `version` becomes its ETag, `location` a new thing's address.

    `at` is the address a representation can be read at again (Content-Location).
    """
    sent: dict[str, str] = dict(headers or {})
    if version is not None:
        sent["etag"] = f'"v{version}"'
    if location is not None:
        sent["location"] = location
    if at is not None:
        sent["content-location"] = at
    return Response(encoded(value), status, sent, "application/json")


class Several(Response):
    """Things that were made at once; `addresses` are where each can be read again."""

    addresses: Sequence[str] = ()


def several(items: list[Any], addresses: Sequence[str]) -> Response:
    """The 201 for things that were made at once, `items`, each with an address of its own."""
    made = Several(encoded({"items": items}), 201, media_type="application/json")
    made.addresses = addresses
    return made


def hashed(value: object) -> Response:
    """A read model as JSON, with a hash of it as its ETag: it has no version, and is compared."""
    body = encoded(value)
    return Response(body, 200, {"etag": _weak_tag(body)}, "application/json")


def page(items: list[Any], cursor: str | None, link: str | None = None) -> Response:
    """A page of a list, with a hash of it as its ETag and the next page as its Link."""
    body = encoded({"items": items, "next": cursor})
    headers = {"etag": _weak_tag(body)}
    if cursor is not None and link is not None:
        headers["link"] = f'<{link}>; rel="next"'
    return Response(body, 200, headers, "application/json")


def content_hash(body: bytes) -> str:
    """Return a short hash of a representation, for its ETag."""
    return sha256(body).hexdigest()[:16]


def _weak_tag(body: bytes) -> str:
    return f'W/"{content_hash(body)}"'
