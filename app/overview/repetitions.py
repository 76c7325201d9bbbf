"""Repetitions as the client's therapists read them, and that one was seen."""

from typing import Any, Final

from sqlalchemy import and_, select

from app.access.visible import readable, treated
from app.core.clock import now
from app.core.statements import Query, p
from app.homework.along import Repetition
from app.library.models import ExerciseVersion
from app.operation import preconditions
from app.operation.failures import not_on_care_team
from app.operation.work import Row, Work
from app.overview import showing

_COLUMNS: Final[tuple[Any, ...]] = (
    Repetition.id,
    Repetition.client_id,
    Repetition.assignment_id,
    Repetition.occurrence_id,
    Repetition.exercise_version_id,
    showing.EXERCISE,
    Repetition.times,
    Repetition.minutes,
    Repetition.distress_before,
    Repetition.distress_after,
    Repetition.obstacles,
    Repetition.note,
    Repetition.needs_attention,
    Repetition.occurred_at,
    Repetition.received_at,
    Repetition.zone,
    Repetition.capacity.label("sent_by"),
    Repetition.seen_at,
    Repetition.version,
)


def _one(ground: Any) -> Query:
    return Query(
        select(*_COLUMNS)
        .join(ExerciseVersion, showing.version_of(Repetition))
        .where(and_(Repetition.id == p("id"), ground))
    )


_READ = _one(readable(Repetition))
_TREATED = _one(treated(Repetition))


async def get(work: Work, repetition_id: str) -> Row:
    """One repetition, for staff who may read it. Raises as `work.nothing` does."""
    row = await work.row(_READ, id=repetition_id)
    if row is None:
        await work.nothing(Repetition, repetition_id)
    return row


async def see(work: Work, repetition_id: str) -> Row:
    """That it was seen; seen before, it stays as it is.

    Raises VersionRequired or Stale, and as `work.nothing` does.
    """
    current = await work.row(_TREATED, id=repetition_id)
    if current is None:
        await get(work, repetition_id)
        raise not_on_care_team()
    if current["seen_at"] is not None:
        return current
    seen = preconditions.demand(work, current["version"])
    await work.change(Repetition, repetition_id, seen, seen_at=now(), seen_by=work.actor.user_id)
    work.tell("homework.repetition_seen", repetition_id, current["client_id"])
    return await get(work, repetition_id)
