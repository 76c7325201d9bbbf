"""Keyset pages: a cursor is the last row's place, sealed for the list it came from.

A place holds the values the list is sorted by, names among them: so it is sealed (AES-SIV), which
hides it, shows any change, and gives the same cursor for the same place.
"""

import base64
from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from app.core.errors import BadRequest

_FIRST_PAGE: Final = "This cursor does not continue this list. Ask for the first page again."


def make(secret: bytes, listing: str, place: str) -> str:
    """The cursor that continues `listing` (its address and filters) after `place`.

    `secret` is 32 bytes.
    """
    sealed = _sealer(secret).encrypt(place.encode(), [listing.encode()])
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


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
        sealed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        return _sealer(secret).decrypt(sealed, [listing.encode()]).decode()
    except (ValueError, InvalidTag):
        raise refused(otherwise) from None


def refused(detail: str = _FIRST_PAGE) -> BadRequest:
    """The refusal of a cursor."""
    return BadRequest("paging.cursor", detail)


@lru_cache(maxsize=8)
def _sealer(secret: bytes) -> AESSIV:
    return AESSIV(secret)
