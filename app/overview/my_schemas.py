"""Overviews at the client door, on the wire."""

from datetime import date, datetime
from typing import Any, Literal

from app.core.wire import Id, Output, Version
from app.homework.schemas import OccurrenceState, Size, Step, StepText
from app.homework.sent import MyOutcome
from app.library.catalogue import Kind
from app.practices.help import HelpOut

ScheduleKind = Literal[
    "once",
    "daily",
    "weekdays",
    "weekly",
    "monthly",
    "times_a_week",
    "before_session",
    "after_session",
    "on_demand",
]


class WeekSlot(Output):
    """A slot of my homework. `opens_at` is null while it waits for a session."""

    id: Id
    assignment_id: Id
    exercise_version_id: Id
    title: str
    minimum_version: str | None
    size: Size
    step: Step
    step_text: StepText
    state: OccurrenceState
    local_on: date
    opens_at: datetime | None
    due_at: datetime | None
    closes_at: datetime | None
    version: Version


class WeekDone(Output):
    """Something I did: a submission with its outcome, or an exercise so many times."""

    kind: Literal["submission", "repetition"]
    id: Id
    assignment_id: Id | None
    occurrence_id: Id | None
    title: str
    at: datetime
    outcome: MyOutcome | None
    times: int | None
    was_read: bool


class WeekDay(Output):
    """A day of the week: what happened, and what is open or will be. `passed` is what went by
    without an answer, only where it was asked for."""

    on: date
    happened: list[WeekDone]
    open: list[WeekSlot]
    passed: list[WeekSlot]


class WeekComing(Output):
    """Homework without a slot this week; `next_on` is null where its day is not known yet."""

    assignment_id: Id
    title: str
    kind: ScheduleKind
    next_on: date | None


class MyWeekOut(Output):
    """My week, Monday to Sunday. `also_open` is open now and belongs to no day of this week."""

    zone: str
    today: date
    days: list[WeekDay]
    also_open: list[WeekSlot]
    coming: list[WeekComing]
    valid_until: datetime
    help: HelpOut


class ToolOut(Output):
    """An exercise, whole: its form, and its texts in `locale`. `because` says why it is here."""

    exercise_id: Id
    slug: str
    kind: Kind
    areas: list[str]
    modality: list[str]
    difficulty: int
    exercise_version_id: Id
    number: int
    minutes: int
    form: dict[str, Any]
    locale: str
    texts: dict[str, Any]
    minimum_version: str | None
    because: list[Literal["given", "pinned", "grounding"]]


class MyToolboxOut(Output):
    """Everything I can use, made to be kept: its ETag changes when any of it does."""

    items: list[ToolOut]
    help: HelpOut
