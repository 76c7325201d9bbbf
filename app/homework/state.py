"""What state a slot is in: kept where somebody did something, read off the clock otherwise."""

from datetime import timedelta
from typing import Final

from sqlalchemy import ColumnElement, Interval, and_, case, func, literal, or_, select

from app.homework.models import Assignment, Occurrence
from app.rests.models import RestPeriod

# While it is upcoming, the moment it opens is asked for; while it is open, this one; and once it
# closed, its last: a slot whose window ended in a time of rest stays excused.
_MOMENT: Final = func.greatest(
    Occurrence.opens_at,
    func.least(func.now(), Occurrence.closes_at - literal(timedelta(microseconds=1), Interval())),
)
RESTED: Final[ColumnElement[bool]] = (
    select(RestPeriod.id)
    .where(
        RestPeriod.practice_id == Occurrence.practice_id,
        RestPeriod.client_id == Occurrence.client_id,
        or_(
            RestPeriod.assignment_id.is_(None),
            RestPeriod.assignment_id == Occurrence.assignment_id,
        ),
        RestPeriod.starts_at <= _MOMENT,
        or_(RestPeriod.ends_at.is_(None), RestPeriod.ends_at > _MOMENT),
    )
    .correlate(Occurrence)
    .exists()
)
"""A rest period of the client, or a pause of the assignment, covers the slot."""

STATE: Final = case(
    (Occurrence.status != "upcoming", Occurrence.status),
    (RESTED, "excused"),
    (and_(Occurrence.closes_at.is_not(None), Occurrence.closes_at <= func.now()), "no_response"),
    (or_(Occurrence.opens_at.is_(None), Occurrence.opens_at > func.now()), "upcoming"),
    else_="open",
).label("state")
"""upcoming, open, no_response, submitted, reviewed, excused or cancelled."""

STATE_TO_STAFF: Final = case(
    (
        and_(
            Occurrence.status == "upcoming",
            or_(Assignment.status == "done", Assignment.status == "ended"),
            or_(Occurrence.closes_at.is_(None), Occurrence.closes_at > Assignment.changed_at),
        ),
        "cancelled",
    ),
    else_=STATE,
).label("state")
"""The same for staff, the slot's assignment beside it: when that ends, what holds a draft stays
open to its client, and is called off like the others to whoever may not know of drafts."""
