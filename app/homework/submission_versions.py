"""Every version of a submission, each as its reader may still see it: nothing sent is lost.

Two devices that answer one slot make two versions; lists of submissions show the newest.
"""

from typing import Any, Final

from sqlalchemy import Integer, and_, case, or_, select

from app.access.visible import own, readable
from app.core import paging
from app.core.statements import Query, p
from app.homework import submissions, visibility
from app.homework.models import Submission, SubmissionAnswer, SubmissionVersion
from app.homework.submissions import Sees, review, reviewer
from app.operation.work import Row, Work

MOST: Final = 25
"""Versions of a page: each may be as large as a body is."""
_FROM_THE_NEWEST: Final = 2**31 - 1

_OF: Final = and_(
    SubmissionVersion.practice_id == Submission.practice_id,
    SubmissionVersion.client_id == Submission.client_id,
    SubmissionVersion.submission_id == Submission.id,
)
_COLUMNS: Final = (
    SubmissionVersion.id,
    SubmissionVersion.client_id,
    SubmissionVersion.submission_id,
    SubmissionVersion.number,
    SubmissionVersion.outcome,
    SubmissionVersion.answers_visible,
    SubmissionVersion.exercise_version_id,
    SubmissionVersion.occurred_at,
    SubmissionVersion.occurred_corrected_at.label("done_at"),
    SubmissionVersion.received_at,
    SubmissionVersion.in_window,
)
_READ_BACK: Final = (
    SubmissionVersion.engagement,
    SubmissionVersion.obstacles,
    SubmissionVersion.unsafe_from,
)
_TO_GUARDIANS: Final = (
    SubmissionVersion.engagement,
    visibility.GUARDIANS_OBSTACLES.label("obstacles"),
    case((visibility.is_mine(SubmissionVersion), SubmissionVersion.unsafe_from)).label(
        "unsafe_from"
    ),
)


def _seen_by_staff(column: Any, otherwise: Any = None) -> Any:
    return case((visibility.STAFF_SUMMARY, column), else_=otherwise).label(column.key)


_TO_STAFF: Final = (
    _seen_by_staff(SubmissionVersion.engagement),
    _seen_by_staff(SubmissionVersion.obstacles, submissions.NONE),
    _seen_by_staff(SubmissionVersion.unsafe_from),
    SubmissionVersion.attention_level,
    SubmissionVersion.attention,
    SubmissionVersion.zone,
    SubmissionVersion.capacity.label("sent_by"),
)


def _page(ground: Any, sees: Sees, *columns: Any) -> Query:
    its_review = and_(
        review.practice_id == SubmissionVersion.practice_id,
        review.client_id == SubmissionVersion.client_id,
        review.submission_id == SubmissionVersion.submission_id,
        review.number == SubmissionVersion.number,
        sees.review(review),
    )
    return Query(
        select(*_COLUMNS, *columns, *submissions.ANSWER_COLUMNS, *submissions.REVIEW_COLUMNS)
        .select_from(Submission)
        .join(SubmissionVersion, and_(_OF, sees.version))
        .outerjoin(review, its_review)
        .outerjoin(reviewer, submissions.REVIEWER)
        .outerjoin(SubmissionAnswer, and_(submissions.ANSWERS_OF, sees.answers))
        .where(Submission.id == p("id"), ground, SubmissionVersion.number < p("below", Integer()))
        .order_by(SubmissionVersion.number.desc())
        .limit(p("limit", Integer()))
    )


# Of what was taken back unread staff see that it asked for attention, and otherwise nothing.
_SEEN_BY_STAFF: Final = Sees(
    version=or_(visibility.STAFF_SUMMARY, SubmissionVersion.attention_level.is_not(None)),
    answers=visibility.STAFF_WHOLE,
)
_LIST = _page(and_(readable(Submission), submissions.SHOWN), _SEEN_BY_STAFF, *_TO_STAFF)
_MY_LIST: Final = {
    "self": _page(own(Submission), Sees(), *_READ_BACK),
    "guardian": _page(own(Submission), submissions.GUARDIANS_SEE, *_TO_GUARDIANS),
}
_IS_THERE = Query(
    select(Submission.id, Submission.client_id).where(
        Submission.id == p("id"), readable(Submission), submissions.SHOWN
    )
)
_IS_MINE = Query(
    select(Submission.id, Submission.client_id).where(Submission.id == p("id"), own(Submission))
)


async def list_of(work: Work, submission_id: str, *, place: str | None, limit: int) -> list[Row]:
    """Its versions for staff who may read it, newest first, one past the limit.

    Raises BadRequest `paging.cursor`, and as `work.nothing` does.
    """
    rows = await _rows(work, _LIST, submission_id, place, limit)
    if not rows and await work.row(_IS_THERE, id=submission_id) is None:
        await work.nothing(Submission, submission_id)
    return [_shape(row) for row in rows]


async def my_list(work: Work, submission_id: str, *, place: str | None, limit: int) -> list[Row]:
    """The versions of one of the client's own, newest first, one past the limit; to a guardian
    those of which more is theirs to see than that they were sent. Raises as `list_of` does."""
    query = _MY_LIST[work.actor.capacity]
    rows = await _rows(work, query, submission_id, place, limit)
    if not rows and await work.row(_IS_MINE, id=submission_id) is None:
        await work.nothing(Submission, submission_id)
    return [_shape(row) for row in rows]


async def _rows(
    work: Work, query: Query, submission_id: str, place: str | None, limit: int
) -> list[Row]:
    if place is not None and not place.isdecimal():
        raise paging.refused()
    below = _FROM_THE_NEWEST if place is None else int(place)
    return await work.rows(query, id=submission_id, below=below, limit=limit + 1)


def _shape(row: Row) -> Row:
    shown = submissions.with_review(row)
    del shown["client_id"]
    return shown | {"place": str(row["number"])}
