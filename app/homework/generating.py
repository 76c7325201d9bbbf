"""Slots made by the worker: each day's, and those that follow sessions and a client's zone."""

from datetime import timedelta
from typing import Final

from sqlalchemy import Date, Integer, Text, any_, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from app.clients.models import Client
from app.core.clock import now
from app.core.ids import BEFORE_ALL
from app.core.statements import UUID_TEXT, Query, p
from app.homework import planning
from app.homework.models import Assignment
from app.homework.planning import HELD, PLANNED
from app.jobs.everywhere import in_each_practice
from app.jobs.registry import Event, acting, on, regularly
from app.operation.work import Row, Work
from app.sessions.models import Session

BATCH: Final = 200

# More than is missing, where clocks are behind: which ones is seen without holding any.
_BEHIND = Query(
    select(
        Assignment.id,
        Assignment.client_id,
        Assignment.zone,
        Assignment.schedule,
        Assignment.planned_through,
    )
    .where(
        Assignment.practice_id == p("practice_id"),
        Assignment.status == "active",
        Assignment.planned_through < p("wanted", Date()),
        Assignment.id > p("after"),
    )
    .order_by(Assignment.id)
    .limit(p("limit", Integer()))
)
# One that somebody else holds is planned by them, or when it is asked for again.
_TO_PLAN = Query(
    select(*PLANNED)
    .where(
        Assignment.practice_id == p("practice_id"),
        Assignment.id == any_(p("ids", ARRAY(UUID_TEXT))),
        Assignment.status == "active",
    )
    .order_by(Assignment.id)
    .with_for_update(skip_locked=True, **HELD)
)
_AROUND_SESSIONS = Query(
    select(*PLANNED)
    .join(
        Session,
        (Session.practice_id == Assignment.practice_id)
        & (Session.client_id == Assignment.client_id)
        & (Session.episode_id == Assignment.episode_id),
    )
    .where(
        Assignment.practice_id == p("practice_id"),
        Session.id == p("session_id"),
        Assignment.status == "active",
        Assignment.schedule["kind"].astext == any_(p("kinds", ARRAY(Text()))),
    )
    .order_by(Assignment.id)
    .with_for_update(**HELD)
)
_MOVED_AWAY = Query(
    select(*PLANNED, Client.zone.label("new_zone"))
    .join(
        Client,
        (Client.practice_id == Assignment.practice_id) & (Client.id == Assignment.client_id),
    )
    .where(
        Assignment.practice_id == p("practice_id"),
        Assignment.client_id == p("of_client"),
        Assignment.zone_follows,
        Assignment.zone != Client.zone,
        or_(
            *(
                Assignment.status == one
                for one in ("draft", "proposed", "declined", "active", "paused")
            )
        ),
    )
    .order_by(Assignment.id)
    .with_for_update(**HELD)
)


@regularly("*/20 * * * *")
async def plan_slots_ahead(work: Work) -> None:
    """Slots exist 28 days ahead, in every practice, in each zone from soon after its midnight."""
    await in_each_practice(work, _plan_all)


async def _plan_all(work: Work, practice_id: str) -> None:
    after: str | None = BEFORE_ALL
    while after:
        after = await plan_some(work, practice_id, after)


async def plan_some(work: Work, practice_id: str, after: str = BEFORE_ALL) -> str | None:
    """Plan the next assignments of a practice that are not planned far enough, in a transaction of
    their own; the id to go on after, None when those were the last."""
    async with work.visit(capacity="job", practice_id=practice_id):
        # By the earliest clock on earth, 14 hours ahead: a zone behind it is planned when it is
        # its turn.
        moment = now()
        wanted = (moment + timedelta(hours=14)).date() + timedelta(days=planning.DAYS_AHEAD)
        rows = await work.rows(_BEHIND, after=after, limit=BATCH, wanted=wanted)
        ids = [row["id"] for row in rows if planning.is_due(row, moment)]
        if ids:
            await planning.each(work, await work.rows(_TO_PLAN, ids=ids), planning.plan)
    return str(rows[-1]["id"]) if len(rows) == BATCH else None


async def _replan_around(work: Work, event: Event) -> None:
    async with work.visit(**acting(event)):
        rows = await work.rows(
            _AROUND_SESSIONS,
            session_id=event.subject_id,
            kinds=["before_session", "after_session"],
        )
        await planning.each(work, rows, planning.replan)


for _kind in (
    "sessions.scheduled",
    "sessions.moved",
    "sessions.attended",
    "sessions.late",
    "sessions.no_show",
    "sessions.cancelled_by_client",
    "sessions.cancelled_by_therapist",
):
    on(_kind)(_replan_around)


@on("clients.changed")
async def follow_the_client(work: Work, event: Event) -> None:
    """Homework that goes by the client's own clock goes by the new one from now on."""
    async with work.visit(**acting(event)):
        rows = await work.rows(_MOVED_AWAY, of_client=event.client_id)
        await planning.each(work, rows, _move)


async def _move(work: Work, assignment: Row) -> None:
    zone = assignment["new_zone"]
    await work.change(Assignment, assignment["id"], assignment["version"], zone=zone)
    await planning.replan(work, assignment | {"zone": zone})
