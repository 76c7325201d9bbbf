"""Homework on the wire."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from app.clients.default_visibility import Shown, VisibleByDefault
from app.core.wire import Id, Output, Version, Words
from app.practices.help import HelpOut
from app.schedules.rules import Schedule

AssignmentStatus = Literal[
    "draft",
    "proposed",
    "active",
    "declined",
    "withdrawn",
    "discarded",
    "paused",
    "done",
    "ended",
]
OccurrenceState = Literal[
    "upcoming", "open", "no_response", "submitted", "reviewed", "excused", "cancelled"
]
LatePolicy = Literal["counts", "counts_as_late", "does_not_count"]
DeclineReason = Literal["not_ready", "not_for_me", "too_much"]
Size = Literal["whole", "minimum"]
Step = Annotated[int | None, Field(description="the step taken, from 1; null: all of it")]
StepText = Annotated[str | None, Field(description="what the step taken says")]
Text = Annotated[Words, Field(max_length=4000)]


def _worded(text: str) -> str:
    if not text.strip():
        raise ValueError("write some words here, not only spaces")
    return text


Said = Annotated[Text, AfterValidator(_worded), Field(json_schema_extra={"pattern": r"\S"})]
"""A text that says something."""


class _Assignment(Output):
    id: Id
    goal_id: Id | None
    exercise_version_id: Id
    status: AssignmentStatus
    origin: Literal["therapist", "client"]
    title: str
    rationale: str
    instructions: str | None
    minimum_version: str | None
    steps: list[str]
    areas: list[str]
    topics: list[Id]
    schedule: Schedule
    rrule: str | None
    starts_on: date | None
    opens_at: datetime
    due_at: datetime | None
    closes_at: datetime | None
    zone: str
    zone_follows: bool
    late_policy: LatePolicy
    confidence: Annotated[
        int | None, Field(description="how sure the client is; a guardian is told what they gave")
    ]
    size: Size
    step: Step
    ended_as: Literal["self", "guardian", "staff", "job"] | None
    answered_as: Annotated[
        Literal["self", "guardian"] | None,
        Field(
            description="who on the client's side said yes or no, or took it up; what a guardian"
            " declined the client may still accept"
        ),
    ]
    visibility: Shown
    changed_at: datetime
    version: Version


class CautionOut(Output):
    """Something to know before this is brought up: a topic on which the client set a boundary."""

    topic_id: Id
    code: str
    detail: str


class AssignmentOut(_Assignment):
    """An assignment as staff see it."""

    client_id: Id
    episode_id: Id
    decline_reason: DeclineReason | None
    decline_words: str | None
    ended_words: str | None
    assigned_by: Id
    created_at: datetime
    warnings: list[CautionOut]


class AssignmentsMade(Output):
    """What each of several clients was given, in the order they were named."""

    items: list[AssignmentOut]


class SmallerOut(Output):
    """What would be smaller: `take` one of them in accepting, then or later."""

    minimum_version: str | None
    step: str | None
    step_number: int | None


class LargerOut(Output):
    """What comes next on the way back up: `take` step_up in accepting. Step null: all of it."""

    step: str | None
    step_number: int | None


class MyAssignmentOut(_Assignment):
    """An assignment as its client sees it. `smaller`: for a confidence of 6 or less. `larger`:
    once something smaller was taken."""

    smaller: SmallerOut | None
    larger: LargerOut | None


class ExerciseWords(Output):
    """The form to fill in, and its texts in `locale`, the language nearest to the client's."""

    minutes: int
    form: dict[str, Any]
    locale: str
    texts: dict[str, Any]


class ComingOut(Output):
    """When it is to be done. `opens_at` null: it waits for a session."""

    local_on: date
    opens_at: datetime | None
    due_at: datetime | None
    closes_at: datetime | None


class MyAssignmentWhole(MyAssignmentOut):
    """An assignment as its client sees it, whole: with its exercise, and when it comes first."""

    exercise: ExerciseWords
    coming: list[ComingOut]


class MyOccurrenceOut(Output):
    """One slot of my homework."""

    id: Id
    assignment_id: Id
    exercise_version_id: Annotated[
        Id, Field(description="the form to answer, or the one answered; a draft names its own")
    ]
    title: str
    minimum_version: str | None
    size: Size
    step: Step
    step_text: StepText
    state: OccurrenceState
    local_on: date
    opens_at: Annotated[
        datetime | None, Field(description="null while it waits for a session to be planned")
    ]
    due_at: datetime | None
    closes_at: datetime | None
    remind_at: datetime | None
    drafted_at: Annotated[datetime | None, Field(description="when I last kept a draft of it")]
    submission_id: Id | None
    version: Version


class NextStepOut(Output):
    """One small thing to begin with."""

    occurrence_id: Id
    title: str
    minimum_version: str | None
    step_text: StepText


class PractisedOut(Output):
    """Plain counts of the last days: what was sent (in whole, in part or tried), repetitions."""

    days: int
    sent: int
    repetitions: int


class TodayOut(Output):
    """What is open now, what opens later today in `zone`, what waits for an answer, and where help
    is.

    In a time of rest nothing is open here; it can be done all the same.
    """

    on: date
    zone: str
    open: list[MyOccurrenceOut]
    later_today: Annotated[
        list[MyOccurrenceOut], Field(description="what opens before this local day ends")
    ]
    resting: Annotated[bool, Field(description="a rest period runs: nothing is asked of me")]
    next_step: NextStepOut | None
    on_demand: Annotated[
        list[MyAssignmentOut], Field(description="practices for any time, which have no slots")
    ]
    practised: PractisedOut
    answers_visible_default: VisibleByDefault
    proposed: list[MyAssignmentOut]
    next_session_at: datetime | None
    valid_until: datetime
    help: HelpOut
