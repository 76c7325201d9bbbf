"""Occurrences as their client sees them, and today."""

from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Date, Integer, and_, case, func, or_, select

from app.access.practice import Practice
from app.access.visible import own
from app.core.clock import now
from app.core.database import Instant
from app.core.errors import BadRequest
from app.core.statements import Query, p
from app.homework import agreeing, assignments
from app.homework.models import Assignment, Occurrence, Submission
from app.operation.work import Row, Work
from app.practices import help as crisis_help
from app.sessions.models import Session

MOST_DAYS: Final = 28

STATE: Final = case(
    (Occurrence.status != "upcoming", Occurrence.status),
    (Occurrence.opens_at > func.now(), "upcoming"),
    (and_(Occurrence.closes_at.is_not(None), Occurrence.closes_at <= func.now()), "no_response"),
    else_="open",
).label("state")

_JOINED: Final = and_(
    Assignment.practice_id == Occurrence.practice_id,
    Assignment.client_id == Occurrence.client_id,
    Assignment.id == Occurrence.assignment_id,
)
_SENT: Final = and_(
    Submission.practice_id == Occurrence.practice_id,
    Submission.client_id == Occurrence.client_id,
    Submission.occurrence_id == Occurrence.id,
    Submission.withdrawn_at.is_(None),
)
_SLOT: Final = (
    select(
        Occurrence.id,
        Occurrence.local_on,
        Occurrence.opens_at,
        Occurrence.due_at,
        Occurrence.closes_at,
        Occurrence.remind_at,
        Occurrence.version,
        STATE,
        Assignment.words,
        Assignment.id.label("assignment_id"),
        Assignment.client_id.label("_client_id"),
        Assignment.exercise_version_id,
        Submission.id.label("submission_id"),
    )
    .select_from(Occurrence)
    .join(Assignment, _JOINED)
    .outerjoin(Submission, _SENT)
    .where(own(Occurrence), own(Assignment))
)
_ONE = Query(_SLOT.where(Occurrence.id == p("id")))
_LIST = Query(
    _SLOT.where(
        Occurrence.local_on.between(p("first_on", Date()), p("last_on", Date())),
        Occurrence.id < p("after"),
    )
    .order_by(Occurrence.id.desc())
    .limit(p("limit", Integer()))
)
_OPEN = Query(
    _SLOT.where(
        Occurrence.status == "upcoming",
        Occurrence.opens_at < p("day_ends_at", Instant()),
        or_(Occurrence.closes_at.is_(None), Occurrence.closes_at > func.now()),
        Assignment.status == "active",
    )
    .order_by(Occurrence.due_at.asc().nulls_last(), Occurrence.id)
    .limit(100)
)
_PROPOSED = Query(
    select(*assignments.MINE)
    .where(own(Assignment), Assignment.status == "proposed")
    .order_by(Assignment.id.desc())
    .limit(25)
)
_AROUND = Query(
    select(
        Practice.crisis_resources,
        select(func.min(Session.starts_at))
        .where(own(Session), Session.attendance == "scheduled", Session.starts_at > func.now())
        .scalar_subquery()
        .label("next_session_at"),
    ).where(Practice.practice_id == p("practice_id"))
)


async def get(work: Work, occurrence_id: str) -> Row:
    """One slot. Raises NotFound."""
    row = await work.row(_ONE, id=occurrence_id)
    if row is None:
        await work.nothing(Occurrence, occurrence_id)
    return _shape(row)


async def list_of(work: Work, *, first_on: Any, last_on: Any, after: str, limit: int) -> list[Row]:
    """The slots of these local days, one past the limit.

    Raises BadRequest when the days are the wrong way round or more than 28.
    """
    if not timedelta(0) <= last_on - first_on < timedelta(days=MOST_DAYS):
        raise BadRequest(
            "homework.days", f"Ask for `from` to `to`, at most {MOST_DAYS} days, in that order."
        )
    rows = await work.rows(_LIST, first_on=first_on, last_on=last_on, after=after, limit=limit + 1)
    return [_shape(row) for row in rows]


async def today(work: Work, zone: str) -> Row:
    """What is open now and later today in `zone`, what waits for an answer, and where help is."""
    here = ZoneInfo(zone)
    moment = now()
    on = moment.astimezone(here).date()
    day_ends_at = datetime.combine(on + timedelta(days=1), time(), here)
    slots = await work.rows(_OPEN, day_ends_at=day_ends_at)
    proposed = await work.rows(_PROPOSED)
    around: Any = await work.row(_AROUND)
    turns = [day_ends_at, *(at for row in slots for at in _turns(row) if at > moment)]
    return {
        "on": on,
        "zone": zone,
        "open": [_shape(row) for row in slots],
        "proposed": [agreeing.shape(row) for row in proposed],
        "next_session_at": around["next_session_at"],
        "valid_until": min(turns),
        "help": crisis_help.shown(around["crisis_resources"]),
    }


def _turns(row: Row) -> list[datetime]:
    return [at for at in (row["opens_at"], row["due_at"], row["closes_at"]) if at is not None]


def _shape(row: Row) -> Row:
    for inner in ("_client_id", "rationale", "instructions"):
        del row[inner]
    return row
