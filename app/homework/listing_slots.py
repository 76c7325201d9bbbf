"""An assignment's slots as its therapist sees them: when each is, and what has become of it."""

from datetime import date, timedelta
from typing import Final

from sqlalchemy import Date, Integer, select, tuple_

from app.access.visible import readable
from app.core.errors import BadRequest
from app.core.ids import BEFORE_ALL
from app.core.statements import Query, p
from app.homework import assignments
from app.homework.models import Assignment, Occurrence
from app.homework.slot_entries import ENTRY, GUARDIAN_SUBMISSION
from app.homework.slots import OF_ASSIGNMENT
from app.homework.state import STATE_TO_STAFF
from app.operation.work import Row, Work

MOST_DAYS: Final = 366

# That something is begun and not sent is the client's own to know.
_LIST = Query(
    select(
        Occurrence.id,
        Occurrence.client_id,
        Occurrence.local_on,
        Occurrence.opens_at,
        Occurrence.due_at,
        Occurrence.closes_at,
        Occurrence.session_id,
        Occurrence.is_extra,
        STATE_TO_STAFF,
        ENTRY.label("submission_id"),
        GUARDIAN_SUBMISSION,
    )
    .select_from(Assignment)
    .join(Occurrence, OF_ASSIGNMENT)
    .where(
        Assignment.id == p("assignment_id"),
        readable(Assignment),
        Occurrence.local_on.between(p("first_on", Date()), p("last_on", Date())),
        tuple_(Occurrence.local_on, Occurrence.id) > tuple_(p("after_on", Date()), p("after")),
    )
    .order_by(Occurrence.local_on, Occurrence.id)
    .limit(p("limit", Integer()))
)


async def list_of(
    work: Work, assignment_id: str, *, first_on: date, last_on: date, place: str | None, limit: int
) -> list[Row]:
    """The slots of these local days, by day, one past the limit.

    Raises BadRequest when the days are the wrong way round or more than 366, and as
    `assignments.get` does.
    """
    if not timedelta(0) <= last_on - first_on < timedelta(days=MOST_DAYS):
        raise BadRequest(
            "homework.days", f"Ask for `from` to `to`, at most {MOST_DAYS} days, in that order."
        )
    on, _, after = (place or f"{date.min}:{BEFORE_ALL}").partition(":")
    rows = await work.rows(
        _LIST,
        assignment_id=assignment_id,
        first_on=first_on,
        last_on=last_on,
        after_on=date.fromisoformat(on),
        after=after,
        limit=limit + 1,
    )
    if not rows:
        await assignments.get(work, assignment_id)
    for row in rows:
        del row["client_id"]
        row["place"] = f"{row['local_on']}:{row['id']}"
    return rows
