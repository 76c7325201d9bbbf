"""The slots of an assignment: made 28 days ahead, moved while nothing lies in them, called off.

Whoever plans, and however many at once, comes to the same slots: a slot's key is unique in its
assignment, and what is written is what the schedule says.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, cast

from sqlalchemy import Boolean, Date, Text, and_, any_, func, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert

from app.choices import reminding
from app.core.clock import now
from app.core.database import Instant
from app.core.ids import new_id
from app.core.statements import UUID_TEXT, Query, p
from app.homework import around_sessions
from app.homework.models import Assignment, Occurrence
from app.operation.work import Row, Work
from app.schedules import rules
from app.schedules.local import local_day
from app.schedules.rules import AfterSessionSchedule, BeforeSessionSchedule, OnceSchedule
from app.schedules.slots import Slot, slots

DAYS_AHEAD: Final = 28

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
"""What `planning` needs of an assignment."""

_ONE = Query(
    select(*PLANNED).where(
        Assignment.practice_id == p("practice_id"),
        Assignment.client_id == p("of_client"),
        Assignment.id == p("assignment_id"),
    )
)
_WRITTEN: Final[dict[str, Any]] = {
    "id": UUID_TEXT,
    "slot": Text(),
    "local_on": Date(),
    "opens_at": Instant(),
    "due_at": Instant(),
    "closes_at": Instant(),
    "remind_at": Instant(),
    "session_id": UUID_TEXT,
}
_new = insert(Occurrence).from_select(
    ["created_at", "changed_at", "practice_id", "client_id", "assignment_id", *_WRITTEN],
    select(
        func.now(),
        func.now(),
        p("practice_id"),
        p("of_client"),
        p("assignment_id"),
        *(func.unnest(p(name, ARRAY(kind))) for name, kind in _WRITTEN.items()),
    ),
)
_WINDOW: Final = ("local_on", "opens_at", "due_at", "closes_at", "remind_at", "session_id")
_ahead = or_(Occurrence.opens_at.is_(None), Occurrence.opens_at > p("moment", Instant()))
_untouched = and_(Occurrence.drafted_at.is_(None), Occurrence.is_extra.is_(False))
_WRITE = Query(
    _new.on_conflict_do_update(
        index_elements=["practice_id", "assignment_id", "slot"],
        set_={
            **{name: _new.excluded[name] for name in _WINDOW},
            "status": "upcoming",
            "version": Occurrence.version + 1,
            "changed_at": func.now(),
        },
        # One that opened, was answered or holds a draft stays where it is. Around sessions the
        # one that is open already moves its end along with the session.
        where=and_(
            or_(Occurrence.status == "upcoming", Occurrence.status == "cancelled"),
            or_(and_(_untouched, _ahead), p("follows_session", Boolean())),
            or_(
                Occurrence.status != "upcoming",
                *(
                    getattr(Occurrence, name).is_distinct_from(_new.excluded[name])
                    for name in _WINDOW
                ),
            ),
        ),
    )
)
_of_assignment = and_(
    Occurrence.practice_id == p("practice_id"),
    Occurrence.client_id == p("of_client"),
    Occurrence.assignment_id == p("assignment_id"),
    Occurrence.status == "upcoming",
    _untouched,
)
_CALLED_OFF = {"status": "cancelled", "version": Occurrence.version + 1, "changed_at": func.now()}
_DROP = Query(
    update(Occurrence)
    .where(_of_assignment, _ahead, ~(Occurrence.slot == any_(p("kept", ARRAY(Text())))))
    .values(_CALLED_OFF)
)
_STOP = Query(
    update(Occurrence)
    .where(
        _of_assignment,
        or_(Occurrence.closes_at.is_(None), Occurrence.closes_at > p("moment", Instant())),
    )
    .values(_CALLED_OFF)
)
# What is planned is not news to anybody: the version stays.
_PLANNED = Query(
    update(Assignment)
    .where(
        Assignment.practice_id == p("practice_id"),
        Assignment.client_id == p("of_client"),
        Assignment.id == p("assignment_id"),
    )
    .values(
        starts_on=p("starts_on", Date()),
        planned_through=p("planned_through", Date()),
    )
)


async def needed(work: Work, client_id: str, assignment_id: str) -> Row:
    """What `plan`, `replan` and `stop` need of an assignment that the caller has come to."""
    found: Any = await work.row(_ONE, of_client=client_id, assignment_id=assignment_id)
    return cast(Row, found)


async def plan(work: Work, assignment: Row, *, afresh: bool = False) -> None:
    """Make the slots that are missing, from where planning got to until 28 days from now.

    `assignment` has id, client_id, episode_id, schedule, zone, starts_on, planned_through and the
    window. `afresh` leaves out what has passed unplanned, as after a pause. Nothing happens twice.
    """
    moment = now()
    rule = rules.read(_value(assignment["schedule"]))
    today = local_day(moment, assignment["zone"])
    starts_on = assignment.get("starts_on") or rules.start(rule, today)
    planned = assignment.get("planned_through")
    first = max(starts_on, today) if planned is None or afresh else planned + timedelta(days=1)
    if isinstance(rule, BeforeSessionSchedule | AfterSessionSchedule):
        made = await around_sessions.slots_of(work, assignment, rule, moment)
        await _write(work, assignment, made, follows_session=True)
        await _note(work, assignment, starts_on, None)
    elif isinstance(rule, OnceSchedule):
        await _write(work, assignment, [(_once(assignment), None)])
        await _note(work, assignment, starts_on, None)
    else:
        last = _horizon(rule, today)
        found = slots(rule, assignment["zone"], starts_on=starts_on, first_on=first, last_on=last)
        await _write(work, assignment, [(slot, None) for slot in found])
        await _note(work, assignment, starts_on, None if rule.kind == "on_demand" else last)


async def replan(work: Work, assignment: Row) -> None:
    """After a change of schedule, zone or window: move, call off and add upcoming slots.

    What opened, passed, was answered or holds a draft stays as it is. `assignment` is as for
    `plan`, changed already; its `starts_on` None counts the schedule anew from today.
    """
    if assignment["status"] != "active":
        return
    moment = now()
    rule = rules.read(_value(assignment["schedule"]))
    today = local_day(moment, assignment["zone"])
    kept: list[str] = []
    if isinstance(rule, BeforeSessionSchedule | AfterSessionSchedule):
        made = await around_sessions.slots_of(work, assignment, rule, moment)
        kept = [slot.key for slot, _ in made]
    elif isinstance(rule, OnceSchedule):
        kept = ["once"]
    else:
        starts_on = assignment.get("starts_on") or rules.start(rule, today)
        found = slots(
            rule,
            assignment["zone"],
            starts_on=starts_on,
            first_on=max(starts_on, today),
            last_on=_horizon(rule, today),
        )
        kept = [slot.key for slot in found]
    await work.run(_DROP, **_which(assignment), moment=moment, kept=kept)
    await plan(work, assignment, afresh=True)


async def stop(work: Work, assignment: Row) -> None:
    """Call off what is upcoming or open, but for slots that hold a draft."""
    await work.run(_STOP, **_which(assignment), moment=now())


def _once(assignment: Row) -> Slot:
    opens_at, due_at = assignment["opens_at"], assignment["due_at"]
    on = local_day(due_at or opens_at, assignment["zone"])
    return Slot("once", on, opens_at, due_at, assignment["closes_at"])


def _horizon(rule: rules.Schedule, today: date) -> date:
    """The last local day planned: where any day of a week will do, to the end of its week."""
    last = today + timedelta(days=DAYS_AHEAD)
    if rule.kind == "times_a_week":
        last += timedelta(days=6 - last.weekday())
    return last


async def _write(
    work: Work,
    assignment: Row,
    made: Sequence[tuple[Any, str | None]],
    *,
    follows_session: bool = False,
) -> None:
    if not made:
        return
    chosen = await reminding.remind_times(work, assignment["client_id"])
    columns: dict[str, list[Any]] = {
        "id": [new_id() for _ in made],
        "slot": [slot.key for slot, _ in made],
        "local_on": [slot.local_on for slot, _ in made],
        "opens_at": [slot.opens_at for slot, _ in made],
        "due_at": [slot.due_at for slot, _ in made],
        "closes_at": [slot.closes_at for slot, _ in made],
        "remind_at": [
            chosen.remind_at(
                assignment["id"], slot.local_on, assignment["zone"], slot.opens_at, slot.closes_at
            )
            for slot, _ in made
        ],
        "session_id": [session_id for _, session_id in made],
    }
    await work.run(
        _WRITE, **_which(assignment), **columns, moment=now(), follows_session=follows_session
    )


async def _note(work: Work, assignment: Row, starts_on: date, through: date | None) -> None:
    if (starts_on, through) != (assignment.get("starts_on"), assignment.get("planned_through")):
        await work.run(_PLANNED, **_which(assignment), starts_on=starts_on, planned_through=through)


def _which(assignment: Row) -> dict[str, str]:
    return {"of_client": assignment["client_id"], "assignment_id": assignment["id"]}


def _value(schedule: Any) -> Any:
    return getattr(schedule, "value", schedule)


def is_behind(planned_through: date | None, moment: datetime, zone: str) -> bool:
    """Whether a day that has begun in `zone` was not planned yet."""
    return planned_through is not None and planned_through <= local_day(moment, zone)
