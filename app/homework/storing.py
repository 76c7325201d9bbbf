"""The statements that store a submission: the slot, locked; what is there; one writes it all.

The slot is always locked first, so that of two writers one waits for the other.
"""

from typing import Any, Final

from sqlalchemy import Boolean, Integer, Text, and_, func, insert, or_, select, union_all, update
from sqlalchemy.orm import aliased

from app.access.practice import Practice
from app.access.visible import own
from app.clients.default_visibility import HAS_GUARDIANS
from app.core.statements import Query, p
from app.files.models import Upload
from app.files.retention import LET_FILES_GO
from app.homework.drafting import ENDED, GONE
from app.homework.models import (
    Assignment,
    Occurrence,
    Submission,
    SubmissionAnswer,
    SubmissionVersion,
)
from app.homework.slot_entries import of_slot
from app.homework.visibility import head_told, slot_told

_OF_ASSIGNMENT: Final = (
    Assignment.id.label("assignment_id"),
    Assignment.episode_id,
    Assignment.library_id,
    Assignment.exercise_version_id,
    Assignment.kept_by,
    Practice.crisis_resources,
    HAS_GUARDIANS,
)
SENDER: Final = p("guardian_id")
"""Whose entry it is: the guardian who sends; None for the client."""


def of_sender(table: Any) -> Any:
    """Of these rows, those of the sender's own entries."""
    return table.guardian_id.is_not_distinct_from(SENDER)


_mine, _other = aliased(Submission), aliased(Submission)
_EARLIER_MINE: Final = (
    select(_mine.id)
    .where(of_slot(_mine), of_sender(_mine), _mine.id < _other.id)
    .correlate(Occurrence, _other)
    .exists()
)
_IS_LED: Final = (
    select(_other.id)
    .where(
        of_slot(_other),
        ~of_sender(_other),
        _other.withdrawn_at.is_(None),
        or_(_other.guardian_id.is_(None), ~_EARLIER_MINE),
    )
    .correlate(Occurrence)
    .exists()
    .label("is_led")
)
_SLOT: Final = (
    select(
        Occurrence.id,
        Occurrence.status,
        Occurrence.opens_at,
        Occurrence.due_at,
        Occurrence.closes_at,
        Occurrence.drafted_at,
        Occurrence.draft_version,
        Occurrence.client_id,
        *_OF_ASSIGNMENT,
    )
    .select_from(Occurrence)
    .join(
        Assignment,
        and_(
            Assignment.practice_id == Occurrence.practice_id,
            Assignment.client_id == Occurrence.client_id,
            Assignment.id == Occurrence.assignment_id,
        ),
    )
    .join(Practice, Practice.practice_id == Occurrence.practice_id)
    .where(own(Occurrence), own(Assignment))
    .with_for_update(of=Occurrence)
)
# What a guardian sends stands beside the client's entry, which says what state the slot is in.
_SLOTS: Final = {"self": _SLOT, "guardian": _SLOT.add_columns(_IS_LED)}
SLOT: Final = {
    capacity: Query(slot.where(Occurrence.id == p("id"))) for capacity, slot in _SLOTS.items()
}
SLOT_OF: Final = {
    capacity: Query(
        slot.add_columns(Submission.guardian_id)
        .join(Submission, of_slot(Submission))
        .where(Submission.id == p("id"), own(Submission))
    )
    for capacity, slot in _SLOTS.items()
}
"""The slot a submission is for, and whose entry that is."""
# A therapist's draft is not the client's yet.
_THEIRS: Final = and_(
    own(Assignment), Assignment.status != "draft", Assignment.status != "discarded"
)
PLACE = Query(
    select(Assignment.client_id, *_OF_ASSIGNMENT)
    .join(Practice, Practice.practice_id == Assignment.practice_id)
    .where(Assignment.id == p("id"), _THEIRS)
)
"""An assignment the client knows, whatever has become of it."""
_STORED: Final = (
    SubmissionVersion.id.label("version_id"),
    SubmissionVersion.submission_id,
    SubmissionVersion.number,
    SubmissionVersion.received_at,
    SubmissionVersion.in_window,
    SubmissionVersion.dropped,
    SubmissionVersion.kept_hidden,
    SubmissionVersion.body_hash,
    SubmissionVersion.client_id,
    SubmissionVersion.client_key,
    SubmissionVersion.met,
    SubmissionVersion.attention_level.label("version_level"),
    Submission.occurrence_id,
    Submission.episode_id,
    Submission.attention_level,
    Submission.attention_reasons,
    Submission.version.label("submission_version"),
    Submission.reviewed_number,
    Submission.withdrawn_at,
    Submission.guardian_id,
    Submission.guardian_level,
    select(Upload.id)
    .where(
        Upload.practice_id == Submission.practice_id,
        Upload.client_id == Submission.client_id,
        Upload.submission_id == Submission.id,
    )
    .exists()
    .label("has_files"),
)
_OF_SUBMISSION: Final = and_(
    Submission.practice_id == SubmissionVersion.practice_id,
    Submission.client_id == SubmissionVersion.client_id,
    Submission.id == SubmissionVersion.submission_id,
)
# Two looks, each by a unique key: one with `or` reads all that the client ever sent.
THERE = Query(
    union_all(
        select(*_STORED)
        .join(Submission, _OF_SUBMISSION)
        .where(own(SubmissionVersion), SubmissionVersion.client_key == p("client_key", Text())),
        select(*_STORED)
        .join(Submission, and_(_OF_SUBMISSION, Submission.number == SubmissionVersion.number))
        .where(
            own(SubmissionVersion),
            Submission.occurrence_id == p("occurrence_id"),
            of_sender(Submission),
        ),
    )
)
"""What came under this key before, and the newest version of the sender's entry for the slot."""
ALSO_ANSWERED = Query(
    select(SubmissionVersion.number, SubmissionVersion.received_at, SubmissionVersion.client_id)
    .where(
        own(SubmissionVersion),
        SubmissionVersion.submission_id == p("submission_id"),
        SubmissionVersion.number <= p("met", Integer()),
    )
    .order_by(SubmissionVersion.number.desc())
    .limit(100)
)
"""What had been sent for the slot when a version came under another key."""
BY_KEY = Query(
    select(*_STORED, Occurrence.status, Practice.crisis_resources)
    .join(Submission, _OF_SUBMISSION)
    .join(
        Occurrence,
        and_(
            Occurrence.practice_id == Submission.practice_id,
            Occurrence.client_id == Submission.client_id,
            Occurrence.id == Submission.occurrence_id,
        ),
    )
    .join(Practice, Practice.practice_id == Submission.practice_id)
    .where(
        own(SubmissionVersion),
        own(Occurrence),
        of_sender(Submission),
        SubmissionVersion.client_key == p("client_key", Text()),
    )
)


def _column(name: str) -> Any:
    return p(name, SubmissionVersion.__table__.columns[name].type)


_ATTENTION: Final = {
    name: p(name, Submission.__table__.columns[name].type)
    for name in ("needs_attention", "attention_level", "attention_reasons")
}
"""Of all the versions; of the version itself it is `version_level` and `attention`."""
_CLIENT = {"practice_id": p("practice_id"), "client_id": p("acting")}
_FIRST = (
    insert(Submission)
    .values(
        **_CLIENT,
        id=p("submission_id"),
        occurrence_id=p("occurrence_id"),
        assignment_id=p("assignment_id"),
        episode_id=p("episode_id"),
        outcome=_column("outcome"),
        **_ATTENTION,
        guardian_id=SENDER,
        guardian_level=_column("guardian_level"),
        kept_by=p("kept_by"),
    )
    .returning(Submission.id)
    .cte("head")
)
QUIET: Final = p("quiet", Boolean())
"""Guardians are not told that anything changed: they saw that it was sent, and see no more now."""
_NEXT = (
    update(Submission)
    .where(own(Submission), Submission.id == p("submission_id"))
    .values(
        number=_column("number"),
        outcome=_column("outcome"),
        **_ATTENTION,
        withdrawn_at=None,
        guardian_level=_column("guardian_level"),
        **head_told(QUIET),
    )
    .returning(Submission.id)
    .cte("head")
)
_VERSION_NAMES: Final = (
    "submission_id",
    "number",
    "client_key",
    "body_hash",
    "outcome",
    "answers_visible",
    "library_id",
    "exercise_version_id",
    "engagement",
    "obstacles",
    "unsafe_from",
    "attention",
    "dropped",
    "kept_hidden",
    "occurred_at",
    "occurred_corrected_at",
    "sent_at",
    "received_at",
    "zone",
    "in_window",
    "capacity",
    "met",
    "guardian_id",
    "guardian_level",
    "staff_level",
)
_VERSION = (
    insert(SubmissionVersion)
    .values(
        **_CLIENT,
        id=p("version_id"),
        by_user_id=p("me"),
        attention_level=p("version_level", SubmissionVersion.attention_level.type),
        **{name: _column(name) for name in _VERSION_NAMES},
    )
    .returning(SubmissionVersion.id)
    .cte("version")
)
_INSERT_ANSWERS = insert(SubmissionAnswer).values(
    **_CLIENT,
    id=p("version_id"),
    visible=_column("answers_visible"),
    answers=p("answers", SubmissionAnswer.answers.type),
    **{name: _column(name) for name in ("guardian_id", "guardian_level", "staff_level")},
)
# Returns nothing: a guardian may send what only the client reads.
_ANSWERS = _INSERT_ANSWERS.cte("answers")


_TOLD: Final = {"version": Occurrence.version + 1, "changed_at": func.now()}


def _write(head: Any, told: dict[str, Any], *, ends_draft: bool) -> Query:
    values: dict[str, Any] = ENDED if ends_draft else {}
    return Query(
        update(Occurrence)
        .where(own(Occurrence), Occurrence.id == p("occurrence_id"))
        .values(status="submitted", **told, **values)
        .add_cte(head, _VERSION, _ANSWERS, *([GONE, LET_FILES_GO] if ends_draft else []))
    )


def _write_beside(head: Any) -> Query:
    """The slot stays as it is: somebody else's entry says what state it is in."""
    return Query(_INSERT_ANSWERS.add_cte(head, _VERSION))


WRITE_FIRST = _write(_FIRST, _TOLD, ends_draft=False)
WRITE_NEXT = _write(_NEXT, slot_told(QUIET), ends_draft=False)
SEND_DRAFT_FIRST = _write(_FIRST, _TOLD, ends_draft=True)
SEND_DRAFT_NEXT = _write(_NEXT, slot_told(QUIET), ends_draft=True)
"""The same where a draft of the caller's own ends with it."""
WRITE_BESIDE_FIRST = _write_beside(_FIRST)
WRITE_BESIDE_NEXT = _write_beside(_NEXT)
WRITE_EXTRA = Query(
    insert(Occurrence)
    .values(
        **_CLIENT,
        id=p("occurrence_id"),
        assignment_id=p("assignment_id"),
        slot=p("slot", Occurrence.slot.type),
        local_on=p("local_on", Occurrence.local_on.type),
        opens_at=_column("occurred_corrected_at"),
        status="submitted",
        is_extra=True,
        kept_by=p("kept_by"),
    )
    .add_cte(_FIRST, _VERSION, _ANSWERS)
)
"""Work without a slot: it makes its own."""
