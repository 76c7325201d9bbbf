"""The statements that write slots: made or moved, called off, and how far they reach.

What opened, passed, was answered or holds a draft is not touched by any of them, whatever it is
called with; around sessions what is named is. Whoever runs them holds the assignment.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Boolean, Date, Text, and_, any_, func, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert

from app.choices import reminding
from app.core.clock import now
from app.core.database import Instant
from app.core.ids import new_id
from app.core.statements import UUID_TEXT, Query, p
from app.homework.models import Assignment, Occurrence
from app.operation.work import Row, Work
from app.schedules import rules
from app.schedules.slots import Placed


@dataclass(frozen=True, slots=True)
class Plan:
    """The slots there are to be, each with the session it goes with, or None.

    `kept` are the keys of those that stay; `drafted` of those that move with the draft in them;
    `loose` of those that are called off although they opened, their session being no more.
    """

    made: Sequence[tuple[Placed, str | None]]
    kept: Sequence[str]
    drafted: Sequence[str] = ()
    loose: Sequence[str] = ()


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
_KEPT_BY = (
    select(Assignment.kept_by)
    .where(
        Assignment.practice_id == p("practice_id"),
        Assignment.client_id == p("of_client"),
        Assignment.id == p("assignment_id"),
    )
    .scalar_subquery()
)
_new = insert(Occurrence).from_select(
    [
        "created_at",
        "changed_at",
        "practice_id",
        "client_id",
        "assignment_id",
        "kept_by",
        *_WRITTEN,
    ],
    select(
        func.now(),
        func.now(),
        p("practice_id"),
        p("of_client"),
        p("assignment_id"),
        _KEPT_BY,
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
        # Around sessions one that is open already moves along with its session, and one that
        # holds a draft only where that was known when it was decided.
        where=or_(
            and_(
                Occurrence.status == "upcoming",
                or_(
                    and_(_untouched, or_(_ahead, p("around_sessions", Boolean()))),
                    Occurrence.slot == any_(p("drafted", ARRAY(Text()))),
                ),
                or_(
                    *(
                        getattr(Occurrence, name).is_distinct_from(_new.excluded[name])
                        for name in _WINDOW
                    )
                ),
            ),
            # Nothing lies in one that was called off, and nobody was asked for it since.
            and_(Occurrence.status == "cancelled", _untouched),
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
    .where(
        _of_assignment,
        or_(
            and_(_ahead, ~(Occurrence.slot == any_(p("kept", ARRAY(Text()))))),
            Occurrence.slot == any_(p("loose", ARRAY(Text()))),
        ),
    )
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
    .values(starts_on=p("starts_on", Date()), planned_through=p("planned_through", Date()))
)


async def write(work: Work, assignment: Row, plan: Plan, *, around_sessions: bool) -> None:
    """Make these slots, or move those there are; around sessions those that opened, too."""
    if not plan.made:
        return
    made, rule = plan.made, rules.stored(assignment["schedule"])
    chosen = await reminding.remind_times(work, assignment["client_id"])
    columns: dict[str, list[Any]] = {
        "id": [new_id() for _ in made],
        "slot": [slot.key for slot, _ in made],
        "local_on": [slot.local_on for slot, _ in made],
        "opens_at": [slot.opens_at for slot, _ in made],
        "due_at": [slot.due_at for slot, _ in made],
        "closes_at": [slot.closes_at for slot, _ in made],
        "remind_at": [
            chosen.remind_at(assignment["id"], rule, slot, assignment["zone"]) for slot, _ in made
        ],
        "session_id": [session_id for _, session_id in made],
    }
    await work.run(
        _WRITE,
        **_which(assignment),
        **columns,
        moment=now(),
        around_sessions=around_sessions,
        drafted=list(plan.drafted),
    )


async def drop(work: Work, assignment: Row, plan: Plan) -> None:
    """Call off what has not opened and is not kept, and the loose ones even so."""
    values = {"kept": list(plan.kept), "loose": list(plan.loose), "moment": now()}
    await work.run(_DROP, **_which(assignment), **values)


async def stop(work: Work, assignment: Row) -> None:
    """Call off what is upcoming or open, but for slots that hold a draft."""
    await work.run(_STOP, **_which(assignment), moment=now())


async def note(work: Work, assignment: Row, starts_on: date, through: date | None) -> None:
    """Keep how far it is planned, where that is new."""
    if (starts_on, through) != (assignment.get("starts_on"), assignment.get("planned_through")):
        await work.run(_PLANNED, **_which(assignment), starts_on=starts_on, planned_through=through)


def _which(assignment: Row) -> dict[str, str]:
    return {"of_client": assignment["client_id"], "assignment_id": assignment["id"]}
