"""The slot of homework that is done once, and the next one when it is asked for once more."""

from datetime import datetime

from sqlalchemy import func, or_, select

from app.core.statements import Query, p
from app.homework.models import Occurrence
from app.operation.work import Row, Work
from app.schedules.local import local_day
from app.schedules.slots import Slot

_THERE = Query(
    select(
        Occurrence.slot,
        Occurrence.status,
        Occurrence.opens_at,
        Occurrence.due_at,
        Occurrence.closes_at,
        Occurrence.client_id,
    )
    .where(
        Occurrence.practice_id == p("practice_id"),
        Occurrence.client_id == p("of_client"),
        Occurrence.assignment_id == p("assignment_id"),
        or_(Occurrence.slot == "once", func.starts_with(Occurrence.slot, "once-")),
    )
    .order_by(func.length(Occurrence.slot).desc(), Occurrence.slot.desc())
    .limit(1)
)


async def slot(work: Work, assignment: Row, moment: datetime, *, anew: bool) -> Slot:
    """The slot for the assignment's own window; `anew` where one may be there already.

    One that was answered, or has passed, stays what it was: a window that opens later, or that
    goes on after it has passed, is asked for in a slot of its own.
    """
    opens_at, due_at, closes_at = (assignment[name] for name in ("opens_at", "due_at", "closes_at"))
    key = "once"
    if anew:
        which = {"of_client": assignment["client_id"], "assignment_id": assignment["id"]}
        there = await work.row(_THERE, **which)
        if there is not None:
            key = there["slot"]
            if _asks_again(there, opens_at, closes_at, moment):
                key = f"once-{int(key.partition('-')[2] or 1) + 1}"
    on = local_day(due_at or opens_at, assignment["zone"])
    return Slot(key, on, opens_at, due_at, closes_at)


def _asks_again(
    there: Row, opens_at: datetime, closes_at: datetime | None, moment: datetime
) -> bool:
    if closes_at is not None and closes_at <= moment:
        return False
    if there["status"] in ("submitted", "reviewed"):
        return bool(opens_at > there["opens_at"])
    has_passed = there["closes_at"] is not None and there["closes_at"] <= moment
    return bool(there["status"] == "upcoming" and has_passed)
