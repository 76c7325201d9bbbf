"""Homework on the wire."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, AwareDatetime, Field, model_validator

from app.core.wire import ClientKey, Id, Input, Line, Output, Version, Words, Zone
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
Outcome = Literal["completed", "partial", "attempted", "not_ready"]
Obstacle = Literal[
    "forgot",
    "too_busy",
    "unclear",
    "too_hard",
    "felt_worse",
    "no_privacy",
    "not_supported",
    "saw_no_point",
    "technical",
    "unsafe",
    "other",
]
LatePolicy = Literal["counts", "counts_as_late", "does_not_count"]
DeclineReason = Literal["not_ready", "not_for_me", "too_much"]
Scale4 = Annotated[int, Field(ge=0, le=4)]
Text = Annotated[Words, Field(max_length=4000)]


def _in_reach(moment: datetime) -> datetime:
    if not 1900 <= moment.year <= 2200:
        raise ValueError("an instant between the years 1900 and 2200")
    return moment


Moment = Annotated[AwareDatetime, AfterValidator(_in_reach)]
"""An instant with its offset, between 1900 and 2200."""


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
    agreed: bool = False


class AssignmentUpdate(Window):
    """What to change; absent stays, null clears. A slot that is open already does not move."""

    title: Line | None = None
    rationale: Text | None = None
    instructions: Text | None = None
    minimum_version: Text | None = None
    goal_id: Id | None = None
    areas: Areas | None = None
    late_policy: LatePolicy | None = None


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

    confidence: Annotated[int, Field(ge=0, le=10)] | None = None


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
    opens_at: datetime
    due_at: datetime | None
    closes_at: datetime | None
    remind_at: datetime | None
    submission_id: Id | None
    version: Version


class Engagement(Input):
    """How it went, 0 to 4 each; leave out what does not apply."""

    quantity: Scale4 | None = None
    quality: Scale4 | None = None
    difficulty: Scale4 | None = None
    helpfulness: Scale4 | None = None
    understanding: Scale4 | None = None
    fit_with_goal: Scale4 | None = None
    mastery: Scale4 | None = None
    enjoyment: Scale4 | None = None


class SubmissionCreate(Input):
    """What I did, or did not. Every outcome is welcome; `answers` may be a part of the form.

    `client_key` is made by the device, once for each submission. `occurred_at` and `sent_at` are
    read off the device's clock; where it is wrong, `sent_at` tells by how much.
    """

    client_key: ClientKey
    outcome: Outcome
    answers: dict[Annotated[str, Field(max_length=100)], Any] = Field(
        default={}, max_length=100
    )
    exercise_version_id: Id
    occurred_at: Moment
    zone: Zone
    sent_at: Moment | None = None
    engagement: Engagement | None = None
    obstacles: Annotated[list[Obstacle], Field(max_length=11)] = []
    answers_visible: Literal["shared", "summary_only"] = "shared"


class Receipt(Output):
    """What was stored. `help` is always there; nobody watches this around the clock."""

    submission_id: Id
    version: int
    occurrence_id: Id
    state: OccurrenceState
    received_at: datetime
    in_window: bool
    dropped: list[str]
    help: HelpOut


class ReviewOut(Output):
    """That it was read, by whom, with words to the client if there were any."""

    version: int
    at: datetime
    reviewer: str
    comment: str | None


class MySubmissionOut(Output):
    """What I sent, in its newest version, and what came back."""

    id: Id
    occurrence_id: Id
    assignment_id: Id
    number: int
    outcome: Outcome
    answers: dict[str, Any]
    answers_visible: Literal["shared", "summary_only"]
    exercise_version_id: Id
    engagement: dict[str, Any] | None
    obstacles: list[str]
    occurred_at: datetime
    received_at: datetime
    in_window: bool
    review: ReviewOut | None
    version: Version


class SubmissionItem(Output):
    """A submission in a list: what kind of answer it is, not the answers."""

    id: Id
    client_id: Id
    assignment_id: Id
    occurrence_id: Id
    title: str
    number: int
    outcome: Outcome
    needs_attention: bool
    is_reviewed: bool
    changed_since_review: bool
    received_at: datetime
    version: Version


class SubmissionOut(SubmissionItem):
    """A submission as its therapist reads it. `answers` is null where only the summary is shared."""

    answers: dict[str, Any] | None
    answers_visible: Literal["shared", "summary_only"]
    attention: list[str]
    exercise_version_id: Id
    engagement: dict[str, Any] | None
    obstacles: list[str]
    occurred_at: datetime
    in_window: bool
    zone: str
    sent_by: Literal["self", "guardian", "job"]
    review: ReviewOut | None
    team_comments: list["TeamCommentOut"]


class TeamCommentOut(Output):
    """What a colleague said; clients never read it at their door."""

    id: Id
    user_id: Id
    at: datetime
    comment: str


class ReviewCreate(Input):
    """I read this version. `comment` goes to the client, `team_comment` stays with the team."""

    number: Annotated[int, Field(ge=1)]
    comment: Text | None = None
    team_comment: Text | None = None


class TodayOut(Output):
    """What is open now in the client's zone, what waits for an answer, and where help is."""

    on: date
    zone: str
    open: list[MyOccurrenceOut]
    proposed: list[MyAssignmentOut]
    next_session_at: datetime | None
    valid_until: datetime
    help: HelpOut
