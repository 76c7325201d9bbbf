"""Repetitions on the wire: practice of an exercise, for a slot or for none."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from app.clients.default_visibility import Shown, Visibility
from app.core.wire import WHOLE, ClientKey, Id, Input, Moment, Output, Version
from app.homework.attention_receipts import ToldOut
from app.homework.schemas import Text
from app.homework.sent import (
    DoneAt,
    Level,
    NeedsAttention,
    Obstacle,
    Obstacles,
    OccurredAt,
    Reasons,
    UnsafeFrom,
    UnsafeFromAsked,
    ZoneThere,
)
from app.practices.help import HelpOut

Distress = Annotated[int, Field(strict=True, ge=0, le=10, description="0 none, 10 the most"), WHOLE]


class RepetitionCreate(Input):
    """I practised this, any number of times. It needs no assignment and no slot.

    `client_key` is made by the device, once for each. `occurred_at` and `sent_at` are read off the
    device's clock; where it is wrong, `sent_at` tells by how much.
    """

    client_key: ClientKey
    exercise_version_id: Id
    assignment_id: Id | None = None
    occurrence_id: Id | None = None
    times: Annotated[int, Field(strict=True, ge=1, le=1000), WHOLE] = 1
    minutes: (
        Annotated[int, Field(strict=True, ge=0, le=1440, description="in all"), WHOLE] | None
    ) = None
    distress_before: Distress | None = None
    distress_after: Distress | None = None
    obstacles: Obstacles = Field(default=[])
    unsafe_from: UnsafeFromAsked = None
    note: Text | None = None
    visibility: Visibility = None
    occurred_at: Moment
    zone: ZoneThere = None
    sent_at: Moment | None = None


class RepetitionReceipt(Output):
    """What was stored. `help` is always there; nobody watches this around the clock. `told` says
    who is told of what is urgent, to the one who sent it; null otherwise."""

    repetition_id: Id
    exercise_version_id: Id
    assignment_id: Id | None
    occurrence_id: Id | None
    times: int
    received_at: datetime
    told: ToldOut | None
    help: HelpOut


class MyRepetitionOut(Output):
    """Practice as its client reads it."""

    id: Id
    exercise_version_id: Id
    title: Annotated[str, Field(description="of the exercise")]
    assignment_id: Id | None
    occurrence_id: Id | None
    times: int
    minutes: int | None
    distress_before: int | None
    distress_after: int | None
    obstacles: list[Obstacle]
    unsafe_from: UnsafeFrom | None
    note: str | None
    visibility: Shown
    occurred_at: OccurredAt
    done_at: DoneAt
    received_at: datetime
    version: Version


class RepetitionOut(MyRepetitionOut):
    """Practice as the client's therapist reads it."""

    client_id: Id
    episode_id: Id
    zone: str
    sent_by: Literal["self", "guardian", "job"]
    needs_attention: NeedsAttention
    attention_level: Level
    attention_reasons: Reasons
    seen_at: datetime | None
