"""That practice which needed attention was seen."""

from sqlalchemy import select

from app.access.visible import treated
from app.core.clock import now
from app.core.statements import Query, p
from app.homework import attention_opening, repeating
from app.homework.along import Repetition
from app.operation import preconditions
from app.operation.failures import not_on_care_team
from app.operation.work import Row, Work

_TREATED = Query(
    select(
        Repetition.id,
        Repetition.client_id,
        Repetition.seen_at,
        Repetition.attention_level,
        Repetition.version,
    ).where(Repetition.id == p("id"), treated(Repetition))
)


async def see(work: Work, repetition_id: str) -> Row:
    """It leaves the review queue; seen before, it stays as it is.

    Raises VersionRequired or Stale, and as `work.nothing` does.
    """
    current = await work.row(_TREATED, id=repetition_id)
    if current is None:
        await repeating.get(work, repetition_id)
        raise not_on_care_team()
    if current["seen_at"] is None:
        seen = preconditions.demand(work, current["version"])
        me = work.actor.user_id
        await work.change(Repetition, repetition_id, seen, seen_at=now(), seen_by=me)
        if current["attention_level"] == "urgent":
            await attention_opening.settle(work, Repetition, repetition_id)
        work.tell("homework.repetition_seen", repetition_id, current["client_id"])
    return await repeating.get(work, repetition_id)
