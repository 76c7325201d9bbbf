"""Ids: UUIDv7, made by the application, so that newer rows sort after older ones."""

from datetime import datetime
from typing import Final
from uuid import UUID

import uuid_utils

from app.core import clock

SYSTEM: Final = "00000000-0000-0000-0000-000000000000"
"""The practice that owns what belongs to every practice: the shipped exercises, sign-in audit."""
BEFORE_ALL: Final = SYSTEM
"""No id that is made sorts before it: where what goes on after an id begins."""


def new_id() -> str:
    """A fresh UUIDv7 in its canonical text form."""
    moment = clock.told()
    if moment is None:
        return str(uuid_utils.uuid7())
    return str(uuid_utils.uuid7(nanoseconds=int(moment.timestamp() * 1_000) * 1_000_000))


def first_id(moment: datetime) -> str:
    """The lowest of the ids that are made at `moment` (aware) or later: where a range begins."""
    return str(UUID(int=max(int(moment.timestamp() * 1_000), 0) << 80))


def is_id(text: str) -> bool:
    """Whether `text` is an id in canonical form: lower case, with hyphens."""
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
