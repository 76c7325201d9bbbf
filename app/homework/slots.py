"""Occurrences as their client sees them, and today."""

from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Date, Integer, and_, case, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY

from app.access.practice import Practice
from app.access.visible import own
from app.core.clock import now
from app.core.database import Instant
from app.core.errors import BadRequest
from app.core.ids import BEFORE_ALL
from app.core.statements import UUID_TEXT, Query, p
from app.homework import agreeing, assignments, planning, sizes
from app.homework.along import Repetition
from app.homework.models import Assignment, Occurrence, Submission, SubmissionVersion
from app.homework.state import RESTED, STATE
from app.operation.work import Row, Work
from app.practices import help as crisis_help
from app.rests.models import RestPeriod
from app.sessions.models import Session

MOST_DAYS: Final = 28
LATELY_DAYS: Final = 14

OF_ASSIGNMENT: Final = and_(
    Assignment.practice_id == Occurrence.practice_id,
    Assignment.client_id == Occurrence.client_id,
    Assignment.id == Occurrence.assignment_id,
)
SENT: Final = and_(
    Submission.practice_id == Occurrence.practice_id,
    Submission.client_id == Occurrence.client_id,
    Submission.occurrence_id == Occurrence.id,
    Submission.withdrawn_at.is_(None),
)
# What was sent keeps the version it answers, whatever the assignment goes on with.
_VERSION: Final = case(
    (Submission.id.is_(None), Assignment.exercise_version_id),
    else_=select(SubmissionVersion.exercise_version_id)
    .where(
        SubmissionVersion.practice_id == Submission.practice_id,
        SubmissionVersion.client_id == Submission.client_id,
        SubmissionVersion.submission_id == Submission.id,
        SubmissionVersion.number == Submission.number,
    )
    .scalar_subquery(),
).label("exercise_version_id")
_SLOT: Final = (
    select(
        Occurrence.id,
        Occurrence.local_on,
        Occurrence.opens_at,
        Occurrence.due_at,
        Occurrence.closes_at,
        Occurrence.remind_at,
        Occurrence.drafted_at,
        Occurrence.version,
        STATE,
        Assignment.words,
        Assignment.id.label("assignment_id"),
        Assignment.client_id.label("_client_id"),
        _VERSION,
        Assignment.size,
        Assignment.step,
        Submission.id.label("submission_id"),
    )
    .select_from(Occurrence)
    .join(Assignment, OF_ASSIGNMENT)
    .outerjoin(Submission, SENT)
    .where(own(Occurrence), own(Assignment))
)
_ONE = Query(_SLOT.where(Occurrence.id == p("id")))
_SEVERAL = Query(_SLOT.where(Occurrence.id == p("ids", ARRAY(UUID_TEXT)).any_()))
_LIST = Query(
    _SLOT.where(
        Occurrence.local_on.between(p("first_on", Date()), p("last_on", Date())),
        tuple_(Occurrence.local_on, Occurrence.id) > tuple_(p("after_on", Date()), p("after")),
    )
    .order_by(Occurrence.local_on, Occurrence.id)
    .limit(p("limit", Integer()))
)
_OPEN = Query(
    _SLOT.where(
        Occurrence.status == "upcoming",
        Occurrence.opens_at < p("day_ends_at", Instant()),
        or_(Occurrence.closes_at.is_(None), Occurrence.closes_at > func.now()),
        Assignment.status == "active",
        ~RESTED,
    )
    .order_by(Occurrence.due_at.asc().nulls_last(), Occurrence.id)
    .limit(100)
)
_ON_DEMAND = and_(Assignment.status == "active", Assignment.schedule["kind"].astext == "on_demand")
_WAITING = Query(
    select(*assignments.MINE)
    .where(own(Assignment), or_(Assignment.status == "proposed", _ON_DEMAND))
    .order_by(Assignment.id.desc())
    .limit(100)
)
_MINE_TO_PLAN = Query(
    select(*planning.PLANNED)
    .where(own(Assignment), Assignment.status == "active", Assignment.planned_through.is_not(None))
    .order_by(Assignment.id)
    .limit(100)
    .with_for_update(**planning.HELD)
)
_LATELY = func.now() - timedelta(days=LATELY_DAYS)
_AROUND = Query(
    select(
        Practice.crisis_resources,
        select(func.count())
        .where(
            own(Submission),
            Submission.withdrawn_at.is_(None),
            Submission.outcome != "not_ready",
            Submission.created_at > _LATELY,
        )
        .scalar_subquery()
        .label("done"),
        select(func.coalesce(func.sum(Repetition.times), 0))
        .where(own(Repetition), Repetition.received_at > _LATELY)
        .scalar_subquery()
        .label("repeated"),
        select(RestPeriod.id)
        .where(
            own(RestPeriod),
            RestPeriod.assignment_id.is_(None),
            RestPeriod.starts_at <= func.now(),
            or_(RestPeriod.ends_at.is_(None), RestPeriod.ends_at > func.now()),
        )
        .exists()
        .label("resting"),
        select(func.min(Assignment.planned_through))
        .where(own(Assignment), Assignment.status == "active")
        .scalar_subquery()
        .label("planned_through"),
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
    return _shape(work, row)


async def several(work: Work, ids: list[str]) -> list[Row]:
    """Those of the client's own slots that have these ids."""
    return [_shape(work, row) for row in await work.rows(_SEVERAL, ids=ids)]


async def list_of(
    work: Work, *, first_on: date, last_on: date, place: str | None, limit: int
) -> list[Row]:
    """The slots of these local days, by day, one past the limit.

    Raises BadRequest when the days are the wrong way round or more than 28.
    """
    if not timedelta(0) <= last_on - first_on < timedelta(days=MOST_DAYS):
        raise BadRequest(
            "homework.days", f"Ask for `from` to `to`, at most {MOST_DAYS} days, in that order."
        )
    on, _, after = (place or f"{date.min}:{BEFORE_ALL}").partition(":")
    rows = await work.rows(
        _LIST,
        first_on=first_on,
        last_on=last_on,
        after_on=date.fromisoformat(on),
        after=after,
        limit=limit + 1,
    )
    return [_shape(work, row) | {"place": f"{row['local_on']}:{row['id']}"} for row in rows]


async def today(work: Work, zone: str) -> Row:
    """What is open now and later today in `zone`, what waits for an answer, and where help is."""
    here = ZoneInfo(zone)
    moment = now()
    on = moment.astimezone(here).date()
    day_ends_at = datetime.combine(on + timedelta(days=1), time(), here)
    slots = await work.rows(_OPEN, day_ends_at=day_ends_at)
    waiting = await work.rows(_WAITING)
    around: Any = await work.row(_AROUND)
    if planning.is_behind(around["planned_through"], moment, zone):
        await _catch_up(work)
        slots = await work.rows(_OPEN, day_ends_at=day_ends_at)
    turns = [day_ends_at, *(at for row in slots for at in _turns(row) if at > moment)]
    shown = [_shape(work, row) for row in _one_of_each(slots)]
    is_open = [row for row in shown if row["state"] == "open"]
    return {
        "on": on,
        "zone": zone,
        "open": is_open,
        "later_today": [row for row in shown if row["state"] == "upcoming"],
        "resting": around["resting"],
        "next_step": _next_step(is_open),
        "proposed": [agreeing.shape(row) for row in waiting if row["status"] == "proposed"],
        "on_demand": [agreeing.shape(row) for row in waiting if row["status"] == "active"],
        "practised": {
            "days": LATELY_DAYS,
            "sent": around["done"],
            "repetitions": around["repeated"],
        },
        "next_session_at": around["next_session_at"],
        "valid_until": min(turns),
        "help": crisis_help.shown(around["crisis_resources"]),
    }


def _one_of_each(slots: list[Row]) -> list[Row]:
    """Where any days of a week will do, all of its slots are open: one of them is enough to see."""
    found: dict[tuple[str, Any, Any], Row] = {}
    for slot in slots:
        found.setdefault((slot["assignment_id"], slot["opens_at"], slot["closes_at"]), slot)
    return list(found.values())


def _next_step(slots: list[Row]) -> Row | None:
    """One small thing to begin with: what is open now and due first, in its smallest version."""
    if not slots:
        return None
    slot = slots[0]
    return {
        "occurrence_id": slot["id"],
        "title": slot["title"],
        "minimum_version": slot["minimum_version"],
        "step_text": slot["step_text"],
    }


async def _catch_up(work: Work) -> None:
    """Plan what the worker has not come to: a client's day does not wait for it."""
    await planning.each(work, await work.rows(_MINE_TO_PLAN), planning.plan)


def _turns(row: Row) -> list[datetime]:
    return [at for at in (row["opens_at"], row["due_at"], row["closes_at"]) if at is not None]


def _shape(work: Work, row: Row) -> Row:
    if work.actor.capacity != "self":
        row["drafted_at"] = None
    # An app sets its own alarm by this: none for what is answered, excused or over.
    if row["state"] not in ("upcoming", "open"):
        row["remind_at"] = None
    row["step_text"] = sizes.step_text(row)
    for inner in ("_client_id", "rationale", "instructions", "steps"):
        row.pop(inner, None)
    return row
