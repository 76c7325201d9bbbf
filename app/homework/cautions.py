"""What a therapist should know before a topic is brought up: a hook for the rooms above.

A client sets boundaries on topics; whoever keeps them registers how to look them up.
"""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Final

from app.operation.work import Row, Work


@dataclass(frozen=True, slots=True)
class Caution:
    """One open boundary on a topic; `code` is `room.reason`, `detail` a sentence for staff."""

    topic_id: str
    code: str
    detail: str


Look = Callable[[Work, str, Collection[str]], Awaitable[list[Caution]]]
"""Given the work, a client and topics of theirs: the cautions on these, in one statement."""

_LOOKS: Final[list[Look]] = []


def about_topics(look: Look) -> Look:
    """Register who knows of cautions on topics."""
    _LOOKS.append(look)
    return look


async def add(work: Work, client_id: str, rows: list[Row]) -> list[Row]:
    """Give each assignment of one client its `warnings`; a look a list, however long it is."""
    named = {topic for row in rows for topic in row["topics"]}
    found = [one for look in _LOOKS for one in await look(work, client_id, named)] if named else []
    for row in rows:
        row["warnings"] = [
            {"topic_id": one.topic_id, "code": one.code, "detail": one.detail}
            for one in found
            if one.topic_id in row["topics"]
        ]
    return rows
