"""Submissions on the wire: what clients send, and how both sides read it."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field, ValidationInfo

from app.core.wire import UNORDERED, WHOLE, ClientKey, Id, Input, Moment, Output, Version, Zone
from app.homework.attention_receipts import ToldOut
from app.homework.schemas import OccurrenceState, Text
from app.library.attention import AttentionLevel
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
UnsafeFrom = Literal["myself", "someone", "not_sure"]
"""From whom, where `unsafe` is among the obstacles."""
MyOutcome = Annotated[
    Literal["completed", "partial", "attempted", "not_ready", "sent"],
    Field(description="`sent`: that it was sent is all that a guardian sees of it"),
]
Side = Annotated[
    Literal["client", "guardian"],
    Field(description="whose entry it is; a guardian's stands beside the client's"),
]
AnswersVisible = Literal["shared", "therapist", "summary_only"]
VISIBLE_WORDS: Final = (
    "who reads it beside me: `shared`, my therapist and my guardians; `therapist`, my therapist,"
    " and guardians see that it was sent; `summary_only`, both see how it went and nobody the"
    " answers. A guardian reads what they sent themselves, and the client all of it"
)
Answers = Annotated[dict[Annotated[str, Field(max_length=100)], Any], Field(max_length=100)]
"""By field id. A file is named by the id of its upload, or by its key: `{"upload_key": …}`."""
Obstacles = Annotated[list[Obstacle], Field(max_length=11), UNORDERED]
NeedsAttention = Annotated[bool, Field(description="there is an `attention_level`")]
Level = Annotated[
    AttentionLevel | None,
    Field(description="how soon it should be seen: the worst of all its versions"),
]
Reasons = Annotated[
    list[str],
    Field(
        description="why, in any of its versions: obstacles, and fields of the form (`answers`,"
        " where staff do not read them)"
    ),
]


def _of_unsafe(said: UnsafeFrom | None, known: ValidationInfo) -> UnsafeFrom | None:
    if said is not None and "unsafe" not in known.data.get("obstacles", ()):
        raise ValueError("it goes with the obstacle unsafe; add that, or leave this out")
    return said


UnsafeFromAsked = Annotated[UnsafeFrom | None, AfterValidator(_of_unsafe)]
"""From whom; only where `unsafe` is among the obstacles, which stand before it."""
Scale4 = Annotated[int, Field(strict=True, ge=0, le=4), WHOLE]


ZoneThere = Annotated[
    Zone | None, Field(description="where it was; none, where the device knows none: my own zone")
]
OccurredAt = Annotated[datetime, Field(description="when it was, as the device said")]
DoneAt = Annotated[
    datetime, Field(description="when it was by our clock: corrected where the device's was off")
]


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


DraftVersion = Annotated[
    int,
    Field(
        strict=True,
        ge=0,
        le=2**31 - 1,
        description="the version of the slot's draft that this goes on from, 0 for none: a newer"
        " one, saved on another device, stays. Absent: whatever draft is there ends with it",
    ),
    WHOLE,
]


class SubmissionCreate(Input):
    """What I did, or did not. Every outcome is welcome; `answers` may be a part of the form.

    `client_key` is made by the device, once for each submission. `occurred_at` and `sent_at` are
    read off the device's clock; where it is wrong, `sent_at` tells by how much. A file is named in
    `answers` by the id of its upload, or by that's key: `{"upload_key": "…"}`.
    """

    client_key: ClientKey
    outcome: Outcome
    answers: Answers = Field(default={})
    exercise_version_id: Id
    occurred_at: Moment
    zone: ZoneThere = None
    sent_at: Moment | None = None
    draft_version: DraftVersion | None = None
    engagement: Engagement | None = None
    obstacles: Obstacles = Field(default=[])
    unsafe_from: UnsafeFromAsked = None
    answers_visible: AnswersVisible | None = Field(
        None, description=f"{VISIBLE_WORDS}. Absent: my `answers_visible_default`"
    )


class DraftPut(Input):
    """What I have so far. Nothing of it is checked but that it is for this exercise: any field
    may be empty or half done, and it is kept as it is until it is sent. So are the files it
    names, for 90 days from its last saving."""

    exercise_version_id: Id
    answers: Answers = Field(default={})
    outcome: Outcome | None = None
    engagement: Engagement | None = None
    obstacles: Obstacles = Field(default=[])
    unsafe_from: UnsafeFrom | None = None
    answers_visible: AnswersVisible | None = None


class MyDraftOut(Output):
    """What I have begun and not sent. Nobody else reads it, or is told that it is there."""

    occurrence_id: Id
    exercise_version_id: Id
    answers: dict[str, Any]
    outcome: Outcome | None
    engagement: dict[str, Any] | None
    obstacles: list[Obstacle]
    unsafe_from: UnsafeFrom | None
    answers_visible: AnswersVisible | None
    changed_at: datetime
    version: Version


class AnsweredBefore(Output):
    """A version that came under another key before."""

    number: int
    received_at: datetime


class Receipt(Output):
    """What was stored. `help` is always there; nobody watches this around the clock. `told` says
    who is told of what is urgent, to the one who sent it; null otherwise."""

    submission_id: Id
    version: Annotated[int, Field(description="the `number` this got: 1, and 1 more each time")]
    submission_version: Annotated[
        int, Field(ge=1, description="of the submission as it is now; usable as If-Match")
    ]
    occurrence_id: Id
    state: OccurrenceState
    received_at: datetime
    in_window: bool
    dropped: Annotated[
        list[str],
        Field(description="fields whose answers were left out, since a condition hid them"),
    ]
    kept_hidden: Annotated[
        list[str],
        Field(description="fields a condition hid whose answers were kept: they are about safety"),
    ]
    also_answered: Annotated[
        list[AnsweredBefore],
        Field(
            description="what had been sent for it under other keys, which this device may not have"
            " seen: newest first, 100 at most; each stays to be read among the versions"
        ),
    ]
    told: ToldOut | None
    help: HelpOut


class ReviewOut(Output):
    """That it was read, by whom, with words to the client if there were any."""

    version: Annotated[int, Field(description="the `number` that was read")]
    at: datetime
    reviewer: Annotated[str, Field(description="who read it, or who wrote the words later")]
    comment: str | None
    commented_at: Annotated[
        datetime | None, Field(description="when the words came, where it was read before them")
    ]


class _MySubmission(Output):
    """What both a list and a single read say, each with what a guardian is not told left out."""

    id: Id
    occurrence_id: Id
    assignment_id: Id
    number: int
    outcome: MyOutcome
    withdrawn: bool
    received_at: datetime
    side: Side
    is_mine: Annotated[bool, Field(description="I sent it, and can send it anew or take it back")]
    version: Version


class MySubmissionOut(_MySubmission):
    """What I sent, in its newest version, and what came back.

    A guardian sees of what the client keeps or took back that it was `sent`, and nothing else: what
    is not theirs to see is null, or empty. `withdrawn`: I took it back; what was reviewed before
    stays with my therapist, marked so.
    """

    answers: dict[str, Any] | None
    answers_visible: AnswersVisible | None
    exercise_version_id: Id
    engagement: dict[str, Any] | None
    obstacles: list[str]
    unsafe_from: UnsafeFrom | None
    occurred_at: OccurredAt | None
    done_at: DoneAt | None
    in_window: bool | None
    review: ReviewOut | None


class MySubmissionVersionOut(Output):
    """One version of what I sent, and what came back for it.

    A guardian is told of the versions of which they see more than that they were sent.
    """

    id: Id
    submission_id: Id
    number: int
    outcome: Outcome
    answers: dict[str, Any] | None
    answers_visible: AnswersVisible
    exercise_version_id: Id
    engagement: dict[str, Any] | None
    obstacles: list[str]
    unsafe_from: UnsafeFrom | None
    occurred_at: OccurredAt
    done_at: DoneAt
    received_at: datetime
    in_window: bool
    review: ReviewOut | None


class SubmissionVersionOut(MySubmissionVersionOut):
    """One version as the client's therapist reads it. What was narrowed or taken back before it
    was read is left out, but for what asked for attention; what was read stays as it was."""

    attention_level: Annotated[
        AttentionLevel | None, Field(description="how soon this version should be seen")
    ]
    attention: Annotated[list[str], Field(description="why, in this version")]
    zone: str
    sent_by: Literal["self", "guardian", "job"]


class MySubmissionItem(_MySubmission):
    """What I sent, in a list."""

    title: str
    is_reviewed: Annotated[bool, Field(description="this version was read")]


class SubmissionItem(Output):
    """A submission in a list: what kind of answer it is, not the answers."""

    id: Id
    client_id: Id
    assignment_id: Id
    occurrence_id: Id
    title: str
    number: int
    outcome: Outcome
    needs_attention: NeedsAttention
    attention_level: Level
    attention_reasons: Reasons
    is_reviewed: bool
    changed_since_review: bool
    withdrawn: bool
    side: Side
    received_at: datetime
    version: Version


class GuardianSubmissionOut(Output):
    """What a guardian sent for the same slot: an entry of its own, to be read by its id."""

    id: Id
    number: int
    outcome: Outcome
    is_reviewed: bool
    received_at: datetime
    version: Version


class SubmissionOut(SubmissionItem):
    """A submission as its therapist reads it; `answers` is null where they are not shared.

    `attention` says the same as `attention_reasons`. Of what the client withdrew before it was
    read, nothing else is shown: `answers` and `engagement` are null, `obstacles` empty.
    """

    answers: dict[str, Any] | None
    answers_visible: AnswersVisible
    attention: list[str]
    exercise_version_id: Id
    engagement: dict[str, Any] | None
    obstacles: list[str]
    unsafe_from: UnsafeFrom | None
    occurred_at: OccurredAt
    done_at: DoneAt
    in_window: bool
    zone: str
    sent_by: Literal["self", "guardian", "job"]
    guardian_submission: Annotated[
        GuardianSubmissionOut | None,
        Field(description="a guardian's entry beside the client's; the newest, if there are more"),
    ]
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

    number: Annotated[int, Field(strict=True, ge=1, le=2**31 - 1), WHOLE]
    comment: Text | None = None
    team_comment: Text | None = None
