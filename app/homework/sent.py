"""Submissions on the wire: what clients send, and how both sides read it."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from app.core.wire import ClientKey, Id, Input, Moment, Output, Version, Zone
from app.homework.schemas import OccurrenceState, Text
from app.practices.help import HelpOut

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
Scale4 = Annotated[int, Field(strict=True, ge=0, le=4)]


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
    answers: dict[Annotated[str, Field(max_length=100)], Any] = Field(default={}, max_length=100)
    exercise_version_id: Id
    occurred_at: Moment
    zone: Zone
    sent_at: Moment | None = None
    engagement: Engagement | None = None
    obstacles: list[Obstacle] = Field(default=[], max_length=11)
    answers_visible: Literal["shared", "summary_only"] = "shared"


class Receipt(Output):
    """What was stored. `help` is always there; nobody watches this around the clock."""

    submission_id: Id
    version: Annotated[int, Field(description="the `number` this got: 1, and 1 more each time")]
    occurrence_id: Id
    state: OccurrenceState
    received_at: datetime
    in_window: bool
    dropped: list[str]
    help: HelpOut


class ReviewOut(Output):
    """That it was read, by whom, with words to the client if there were any."""

    version: Annotated[int, Field(description="the `number` that was read")]
    at: datetime
    reviewer: str
    comment: str | None


class MySubmissionOut(Output):
    """What I sent, in its newest version, and what came back. To a guardian `answers` is null
    where the client keeps them."""

    id: Id
    occurrence_id: Id
    assignment_id: Id
    number: int
    outcome: Outcome
    answers: dict[str, Any] | None
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
    """A submission as its therapist reads it; `answers` is null where they are not shared.

    `attention` names why it needs attention: fields (`answers`, where they are not shared) and
    obstacles.
    """

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

    number: Annotated[int, Field(strict=True, ge=1, le=2**31 - 1)]
    comment: Text | None = None
    team_comment: Text | None = None
