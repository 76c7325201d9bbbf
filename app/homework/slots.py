"""Occurrences as their client sees them, and today."""

from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Date, Integer, and_, cast, func, null, or_, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY

from app.access.practice import Practice
from app.access.visible import own
from app.clients.default_visibility import HAS_GUARDIANS, default
from app.core.clock import now
from app.core.database import Instant
from app.core.errors import BadRequest
from app.core.ids import BEFORE_ALL
from app.core.statements import UUID_TEXT, Query, p
from app.homework import agreeing, assignments, planning, sizes
from app.homework.along import Repetition
from app.homework.models import Assignment, Occurrence, Submission
from app.homework.slot_entries import (
    CLIENTS_ENTRY,
    CLIENTS_VERSION_OF_IT,
    GUARDIANS_ENTRY,
    GUARDIANS_VERSION_OF_IT,
    STATES,
    UNANSWERED,
    leads,
)
from app.homework.state import RESTED
from app.homework.visibility import NOTHING
from app.operation.work import Row, Work
from app.practices import help as crisis_help
from app.rests.models import RestPeriod
from app.schedules.local import local_day, midnight_after
from app.sessions.models import Session

MOST_DAYS: Final = 28
LATELY_DAYS: Final = 14

OF_ASSIGNMENT: Final = and_(
    Assignment.practice_id == Occurrence.practice_id,
    Assignment.client_id == Occurrence.client_id,
    Assignment.id == Occurrence.assignment_id,
)


def _slot(state: Any, version_id: Any, submission_id: Any) -> Any:
    return (
        select(
            Occurrence.id,
            Occurrence.local_on,
            Occurrence.opens_at,
            Occurrence.due_at,
            Occurrence.closes_at,
            Occurrence.remind_at,
            Occurrence.drafted_at,
            Occurrence.version,
            state,
            Assignment.words,
            Assignment.id.label("assignment_id"),
            Assignment.client_id.label("_client_id"),
            version_id.label("exercise_version_id"),
            Assignment.size,
            Assignment.step,
            submission_id.label("submission_id"),
        )
        .select_from(Occurrence)
        .join(Assignment, OF_ASSIGNMENT)
        .where(own(Occurrence), own(Assignment))
    )


_SLOTS: Final = {
    # What was sent keeps the version it answers, whatever the assignment goes on with.
    "self": _slot(STATES["self"], CLIENTS_VERSION_OF_IT, CLIENTS_ENTRY),
    "guardian": _slot(STATES["guardian"], GUARDIANS_VERSION_OF_IT, GUARDIANS_ENTRY),
}
_ONE = {who: Query(slot.where(Occurrence.id == p("id"))) for who, slot in _SLOTS.items()}
_SEVERAL = {
    who: Query(slot.where(Occurrence.id == p("ids", ARRAY(UUID_TEXT)).any_()))
    for who, slot in _SLOTS.items()
}
_LIST = {
    who: Query(
        slot.where(
            Occurrence.local_on.between(p("first_on", Date()), p("last_on", Date())),
            tuple_(Occurrence.local_on, Occurrence.id) > tuple_(p("after_on", Date()), p("after")),
        )
        .order_by(Occurrence.local_on, Occurrence.id)
        .limit(p("limit", Integer()))
    )
    for who, slot in _SLOTS.items()
}
# Without an entry: to guardians nothing came, or was taken back; to the client nothing of theirs.
_OPEN = {
    who: Query(
        _slot(STATES[who], Assignment.exercise_version_id, cast(null(), UUID_TEXT))
        .where(
            unanswered,
            Occurrence.opens_at < p("day_ends_at", Instant()),
            or_(Occurrence.closes_at.is_(None), Occurrence.closes_at > func.now()),
            Assignment.status == "active",
            ~RESTED,
        )
        .order_by(Occurrence.due_at.asc().nulls_last(), Occurrence.id)
        .limit(100)
    )
    for who, unanswered in UNANSWERED.items()
}
_ON_DEMAND = and_(Assignment.status == "active", Assignment.schedule["kind"].astext == "on_demand")
# What a guardian declined still waits for the client.
_NO_BY_GUARDIAN = and_(Assignment.status == "declined", Assignment.answered_as == "guardian")
_WAITS: Final = {
    "self": or_(Assignment.status == "proposed", _ON_DEMAND, _NO_BY_GUARDIAN),
    "guardian": or_(Assignment.status == "proposed", _ON_DEMAND),
}
_WAITING = {
    who: Query(
        select(*assignments.MINE)
        .where(own(Assignment), waits)
        .order_by(Assignment.id.desc())
        .limit(100)
    )
    for who, waits in _WAITS.items()
}
_MINE_TO_PLAN = Query(
    select(*planning.PLANNED)
    .where(own(Assignment), Assignment.status == "active", Assignment.planned_through.is_not(None))
    .order_by(Assignment.id)
    .limit(100)
    .with_for_update(**planning.HELD)
)
_LATELY = func.now() - timedelta(days=LATELY_DAYS)
_WAS_DONE: Final = {
    "self": Submission.outcome != "not_ready",
    # Of what guardians only see that it was sent, the outcome moves no count either.
    "guardian": or_(Submission.guardian_level == NOTHING, Submission.outcome != "not_ready"),
}


def _around(was_done: Any) -> Query:
    return Query(
        select(
            Practice.crisis_resources,
            HAS_GUARDIANS,
            select(func.count())
            .where(
                own(Submission),
                Submission.withdrawn_at.is_(None),
                was_done,
                Submission.created_at > _LATELY,
                leads(Submission),
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


_AROUND = {who: _around(was_done) for who, was_done in _WAS_DONE.items()}


async def get(work: Work, occurrence_id: str) -> Row:
    """One slot. Raises NotFound."""
    row = await work.row(_ONE[work.actor.capacity], id=occurrence_id)
    if row is None:
        await work.nothing(Occurrence, occurrence_id)
    return _shape(work, row)


async def several(work: Work, ids: list[str]) -> list[Row]:
    """Those of the client's own slots that have these ids."""
    return [_shape(work, row) for row in await work.rows(_SEVERAL[work.actor.capacity], ids=ids)]


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
        _LIST[work.actor.capacity],
        first_on=first_on,
        last_on=last_on,
        after_on=date.fromisoformat(on),
        after=after,
        limit=limit + 1,
    )
    return [_shape(work, row) | {"place": f"{row['local_on']}:{row['id']}"} for row in rows]


async def today(work: Work, zone: str) -> Row:
    """What is open now and later today in `zone`, what waits for an answer, and where help is."""
    moment = now()
    on = local_day(moment, zone)
    day_ends_at = midnight_after(on, zone)
    slots = await work.rows(_OPEN[work.actor.capacity], day_ends_at=day_ends_at)
    waiting = await work.rows(_WAITING[work.actor.capacity])
    around: Any = await work.row(_AROUND[work.actor.capacity])
    if planning.is_behind(around["planned_through"], moment, zone):
        await _catch_up(work)
        slots = await work.rows(_OPEN[work.actor.capacity], day_ends_at=day_ends_at)
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
        "answers_visible_default": default(around["has_guardians"]),
        "proposed": [agreeing.shape(work, row) for row in waiting if row["status"] != "active"],
        "on_demand": [agreeing.shape(work, row) for row in waiting if row["status"] == "active"],
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
