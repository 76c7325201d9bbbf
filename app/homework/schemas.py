"""Homework on the wire."""

from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import Field, StrictBool, model_validator

from app.core.wire import Id, Input, Line, Moment, Output, Version, Words, Zone, unchanged
from app.library.schemas import Areas
from app.practices.help import HelpOut

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
Text = Annotated[Words, Field(max_length=4000)]


class Window(Input):
    """When homework is open. `closes_at` absent: it stays open. The zone is for its local day."""

    opens_at: Moment | None = None
    due_at: Moment | None = None
    closes_at: Moment | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        given = [one for one in (self.opens_at, self.due_at, self.closes_at) if one is not None]
        if given != sorted(given) or (self.closes_at and self.closes_at == self.opens_at):
            raise ValueError("opens_at comes first, then due_at, then closes_at")
        return self


class AssignmentCreate(Window):
    """Homework for a client. `rationale` says why this, in the client's language.

    `agreed`: it was settled in session and is active at once; otherwise it is proposed.
    """

    exercise_id: Id
    title: Line | None = None
    rationale: Text
    instructions: Text | None = None
    minimum_version: Text | None = None
    goal_id: Id | None = None
    areas: Areas | None = None
    zone: Zone | None = None
    late_policy: LatePolicy = "counts"
    episode_id: Id | None = None
    agreed: StrictBool = False


class AssignmentUpdate(Window):
    """What to change; absent stays, null clears. A slot that is open already does not move."""

    opens_at: Moment = Field(default_factory=unchanged)
    title: Line = Field(default_factory=unchanged)
    rationale: Text = Field(default_factory=unchanged)
    instructions: Text | None = None
    minimum_version: Text | None = None
    goal_id: Id | None = None
    areas: Areas = Field(default_factory=unchanged)
    late_policy: LatePolicy = Field(default_factory=unchanged)


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
    areas: list[str]
    opens_at: datetime
    due_at: datetime | None
    closes_at: datetime | None
    zone: str
    confidence: int | None
    changed_at: datetime
    version: Version


class AssignmentOut(_Assignment):
    """An assignment as staff see it."""

    client_id: Id
    episode_id: Id
    late_policy: LatePolicy
    decline_reason: DeclineReason | None
    decline_words: str | None
    assigned_by: Id
    created_at: datetime


class MyAssignmentOut(_Assignment):
    """An assignment as its client sees it."""


class AcceptRequest(Input):
    """Yes. `confidence`: how sure I am that I can do it, 0 to 10."""

    confidence: Annotated[int, Field(strict=True, ge=0, le=10)] | None = None


class DeclineRequest(Input):
    """No, or not now: a reason, and words if wanted."""

    reason: DeclineReason
    words: Text | None = None


class MyOccurrenceOut(Output):
    """One slot of my homework."""

    id: Id
    assignment_id: Id
    exercise_version_id: Id
    title: str
    minimum_version: str | None
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


class PractisedOut(Output):
    """Plain counts of the last days: what was sent (in whole, in part or tried), repetitions."""

    days: int
    sent: int
    repetitions: int


class TodayOut(Output):
    """What is open now in the client's zone, what waits for an answer, and where help is.

    In a time of rest nothing is open here; it can be done all the same.
    """

    on: date
    zone: str
    open: list[MyOccurrenceOut]
    next_step: NextStepOut | None
    on_demand: Annotated[
        list[MyAssignmentOut], Field(description="practices for any time, which have no slots")
    ]
    practised: PractisedOut
    proposed: list[MyAssignmentOut]
    next_session_at: datetime | None
    valid_until: datetime
    help: HelpOut
