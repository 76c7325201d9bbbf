"""Homework as it is asked for on the wire, by those who assign it and those who answer."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StrictBool, model_validator

from app.clients.default_visibility import Visibility
from app.core.wire import UNORDERED, WHOLE, ClientKey, Id, Input, Line, Moment, Zone, unchanged
from app.homework.schemas import DeclineReason, LatePolicy, Said, Size, Text
from app.library.schemas import Areas
from app.schedules.rules import OnceSchedule, Schedule


def different(ids: list[Id]) -> list[Id]:
    """Raises ValueError for an id that is named twice."""
    if len(set(ids)) != len(ids):
        raise ValueError("name each of them once")
    return ids


def _once() -> OnceSchedule:
    return OnceSchedule(kind="once")


Steps = Annotated[list[Line], Field(max_length=10)]
Topics = Annotated[list[Id], AfterValidator(different), Field(max_length=10), UNORDERED]


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


class _Wanted(Window):
    exercise_id: Id
    title: Line | None = None
    rationale: Said
    instructions: Text | None = None
    minimum_version: Text | None = None
    steps: Steps = Field(default=[])
    areas: Areas | None = None
    schedule: Schedule = Field(default_factory=_once, description="absent: once")
    zone: Zone | None = Field(None, description="none: the client's, wherever they go")
    late_policy: LatePolicy = "counts"
    agreed: StrictBool = False
    draft: StrictBool = False

    @model_validator(mode="after")
    def _one_beginning(self) -> Self:
        if self.agreed and self.draft:
            raise ValueError("a draft is not agreed yet: give agreed or draft, not both")
        return self


class AssignmentCreate(_Wanted):
    """Homework for a client. `rationale` says why this, in the client's language.

    `agreed`: it was settled in session and is active at once; `draft`: the client does not see it
    yet; otherwise it is proposed. `steps` lead up to it, the smallest first. opens_at, due_at and
    closes_at are for what is done once.
    """

    goal_id: Id | None = None
    topics: Topics = Field(default=[])
    episode_id: Id | None = None


class SharedAssignment(_Wanted):
    """Homework that several clients are given alike: with no goal or topic, which are one's own."""


class AssignmentsCreate(Input):
    """The same homework for several clients, or for none of them.

    `episode_ids` names the episode for each client who has several open ones.
    """

    client_ids: Annotated[
        list[Id], AfterValidator(different), Field(min_length=1, max_length=50), UNORDERED
    ]
    episode_ids: Annotated[list[Id], AfterValidator(different), Field(max_length=50), UNORDERED] = (
        Field(default=[])
    )
    assignment: SharedAssignment


class AssignmentUpdate(Window):
    """What to change; absent stays, null clears, and a zone cleared is the client's own.

    A slot that is open already does not move. `size` and `step` say how much of it is taken; step
    null: all of it.
    """

    opens_at: Moment = Field(default_factory=unchanged)
    title: Line = Field(default_factory=unchanged)
    rationale: Said = Field(default_factory=unchanged)
    instructions: Text | None = None
    minimum_version: Text | None = None
    steps: Steps = Field(default_factory=unchanged)
    goal_id: Id | None = None
    areas: Areas = Field(default_factory=unchanged)
    topics: Topics = Field(default_factory=unchanged)
    schedule: Schedule = Field(default_factory=unchanged)
    zone: Zone | None = None
    late_policy: LatePolicy = Field(default_factory=unchanged)
    size: Size = Field(default_factory=unchanged)
    step: Annotated[int, Field(strict=True, ge=1, le=10), WHOLE] | None = None

    @model_validator(mode="after")
    def _one_size(self) -> Self:
        if self.size == "minimum" and self.step is not None:
            raise ValueError("give the minimum version or a step, not both")
        return self


class AssignmentCopy(Input):
    """For whom; absent: for the same client again."""

    client_id: Id | None = None
    episode_id: Id | None = None


class MyAssignmentCreate(Input):
    """An exercise I take up for myself, active at once. `rationale` absent: the exercise's own."""

    client_key: ClientKey
    exercise_id: Id
    title: Line | None = None
    rationale: Said | None = None
    visibility: Visibility = None
    schedule: Schedule = Field(default_factory=_once, description="absent: once")
    zone: Zone | None = Field(None, description="none: mine, wherever I go")


class AcceptRequest(Input):
    """Yes. `confidence`: how sure I am that I can do it, 0 to 10.

    `take` makes it smaller at once, or later while it is active: the minimum version, or the next
    lower step. `step_up` and `whole` undo that: the next higher step, or all of it again.
    """

    confidence: Annotated[int, Field(strict=True, ge=0, le=10), WHOLE] | None = None
    take: Literal["minimum", "step", "step_up", "whole"] | None = None


class DeclineRequest(Input):
    """No, or not now: a reason, and words if wanted."""

    reason: DeclineReason
    words: Text | None = None


class EndRequest(Input):
    """I stop here, with words for my therapist if wanted."""

    words: Text | None = None
