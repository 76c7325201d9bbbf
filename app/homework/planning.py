"""The slots of an assignment: when it is to be done. Here: once."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.core.clock import now
from app.core.ids import new_id
from app.core.statements import Query, p
from app.homework.models import Assignment, Occurrence
from app.operation.work import Row, Work

_SLOTS = Query(
    select(Occurrence.id, Occurrence.version, Occurrence.client_id).where(
        Occurrence.practice_id == p("practice_id"),
        Occurrence.client_id == p("of_client"),
        Occurrence.assignment_id == p("assignment_id"),
        Occurrence.status == "upcoming",
        Occurrence.opens_at > p("moment", Assignment.opens_at.type),
    )
)


def local_day(moment: datetime, zone: str) -> date:
    """The date it is at `moment` in that zone."""
    return moment.astimezone(ZoneInfo(zone)).date()


async def add_slot(work: Work, assignment: Row) -> None:
    """The one slot of homework that is done once; a second time there is one already."""
    anchor = assignment["due_at"] or assignment["opens_at"]
    await work.add(
        Occurrence,
        unless=("practice_id", "assignment_id", "slot"),
        id=new_id(),
        client_id=assignment["client_id"],
        assignment_id=assignment["id"],
        slot="once",
        local_on=local_day(anchor, assignment["zone"]),
        opens_at=assignment["opens_at"],
        due_at=assignment["due_at"],
        closes_at=assignment["closes_at"],
    )


async def move_slots(work: Work, current: Row, values: Row) -> None:
    """Give the upcoming slots a new window; those open, answered or past stay as they are."""
    if current["status"] not in ("active", "paused"):
        return
    anchor = values["due_at"] or values["opens_at"]
    for slot in await work.rows(
        _SLOTS, of_client=current["client_id"], assignment_id=current["id"], moment=now()
    ):
        await work.alter(
            Occurrence,
            slot["id"],
            opens_at=values["opens_at"],
            due_at=values["due_at"],
            closes_at=values["closes_at"],
            local_on=local_day(anchor, current["zone"]),
        )
