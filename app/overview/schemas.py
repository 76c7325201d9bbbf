"""Overviews at the staff door, on the wire."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from app.core.wire import WHOLE, Id, Input, Output, Version
from app.homework.schemas import DeclineReason
from app.homework.sent import (
    AnswersVisible,
    Level,
    NeedsAttention,
    Obstacle,
    Outcome,
    Reasons,
    Side,
)
from app.rests.schemas import StartedAs
from app.sessions.schemas import Attendance, Setting

Number = Annotated[int, Field(strict=True, ge=1, le=2**31 - 1), WHOLE]


class QueueItem(Output):
    """Something a client sent that nobody has read in its newest version.

    `number` is that version's, null for a repetition; `outcome` is null for a repetition and for
    what was taken back. `client` and the titles are to be shown, the ids to be followed.
    """

    kind: Literal["submission", "repetition"]
    id: Id
    client_id: Id
    client: str
    assignment_id: Id | None
    assignment: str | None
    exercise_title: str
    outcome: Outcome | None
    number: int | None
    received_at: datetime
    needs_attention: NeedsAttention
    attention_level: Level
    attention_reasons: Reasons
    changed_since_review: bool
    withdrawn: bool
    side: Side
    answers_visible: AnswersVisible | None
    version: Version


class Acknowledged(Input):
    """A submission, in the version (its `number`) that was read."""

    submission_id: Id
    number: Number


class AcknowledgeRequest(Input):
    """What was read and needs no words."""

    items: Annotated[list[Acknowledged], Field(min_length=1, max_length=100)]


class AcknowledgedOut(Output):
    """What became of one: `newer` says that another version came, `needs_attention` that it is
    read by itself, never in bulk; `number` is the newest version's."""

    submission_id: Id
    result: Literal["acknowledged", "already", "newer", "needs_attention", "not_found"]
    number: int | None


class AcknowledgementsOut(Output):
    """What became of each, in the order asked."""

    items: list[AcknowledgedOut]


class BoardCounts(Output):
    """Plain counts of the last so many days. Each slot counts once: in what was sent for it, or as
    excused or without a response. `extra` is work without a slot, beside these; `late` is how many
    of what counts were done after their slot had closed."""

    done: int
    partial: int
    tried: int
    not_ready: int
    excused: int
    no_response: int
    extra: int
    late: int
    repetitions: int


class RecurringObstacle(Output):
    """An obstacle that was named more than once in the last 28 days."""

    obstacle: Obstacle
    times: int


class BoardAssignment(Output):
    """One assignment on the board."""

    assignment_id: Id
    title: str
    exercise_title: str
    status: Literal["active", "paused", "done", "ended"]
    late_policy: Literal["counts", "counts_as_late", "does_not_count"]
    last_14_days: BoardCounts
    last_28_days: BoardCounts
    last_answer_at: datetime | None
    recurring_obstacles: list[RecurringObstacle]


class BoardRepetitions(Output):
    """How often anything was practised, with an assignment or without."""

    last_14_days: int
    last_28_days: int


class BoardOut(Output):
    """A client's homework at a glance: what is active or paused, or ended in the last 28 days."""

    assignments: list[BoardAssignment]
    repetitions: BoardRepetitions


class TodaySession(Output):
    """A session of the day."""

    id: Id
    client_id: Id
    client: str
    therapist_id: Id
    therapist: str
    starts_at: datetime
    zone: str
    minutes: int
    setting: Setting
    attendance: Attendance
    version: Version


class TodayQueue(Output):
    """The review queue: how long it is, up to 1,000 (`more`: and longer), and its first ten."""

    count: int
    more: bool
    first: list[QueueItem]


class TodayUrgent(Output):
    """How many urgent ones wait, up to 1,000 (`more`: and longer), and where to read them all."""

    count: int
    more: bool
    review_queue: Annotated[str, Field(description="the review queue of what is urgent alone")]


class TodayQuestion(Output):
    """What a client asks about an assignment, and waits to hear."""

    id: Id
    client_id: Id
    client: str
    assignment_id: Id
    assignment: str
    question: str
    asked_at: datetime
    version: Version


class TodayProposal(Output):
    """Homework the client has not answered, or said no to in the last 28 days; since when."""

    id: Id
    client_id: Id
    client: str
    title: str
    status: Literal["proposed", "declined"]
    decline_reason: DeclineReason | None
    decline_words: Annotated[str | None, Field(description="what the client said with it")]
    since: datetime
    version: Version


class TodayRest(Output):
    """A rest period that has run for 14 days or more, and was not looked in on for as long; or one
    that a guardian started, until somebody looks in."""

    id: Id
    client_id: Id
    client: str
    starts_on: date
    ends_on: date | None
    looked_in_at: datetime | None
    started_as: StartedAs
    version: Version


class TodayDraft(Output):
    """A note of the caller's that is not signed."""

    id: Id
    client_id: Id
    client: str
    kind: str
    status: Literal["draft", "returned"]
    created_at: datetime
    version: Version


class TodayAddress(Output):
    """An address that the front desk put on file, of a client who has not joined: to be confirmed
    as theirs (confirm_client_address), in the client's `version`."""

    client_id: Id
    client: str
    email: str
    since: datetime
    version: Version


class TodayUnattended(Output):
    """An open episode that nobody treats now."""

    client_id: Id
    client: str
    episode_id: Id
    opened_on: date
    version: Version


class TodayEscalated(Output):
    """Something urgent that the caller was told of by mail, since nobody who treats the client
    could be told, or nobody opened it. What was sent is read by who treats; this is to act on."""

    id: Annotated[Id, Field(description="to open it: then nobody else is told")]
    client_id: Id
    client: str | None
    kind: Literal["submission", "repetition"]
    about_id: Annotated[Id, Field(description="the submission or repetition")]
    attention_reasons: list[str]
    told_at: datetime
    opened_at: Annotated[datetime | None, Field(description="when someone opened it")]
    opened_by: Annotated[str | None, Field(description="who opened it, by name")]


class StaffTodayOut(Output):
    """The caller's day in `zone`. A section is null where it is not the caller's to see: sessions
    and `escalated` are for everyone, `unattended` for owners, the rest for therapists;
    `addresses_to_confirm` are of clients the caller treats, and for owners of those whom nobody
    does. Each section but these shows what has waited longest, 25 at the most; `needs_attention`
    first shows what is urgent: up to 100 that clients sent themselves, then up to 25 that
    guardians sent."""

    on: date
    zone: str
    sessions: list[TodaySession]
    needs_attention: list[QueueItem] | None
    urgent: TodayUrgent | None
    review_queue: TodayQueue | None
    questions: list[TodayQuestion] | None
    proposals: list[TodayProposal] | None
    rests: list[TodayRest] | None
    drafts: list[TodayDraft] | None
    addresses_to_confirm: list[TodayAddress] | None
    unattended: list[TodayUnattended] | None
    escalated: list[TodayEscalated]
