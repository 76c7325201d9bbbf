"""The statements that store a submission: the slot, locked; what is there; one writes it all.

The slot is always locked first, so that of two writers one waits for the other.
"""

from typing import Any, Final

from sqlalchemy import Text, and_, case, func, insert, or_, select, union_all, update

from app.access.practice import Practice
from app.access.visible import own
from app.core.statements import Query, p
from app.files.models import Upload
from app.homework.drafting import ENDED, GONE
from app.homework.models import (
    Assignment,
    Occurrence,
    Submission,
    SubmissionAnswer,
    SubmissionVersion,
)

_OF_ASSIGNMENT: Final = (
    Assignment.id.label("assignment_id"),
    Assignment.episode_id,
    Assignment.library_id,
    Assignment.exercise_version_id,
    Practice.crisis_resources,
)
_SLOT: Final = (
    select(
        Occurrence.id,
        Occurrence.status,
        Occurrence.opens_at,
        Occurrence.due_at,
        Occurrence.closes_at,
        Occurrence.drafted_at,
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
SLOT = Query(_SLOT.where(Occurrence.id == p("id")))
SLOT_OF = Query(
    _SLOT.join(
        Submission,
        and_(
            Submission.practice_id == Occurrence.practice_id,
            Submission.client_id == Occurrence.client_id,
            Submission.occurrence_id == Occurrence.id,
        ),
    ).where(Submission.id == p("id"), own(Submission))
)
"""The slot a submission is for."""
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
    Submission.occurrence_id,
    Submission.attention_level,
    Submission.attention_reasons,
    Submission.version.label("submission_version"),
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
        .where(own(SubmissionVersion), Submission.occurrence_id == p("occurrence_id")),
    )
)
"""What came under this key before, and the newest version of what is there for the slot."""
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
    )
    .returning(Submission.id)
    .cte("head")
)
_NEXT = (
    update(Submission)
    .where(own(Submission), Submission.id == p("submission_id"))
    .values(
        number=_column("number"),
        outcome=_column("outcome"),
        **_ATTENTION,
        withdrawn_at=None,
        version=Submission.version + 1,
        changed_at=func.now(),
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
_ANSWERS = (
    insert(SubmissionAnswer)
    .values(
        **_CLIENT,
        id=p("version_id"),
        visible=_column("answers_visible"),
        answers=p("answers", SubmissionAnswer.answers.type),
    )
    # Returns nothing: a guardian may send what only the client reads.
    .cte("answers")
)


def _write(head: Any, *, ends_draft: bool) -> Query:
    values: dict[str, Any] = ENDED if ends_draft else {}
    return Query(
        update(Occurrence)
        .where(own(Occurrence), Occurrence.id == p("occurrence_id"))
        .values(status="submitted", version=Occurrence.version + 1, changed_at=func.now(), **values)
        .add_cte(head, _VERSION, _ANSWERS, *([GONE] if ends_draft else []))
    )


WRITE_FIRST = _write(_FIRST, ends_draft=False)
WRITE_NEXT = _write(_NEXT, ends_draft=False)
SEND_DRAFT_FIRST = _write(_FIRST, ends_draft=True)
SEND_DRAFT_NEXT = _write(_NEXT, ends_draft=True)
"""The same where a draft of the caller's own ends with it."""
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
    )
    .add_cte(_FIRST, _VERSION, _ANSWERS)
)
"""Work without a slot: it makes its own."""

HEAD = Query(
    select(
        Submission.id,
        Submission.client_id,
        Submission.version,
        Submission.withdrawn_at,
        Submission.reviewed_number,
    ).where(own(Submission), Submission.id == p("id"))
)
_WITHDRAWN = (
    update(Submission)
    .where(own(Submission), Submission.id == p("submission_id"))
    .values(withdrawn_at=func.now(), version=Submission.version + 1, changed_at=func.now())
)
WITHDRAW = Query(_WITHDRAWN)
"""Takes back what was reviewed: it is marked, and nothing else changes."""
_GOES_ON: Final = (
    select(Assignment.id)
    .where(
        own(Assignment),
        Assignment.id == Occurrence.assignment_id,
        or_(Assignment.status == "active", Assignment.status == "paused"),
    )
    .exists()
)
REOPEN = Query(
    update(Occurrence)
    .where(own(Occurrence), Occurrence.id == p("occurrence_id"))
    .values(
        # A slot that was made for the work alone, or of homework that is over, opens for nobody.
        status=case(
            (and_(_GOES_ON, Occurrence.is_extra.is_(False)), "upcoming"), else_="cancelled"
        ),
        version=Occurrence.version + 1,
        changed_at=func.now(),
    )
    .add_cte(_WITHDRAWN.returning(Submission.id).cte("head"))
)
"""Takes back what nobody has reviewed: the slot is as if nothing had come."""
