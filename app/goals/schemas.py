"""Goals on the wire: what staff send and see, and what clients do."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field, StrictBool

from app.clients.default_visibility import Shown, Visibility
from app.core.wire import (
    WHOLE,
    ClientKey,
    Day,
    Id,
    Input,
    Moment,
    Output,
    Version,
    Words,
    unchanged,
)
from app.library.schemas import Areas

Status = Literal[
    "proposed", "active", "declined", "on_hold", "achieved", "let_go", "superseded", "maintaining"
]
Statement = Annotated[Words, Field(max_length=2000)]
Value = Annotated[
    int, Field(strict=True, ge=0, le=10, description="0 as far away as it can be, 10 there"), WHOLE
]


class GoalCreate(Input):
    """A goal in the client's words. `agreed`: it was settled in session, and is active at once."""

    statement: Statement
    current_state: Statement | None = None
    ideal_state: Statement | None = None
    areas: Areas = Field(default=[])
    review_on: Day | None = None
    episode_id: Id | None = None
    agreed: StrictBool = False


class GoalUpdate(Input):
    """What to change; absent stays, null clears. `status` moves the goal on."""

    statement: Statement = Field(default_factory=unchanged)
    current_state: Statement | None = None
    ideal_state: Statement | None = None
    areas: Areas = Field(default_factory=unchanged)
    review_on: Day | None = None
    status: Status = Field(default_factory=unchanged)


AnsweredAs = Annotated[
    Literal["self", "guardian"] | None,
    Field(description="who said yes or no to it; a guardian's answer the client may still change"),
]


class RatingOut(Output):
    """The newest rating by one side."""

    value: int
    at: datetime
    visibility: Shown


class GoalOut(Output):
    """A goal as staff see it."""

    id: Id
    client_id: Id
    episode_id: Id
    status: Status
    statement: str
    current_state: str | None
    ideal_state: str | None
    areas: list[str]
    rating_kind: Literal["zero_to_ten"]
    review_on: date | None
    client_rating: RatingOut | None
    guardian_rating: RatingOut | None
    answered_as: AnsweredAs
    created_at: datetime
    changed_at: datetime
    version: Version


class MyGoalOut(Output):
    """A goal as the client sees it."""

    id: Id
    status: Status
    statement: str
    current_state: str | None
    ideal_state: str | None
    areas: list[str]
    rating_kind: Literal["zero_to_ten"]
    review_on: date | None
    my_rating: Annotated[
        RatingOut | None, Field(description="the client's, where it is the reader's to see")
    ]
    guardian_rating: RatingOut | None
    answered_as: AnsweredAs
    changed_at: datetime
    version: Version


class RatingCreate(Input):
    """Where I am with this goal, from 0 to 10.

    `occurred_at` and `sent_at` are read off the device's clock, as for what is sent of homework;
    without them it is rated now.
    """

    client_key: ClientKey
    value: Value
    visibility: Visibility = None
    occurred_at: Moment | None = None
    sent_at: Moment | None = None


class RatingReceipt(Output):
    """What was stored. `at`: when it was, by our clock."""

    rating_id: Id
    goal_id: Id
    value: int
    at: datetime
    received_at: datetime
    visibility: Shown
