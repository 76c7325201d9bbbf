"""Items that point at each other by key: which comes first, and what a key stands for."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Text, select, union_all
from sqlalchemy.dialects.postgresql import ARRAY

from app.access.visible import ME, own
from app.core.statements import Query, p
from app.homework.along import Question, Repetition
from app.homework.models import Assignment, SubmissionVersion
from app.operation import meaning
from app.operation.work import Work
from app.rests.models import RestPeriod
from app.sync.schemas import SyncItem

_KEYS = p("keys", ARRAY(Text())).any_()
_SENDERS: Final[tuple[tuple[Any, Any, Any], ...]] = (
    (SubmissionVersion, SubmissionVersion.submission_id, SubmissionVersion.by_user_id),
    (Assignment, Assignment.id, Assignment.assigned_by),
    (Repetition, Repetition.id, Repetition.by_user_id),
    (RestPeriod, RestPeriod.id, RestPeriod.started_by),
)


def _stored(capacity: str) -> Query:
    """One look each, by the unique key of client and client_key. What somebody else's device made
    a guardian does not point at."""
    looks = [
        select(table.client_key, made.label("id")).where(
            own(table),
            table.client_key == _KEYS,
            *([sender.is_not_distinct_from(ME)] if capacity == "guardian" else []),
        )
        for table, made, sender in _SENDERS
    ]
    questions = select(Question.client_key, Question.id).where(
        own(Question), Question.client_key == _KEYS
    )
    return Query(union_all(*looks, questions))


_STORED: Final = {capacity: _stored(capacity) for capacity in ("self", "guardian")}


async def stored(work: Work, keys: Sequence[str | None]) -> dict[str, str]:
    """The ids of what was made under these keys before this batch."""
    wanted = sorted({key for key in keys if key is not None})
    if not wanted:
        return {}
    return {
        row["client_key"]: row["id"]
        for row in await work.rows(_STORED[work.actor.capacity], keys=wanted)
    }


def overtaken(items: Sequence[SyncItem | None], stored: Mapping[str, str]) -> dict[int, bool]:
    """The places of drafts that come again with what was sent of their slot after them, and was
    stored before this batch: they ended with it, and do not begin anew. Of each, whether all that
    it says was sent."""
    sent = {
        item.about_id: place
        for place, item in enumerate(items)
        if item is not None and item.kind == "submission" and item.client_key in stored
    }
    return {
        place: _answers(item) == _answers(items[sent[item.about_id]])
        for place, item in enumerate(items)
        if item is not None and item.kind == "draft" and place < sent.get(item.about_id, 0)
    }


def _answers(item: SyncItem | None) -> object:
    return meaning.canonical(item.body.get("answers")) if item else None


def in_order(items: Sequence[SyncItem | None]) -> Iterator[int]:
    """The places of the items, each after the one it points at, else as they were sent.

    Items that point at each other in a circle come in the order they were sent.
    """
    first: dict[str, int] = {}
    for number, item in enumerate(items):
        if item is not None:
            first.setdefault(item.client_key, number)
    done: set[int] = set()
    for start in range(len(items)):
        path: list[int] = []
        place: int | None = start
        while place is not None and place not in done and place not in path:
            path.append(place)
            item = items[place]
            place = first.get(item.about_key) if item is not None and item.about_key else None
        for one in reversed(path):
            done.add(one)
            if items[one] is not None:
                yield one
