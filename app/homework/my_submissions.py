"""Submissions as the client's side reads them."""

from typing import Any, Final

from sqlalchemy import Integer, and_, case, false, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY

from app.access.visible import own
from app.core.statements import UUID_TEXT, Query, p
from app.homework import submissions, visibility
from app.homework.models import Assignment, Submission, SubmissionVersion
from app.homework.sent import MySubmissionItem
from app.operation.work import Row, Work

_THESE: Final = Submission.id == p("ids", ARRAY(UUID_TEXT)).any_()
_HEAD: Final = (
    Submission.id,
    Submission.occurrence_id,
    Submission.assignment_id,
    visibility.SIDE,
    submissions.WITHDRAWN.label("withdrawn"),
)
_MINE_TOLD: Final[dict[str, tuple[Any, ...]]] = {
    "self": (
        Submission.number,
        Submission.outcome,
        SubmissionVersion.received_at,
        Submission.version,
        Submission.guardian_id.is_(None).label("is_mine"),
    ),
    # Of what they do not see a guardian's number and version stay as they are.
    "guardian": (
        case((SubmissionVersion.id.is_not(None), Submission.number), else_=1).label("number"),
        func.coalesce(SubmissionVersion.outcome, "sent").label("outcome"),
        func.coalesce(SubmissionVersion.received_at, Submission.created_at).label("received_at"),
        visibility.GUARDIANS_VERSION.label("version"),
        visibility.is_mine(Submission).label("is_mine"),
    ),
}
_WHOLE: Final[dict[str, tuple[Any, ...]]] = {
    "self": (
        SubmissionVersion.exercise_version_id,
        SubmissionVersion.obstacles,
        SubmissionVersion.unsafe_from,
    ),
    "guardian": (
        func.coalesce(SubmissionVersion.exercise_version_id, Assignment.exercise_version_id).label(
            "exercise_version_id"
        ),
        func.coalesce(visibility.GUARDIANS_OBSTACLES, text("'{}'::text[]")).label("obstacles"),
        case((visibility.is_mine(Submission), SubmissionVersion.unsafe_from)).label("unsafe_from"),
    ),
}
_SEES: Final = {"self": submissions.Sees(), "guardian": submissions.GUARDIANS_SEE}


def _shown(capacity: str, **which: Any) -> Query:
    columns = (
        *_HEAD,
        *_MINE_TOLD[capacity],
        *_WHOLE[capacity],
        Submission.client_id,
        SubmissionVersion.engagement,
    )
    return Query(submissions.whole(own(Submission), _SEES[capacity], *columns, **which))


_MINE = {capacity: _shown(capacity) for capacity in _SEES}
_SEVERAL = {capacity: _shown(capacity, which=_THESE) for capacity in _SEES}


def _listed(capacity: str) -> Query:
    is_reviewed: Any = func.coalesce(Submission.reviewed_number == Submission.number, false())
    if capacity == "guardian":
        is_reviewed = and_(SubmissionVersion.id.is_not(None), is_reviewed)
    return Query(
        select(
            *_HEAD,
            *_MINE_TOLD[capacity],
            is_reviewed.label("is_reviewed"),
            Assignment.id.label("_assignment_id"),
            Assignment.client_id.label("_client_id"),
            Assignment.words,
        )
        .select_from(Submission)
        .join(Assignment, submissions.OF_ASSIGNMENT)
        .outerjoin(SubmissionVersion, and_(submissions.NEWEST, _SEES[capacity].version))
        .where(own(Submission), own(Assignment), Submission.id < p("after"))
        .order_by(Submission.id.desc())
        .limit(p("limit", Integer()))
    )


_MY_LIST = {capacity: _listed(capacity) for capacity in _SEES}


async def my_list(work: Work, *, after: str, limit: int) -> list[Row]:
    """What the client sent, newest first, one past the limit."""
    rows = await work.rows(_MY_LIST[work.actor.capacity], after=after, limit=limit + 1)
    return [
        {name: row[name] for name in MySubmissionItem.model_fields if name in row} for row in rows
    ]


async def mine(work: Work, submission_id: str) -> Row:
    """One of the client's own submissions, and what came back; to a guardian without what the
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
