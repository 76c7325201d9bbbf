"""Keyset pages: a cursor is the last row's place, signed for the list it came from."""

import base64
import hmac
from typing import Final

from app.core.errors import BadRequest

_TAG: Final = 12


def make(secret: bytes, listing: str, place: str) -> str:
    """The cursor that continues `listing` (its address and filters) after `place`."""
    body = place.encode()
    return base64.urlsafe_b64encode(_tag(secret, listing, body) + body).decode().rstrip("=")


_FIRST_PAGE: Final = "This cursor does not continue this list. Ask for the first page again."


def read(
    secret: bytes, listing: str, cursor: str | None, *, otherwise: str = _FIRST_PAGE
) -> str | None:
    """The place a cursor continues after; None without one.

    Raises BadRequest `paging.cursor` for one that was altered or belongs to another list, which
    says `otherwise`: what to do instead.
    """
    if cursor is None:
        return None
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        place = raw[_TAG:].decode()
    except ValueError:
        raise refused(otherwise) from None
    if not hmac.compare_digest(raw[:_TAG], _tag(secret, listing, raw[_TAG:])):
        raise refused(otherwise)
    return place


def refused(detail: str = _FIRST_PAGE) -> BadRequest:
    return BadRequest("paging.cursor", detail)


def _tag(secret: bytes, listing: str, body: bytes) -> bytes:
    return hmac.digest(secret, listing.encode() + b"\x00" + body, "sha256")[:_TAG]
