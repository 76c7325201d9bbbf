"""Client keys: what a device created once is stored once, for as long as the thing lives."""

from hashlib import sha256
from typing import Any

import orjson
from pydantic import BaseModel

from app.core.database import encoded
from app.core.errors import Invalid


def digest(client_id: str, asked: BaseModel, *, about: str) -> bytes:
    """The canonical hash of what the client itself said, for the thing `about` names.

    When it was sent is not a part of that: a second try is sent later and says the same.
    """
    said = {name: value for name, value in asked if name != "sent_at"}
    canonical = orjson.dumps(said, default=_members, option=orjson.OPT_SORT_KEYS)
    return sha256(f"{client_id}\n{about}\n".encode() + canonical).digest()


def _members(value: object) -> dict[str, Any]:
    if isinstance(value, BaseModel):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no canonical form")


def demand_same(stored: bytes, given: bytes, receipt: dict[str, Any]) -> None:
    """Raises Invalid `client_key.other_body`, with the stored receipt, for another body."""
    if stored != given:
        raise Invalid(
            "client_key.other_body",
            "This client_key came with other content before, which is stored. Use a fresh key.",
            receipt=orjson.loads(encoded(receipt)),
        )
