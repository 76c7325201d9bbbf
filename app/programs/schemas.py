"""Programs on the wire: exercises in an order, and when each comes."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StrictBool

from app.core.wire import WHOLE, Id, Input, Line, Output, Version, unchanged
from app.homework.schemas import AssignmentStatus, Said, Text
from app.schedules.rules import Schedule


class ComesAtOnce(Input):
    """Together with the step before it."""

    kind: Literal["at_once"]


class ComesAfterPrevious(Input):
    """When the step before it is done: answered, where it is done once; otherwise finished by the
    therapist, ended or taken back. Declined, it waits for the therapist."""

    kind: Literal["after_previous"]


class ComesAfterDelay(Input):
    """So many local days after the step before it was given, done or not. The same number in
    every step gives them at intervals."""

    kind: Literal["after_delay"]
    days: Annotated[int, Field(strict=True, ge=1, le=365), WHOLE]


class ComesBeforeSession(Input):
    """Given with the step before it, to be done before the next session.

    Steps around sessions take turns: each has a session of its own, but that one before it and
    one after it may share theirs. So it may wait until a session has begun.
    """

    kind: Literal["before_session"]


class ComesAfterSession(Input):
    """Given with the step before it, to be done after the next session; it takes turns as
    `before_session` does."""

    kind: Literal["after_session"]


Comes = Annotated[
    ComesAtOnce | ComesAfterPrevious | ComesAfterDelay | ComesBeforeSession | ComesAfterSession,
    Field(discriminator="kind", description="when it is given; the first one is given at once"),
]
StepSchedule = Annotated[
    Schedule | None,
    Field(
        description="null: once. Without days of its own, since it starts when it is given; and"
        " not beside a step that comes before or after a session, which is done then"
    ),
]


class ProgramStep(Input):
    """One exercise of a program. `rationale` says why this, in a client's language."""

    exercise_id: Id
    title: Line | None = None
    rationale: Said
    instructions: Text | None = None
    minimum_version: Text | None = None
    schedule: StepSchedule = None
    comes: Comes


Steps = Annotated[list[ProgramStep], Field(min_length=1, max_length=40)]


class ProgramCreate(Input):
    """Exercises in an order, for any client it suits."""

    title: Line
    steps: Steps


class ProgramUpdate(Input):
    """What to change; absent stays. `steps` are whole. Those it was assigned to keep theirs."""

    title: Line = Field(default_factory=unchanged)
    steps: Steps = Field(default_factory=unchanged)


class ProgramItem(Output):
    """A program as lists show it."""

    id: Id
    title: str
    step_count: int
    is_retired: bool
    made_by: Id
    created_at: datetime
    changed_at: datetime
    version: Version


class ProgramStepOut(Output):
    """One step of a program."""

    exercise_id: Id
    title: str | None
    rationale: str
    instructions: str | None
    minimum_version: str | None
    schedule: Schedule | None
    comes: Comes


class ProgramOut(ProgramItem):
    """A program whole."""

    steps: list[ProgramStepOut]


class ProgramAssign(Input):
    """Which program. `agreed`: the client said yes to all of it, and each step is active when it
    comes; otherwise each is proposed."""

    program_id: Id
    episode_id: Id | None = None
    agreed: StrictBool


class GivenStepOut(Output):
    """One step as this client has it: with the exercise's version of the day it was assigned.

    `waiting`: not given yet. `assignment_status` is where the homework stands; a step that was
    declined waits for the therapist.
    """

    number: Annotated[int, Field(description="its place, from 1")]
    exercise_id: Id
    exercise_version_id: Id
    title: str
    rationale: str
    instructions: str | None
    minimum_version: str | None
    schedule: Schedule
    comes: Comes
    state: Literal["waiting", "given", "done"]
    assignment_id: Id | None
    assignment_status: AssignmentStatus | None
    given_at: datetime | None


class ProgramAssignmentOut(Output):
    """A program given to a client.

    `done`: all steps were given and are done. `waits_for` is what the next step waits for, and
    `comes_at` when it comes, where that is known; later while the client rests.
    """

    id: Id
    client_id: Id
    episode_id: Id
    program_id: Id
    title: str
    status: Literal["active", "done", "ended"]
    agreed: bool
    steps: list[GivenStepOut]
    waits_for: Literal["previous_step", "therapist", "day", "session"] | None
    comes_at: datetime | None
    assigned_by: Id
    ended_by: Id | None
    created_at: datetime
    changed_at: datetime
    version: Version


class MyStepOut(Output):
    """A step I was given."""

    number: int
    title: str
    assignment_id: Id
    given_at: datetime
    state: Literal["given", "done"]


class MyProgramOut(Output):
    """A program I was given: its steps so far, and how many are to come."""

    id: Id
    title: str
    status: Literal["active", "done", "ended"]
    steps: list[MyStepOut]
    to_come: int
    created_at: datetime
    version: Version
