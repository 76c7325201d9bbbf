"""The statements that store a submission: the slot, locked; what is there; one writes it all."""

from typing import Any, Final

from sqlalchemy import Text, and_, func, insert, or_, select, union_all, update

from app.access.practice import Practice
from app.access.visible import own
from app.core.statements import Query, p
from app.homework.models import (
    Assignment,
    Occurrence,
    Submission,
    SubmissionAnswer,
    SubmissionVersion,
)

SLOT = Query(
    select(
        Occurrence.id,
        Occurrence.status,
        Occurrence.opens_at,
        Occurrence.due_at,
        Occurrence.closes_at,
        Occurrence.client_id,
        Assignment.id.label("assignment_id"),
        Assignment.episode_id,
        Assignment.library_id,
        Assignment.exercise_version_id,
        Practice.crisis_resources,
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
    .where(Occurrence.id == p("id"), own(Occurrence), own(Assignment))
    .with_for_update(of=Occurrence)
)
_STORED: Final = (
    SubmissionVersion.id.label("version_id"),
    SubmissionVersion.submission_id,
    SubmissionVersion.number,
    SubmissionVersion.received_at,
    SubmissionVersion.in_window,
    SubmissionVersion.dropped,
    SubmissionVersion.body_hash,
    SubmissionVersion.client_id,
    SubmissionVersion.client_key,
    Submission.occurrence_id,
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


def _column(name: str) -> Any:
    return p(name, SubmissionVersion.__table__.columns[name].type)


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
        needs_attention=p("needs_attention", Submission.needs_attention.type),
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
        needs_attention=or_(
            Submission.needs_attention, p("needs_attention", Submission.needs_attention.type)
        ),
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
    "attention",
    "dropped",
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


def _write(head: Any) -> Query:
    return Query(
        update(Occurrence)
        .where(own(Occurrence), Occurrence.id == p("occurrence_id"))
        .values(status="submitted", version=Occurrence.version + 1, changed_at=func.now())
        .add_cte(head, _VERSION, _ANSWERS)
    )


WRITE_FIRST = _write(_FIRST)
WRITE_NEXT = _write(_NEXT)
