"""The slots of an assignment: made 28 days ahead, moved while nothing lies in them, called off.

Whoever plans, and however many at once, comes to the same slots: who plans an assignment holds
it, a slot's key is unique in it, and what is written is what the schedule says.
"""

from collections.abc import Awaitable, Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any, Final, cast

import structlog
from sqlalchemy import select

from app.core.clock import now
from app.core.statements import Query, p
from app.homework import around_sessions, done_once, writing_slots
from app.homework.models import Assignment
from app.homework.writing_slots import Plan
from app.jobs.codes import LOST, code_of
from app.operation.work import Row, Work
from app.schedules import rules
from app.schedules.local import local_day
from app.schedules.rules import (
    AfterSessionSchedule,
    BeforeSessionSchedule,
    OnceSchedule,
    OnDemandSchedule,
)
from app.schedules.slots import slots

DAYS_AHEAD: Final = 28

_log = structlog.get_logger("praxis.homework")

PLANNED: Final = (
    Assignment.id,
    Assignment.client_id,
    Assignment.episode_id,
    Assignment.status,
    Assignment.schedule,
    Assignment.zone,
    Assignment.starts_on,
    Assignment.planned_through,
    Assignment.opens_at,
    Assignment.due_at,
    Assignment.closes_at,
    Assignment.version,
)
"""What `planning` needs of an assignment, from a row that is locked: see `HELD`."""
HELD: Final[dict[str, Any]] = {"of": Assignment, "key_share": True}
"""How its row is locked: of two who plan it one waits; who answers it waits for neither."""

_ONE = Query(
    select(*PLANNED)
    .where(
        Assignment.practice_id == p("practice_id"),
        Assignment.client_id == p("of_client"),
        Assignment.id == p("assignment_id"),
    )
    .with_for_update(**HELD)
)


async def needed(work: Work, client_id: str, assignment_id: str) -> Row:
    """What `plan`, `replan` and `stop` need of an assignment that the caller has come to; it is
    held until the transaction ends."""
    found: Any = await work.row(_ONE, of_client=client_id, assignment_id=assignment_id)
    return cast(Row, found)


async def plan(work: Work, assignment: Row) -> None:
    """Make the slots that are missing, from where planning got to until 28 days from now.

    `assignment` has what `PLANNED` names, and is held. Nothing happens twice. Raises ValueError
    for a zone or schedule that cannot be read.
    """
    moment = now()
    rule, today = _read(assignment, moment)
    through = assignment["planned_through"]
    if through is not None and through >= _horizon(rule, today):
        return
    first = None if through is None else through + timedelta(days=1)
    await _carry_out(work, assignment, rule, moment, first, anew=False)


async def replan(work: Work, assignment: Row) -> None:
    """After a change of schedule, zone, window or sessions: move, call off and add slots.

    What opened, passed, was answered or holds a draft stays as it is; what passed unplanned stays
    unasked. `assignment` is as for `plan`, changed already; its `starts_on` None counts the
    schedule anew from today. Raises as `plan` does.
    """
    if assignment["status"] == "active":
        rule, _ = _read(assignment, now())
        await _carry_out(work, assignment, rule, now(), None, anew=True)


async def stop(work: Work, assignment: Row) -> None:
    """Call off what is upcoming or open, but for slots that hold a draft."""
    await writing_slots.stop(work, assignment)


async def each(
    work: Work, assignments: Iterable[Row], do: Callable[[Work, Row], Awaitable[None]]
) -> None:
    """`do` this with one after the other. What goes wrong with one is undone and logged as a
    code, and is in no other's way; a deadlock comes out, since all of it can be tried again, and
    so does a database that is away."""
    for assignment in assignments:
        try:
            async with work.attempt():
                await do(work, assignment)
        except LOST:
            raise
        except Exception as failure:
            if str(getattr(failure, "sqlstate", "")).startswith("40"):
                raise
            code = code_of(failure, work.request_id)
            _log.error("assignment_not_planned", assignment_id=assignment["id"], code=code)


def is_due(assignment: Row, moment: datetime) -> bool:
    """Whether slots are missing at `moment`; also where that cannot be told."""
    try:
        rule, today = _read(assignment, moment)
    except ValueError:
        return True
    through = assignment["planned_through"]
    return through is not None and through < _horizon(rule, today)


def is_behind(planned_through: date | None, moment: datetime, zone: str) -> bool:
    """Whether a day that has begun in `zone` was not planned yet."""
    return planned_through is not None and planned_through <= local_day(moment, zone)


async def _carry_out(
    work: Work,
    assignment: Row,
    rule: rules.Schedule,
    moment: datetime,
    first: date | None,
    *,
    anew: bool,
) -> None:
    zone = assignment["zone"]
    today = local_day(moment, zone)
    starts_on = assignment["starts_on"] or rules.start(rule, today)
    through: date | None = _horizon(rule, today)
    around = isinstance(rule, BeforeSessionSchedule | AfterSessionSchedule)
    if isinstance(rule, BeforeSessionSchedule | AfterSessionSchedule):
        wanted = await around_sessions.placed(work, assignment, rule, moment)
    elif isinstance(rule, OnceSchedule):
        once = await done_once.slot(work, assignment, moment, anew=anew)
        wanted, through = Plan([(once, None)], [once.key]), None
    elif isinstance(rule, OnDemandSchedule):
        wanted, through = Plan([], []), None
    else:
        assert through is not None
        since = first or max(starts_on, today)
        made = slots(rule, zone, starts_on=starts_on, first_on=since, last_on=through)
        wanted = Plan([(slot, None) for slot in made], [slot.key for slot in made])
    if anew or around:
        await writing_slots.drop(work, assignment, wanted)
    await writing_slots.write(work, assignment, wanted, around_sessions=around)
    await writing_slots.note(work, assignment, starts_on, through)


def _read(assignment: Row, moment: datetime) -> tuple[rules.Schedule, date]:
    """The schedule, and the day it is where it counts."""
    return rules.stored(assignment["schedule"]), local_day(moment, assignment["zone"])


def _horizon(rule: rules.Schedule, today: date) -> date:
    """The last local day planned: where any day of a week will do, to the end of its week."""
    last = today + timedelta(days=DAYS_AHEAD)
    if rule.kind == "times_a_week":
        last += timedelta(days=6 - last.weekday())
    return last
