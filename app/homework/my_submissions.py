"""Submissions as the client's side reads them."""

from typing import Any, Final

from sqlalchemy import Integer, and_, false, func, select, true
from sqlalchemy.dialects.postgresql import ARRAY

from app.access.visible import own
from app.core.statements import UUID_TEXT, Query, p
from app.homework import submissions
from app.homework.models import Assignment, Submission, SubmissionVersion
from app.homework.sent import MySubmissionItem
from app.operation.work import Row, Work

_TO_GUARDIANS: Final = and_(submissions.SHARED, Submission.withdrawn_at.is_(None))
"""What the client keeps, or took back, is not a guardian's to read."""
_THESE: Final = Submission.id == p("ids", ARRAY(UUID_TEXT)).any_()


def _shown(answers: Any, **which: Any) -> Query:
    return Query(
        submissions.whole(
            own(Submission),
            answers,
            Submission.id,
            Submission.client_id,
            Submission.occurrence_id,
            Submission.assignment_id,
            Submission.number,
            Submission.outcome,
            submissions.WITHDRAWN.label("withdrawn"),
            SubmissionVersion.engagement,
            SubmissionVersion.obstacles,
            SubmissionVersion.unsafe_from,
            SubmissionVersion.received_at,
            Submission.version,
            **which,
        )
    )


_ANSWERS: Final = {"self": true(), "guardian": _TO_GUARDIANS}
_MINE = {capacity: _shown(answers) for capacity, answers in _ANSWERS.items()}
_SEVERAL = {capacity: _shown(answers, which=_THESE) for capacity, answers in _ANSWERS.items()}
_MY_LIST = Query(
    select(
        Submission.id,
        Submission.occurrence_id,
        Submission.assignment_id,
        Submission.number,
        Submission.outcome,
        func.coalesce(Submission.reviewed_number == Submission.number, false()).label(
            "is_reviewed"
        ),
        submissions.WITHDRAWN.label("withdrawn"),
        SubmissionVersion.received_at,
        Submission.version,
        Assignment.id.label("_assignment_id"),
        Assignment.client_id.label("_client_id"),
        Assignment.words,
    )
    .select_from(Submission)
    .join(Assignment, submissions.OF_ASSIGNMENT)
    .join(SubmissionVersion, submissions.NEWEST)
    .where(own(Submission), own(Assignment), Submission.id < p("after"))
    .order_by(Submission.id.desc())
    .limit(p("limit", Integer()))
)


async def my_list(work: Work, *, after: str, limit: int) -> list[Row]:
    """What the client sent, newest first, one past the limit."""
    rows = await work.rows(_MY_LIST, after=after, limit=limit + 1)
    return [
        {name: row[name] for name in MySubmissionItem.model_fields if name in row} for row in rows
    ]


async def mine(work: Work, submission_id: str) -> Row:
    """One of the client's own submissions, and what came back; to a guardian without answers the
    client keeps. Raises NotFound."""
    row = await work.row(_MINE[work.actor.capacity], id=submission_id)
    if row is None:
        await work.nothing(Submission, submission_id)
    return _shape(row)


async def several(work: Work, ids: list[str]) -> list[Row]:
    """Those of the client's own submissions that have these ids, as `mine` shows each."""
    return [_shape(row) for row in await work.rows(_SEVERAL[work.actor.capacity], ids=ids)]


def _shape(row: Row) -> Row:
    shown = submissions.with_review(row)
    del shown["client_id"]
    return shown
