"""Submissions as staff read them, and what every reading of them has in common."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Boolean, and_, case, func, or_, select, text, true
from sqlalchemy.orm import aliased

from app.access.grounds import Membership
from app.access.visible import readable
from app.clients import care
from app.core.statements import Query, p
from app.homework import attention_opening, attention_pages, visibility
from app.homework.models import (
    Assignment,
    Review,
    Submission,
    SubmissionAnswer,
    SubmissionVersion,
    TeamComment,
)
from app.operation.work import Row, Work

WITHDRAWN: Final = Submission.withdrawn_at.is_not(None)
SHOWN: Final = or_(
    Submission.withdrawn_at.is_(None),
    Submission.attention_level.is_not(None),
    Submission.reviewed_number.is_not(None),
)
"""What staff are shown: all but what was withdrawn before anyone had read it; that something
needed attention stays."""
HAS_NEWS: Final = and_(
    or_(Submission.reviewed_number.is_(None), Submission.reviewed_number < Submission.number),
    or_(Submission.withdrawn_at.is_(None), Submission.attention_level.is_not(None)),
)
"""Nobody has read its newest version. What needs attention heads every list for as long."""


def _of(table: Any) -> Any:
    """The row of `table` that belongs to the submission."""
    return and_(
        table.practice_id == Submission.practice_id, table.client_id == Submission.client_id
    )


OF_ASSIGNMENT: Final = and_(_of(Assignment), Assignment.id == Submission.assignment_id)
NEWEST: Final = and_(
    _of(SubmissionVersion),
    SubmissionVersion.submission_id == Submission.id,
    SubmissionVersion.number == Submission.number,
)
_ITEM: Final = (
    Submission.id,
    Submission.occurrence_id,
    Submission.number,
    Submission.outcome,
    Submission.attention_level.is_not(None).label("needs_attention"),
    Submission.attention_level,
    Submission.attention_reasons,
    HAS_NEWS.label("has_news"),
    WITHDRAWN.label("withdrawn"),
    Submission.reviewed_number,
    visibility.SIDE,
    SubmissionVersion.received_at,
    Submission.version,
    Assignment.id.label("assignment_id"),
    Assignment.client_id,
    Assignment.words,
)
_VERSION_COLUMNS: Final = (
    SubmissionVersion.answers_visible,
    SubmissionVersion.occurred_at,
    SubmissionVersion.occurred_corrected_at.label("done_at"),
    SubmissionVersion.in_window,
)


def _list(*where: Any) -> Query:
    head = attention_pages.head(
        Submission,
        HAS_NEWS,
        Submission.changed_at,
        readable(Submission),
        SHOWN,
        or_(p("only_news", Boolean()).is_(False), HAS_NEWS),
        *where,
    )
    return Query(
        select(*_ITEM, *attention_pages.place_columns(head))
        .select_from(head)
        .join(Submission, attention_pages.is_row(head, Submission))
        .join(Assignment, OF_ASSIGNMENT)
        .join(SubmissionVersion, NEWEST)
        .order_by(*attention_pages.order(head))
    )


_LIST = _list()
_CLIENT_LIST = _list(Submission.client_id == p("of_client"))

reviewer = aliased(Membership)
review = aliased(Review)
ANSWERS_OF: Final = and_(
    SubmissionAnswer.practice_id == SubmissionVersion.practice_id,
    SubmissionAnswer.client_id == SubmissionVersion.client_id,
    SubmissionAnswer.id == SubmissionVersion.id,
)
_REVIEWED: Final = and_(
    _of(review),
    review.submission_id == Submission.id,
    review.number == Submission.reviewed_number,
)
REVIEWER: Final = and_(
    reviewer.practice_id == review.practice_id,
    # Words that came later may be a colleague's of whoever read it.
    reviewer.user_id == func.coalesce(review.commented_by, review.user_id),
)
REVIEW_COLUMNS: Final = (
    review.id.label("review_id"),
    review.client_id.label("review_client_id"),
    review.number.label("review_number"),
    review.created_at.label("review_at"),
    review.comment.label("review_comment"),
    review.commented_at.label("commented_at"),
    reviewer.user_id.label("reviewer_id"),
    reviewer.words.label("reviewer_words"),
)
ANSWER_COLUMNS: Final = (
    SubmissionAnswer.id.label("answer_id"),
    SubmissionAnswer.client_id.label("answer_client_id"),
    SubmissionAnswer.answers,
)


NONE: Final = text("'{}'::text[]")
_THIS: Final = Submission.id == p("id")


@dataclass(frozen=True, slots=True)
class Sees:
    """What a reader sees of a submission: of its version, of the answers, of a review."""

    version: Any = field(default_factory=true)
    answers: Any = field(default_factory=true)
    review: Callable[[Any], Any] = lambda review: true()


GUARDIANS_SEE: Final = Sees(
    version=visibility.SEEN, answers=visibility.SEEN_WHOLE, review=visibility.seen_review
)


def whole(ground: Any, sees: Sees, *columns: Any, which: Any = _THIS) -> Any:
    """One submission in its newest version: these columns and what all who read it are shown.

    `ground` says whose, `sees` what comes with it, and `which` those that are meant.
    """
    return (
        select(*columns, *_VERSION_COLUMNS, *ANSWER_COLUMNS, *REVIEW_COLUMNS)
        .select_from(Submission)
        .join(Assignment, OF_ASSIGNMENT)
        .outerjoin(SubmissionVersion, and_(NEWEST, sees.version))
        .outerjoin(review, and_(_REVIEWED, sees.review(review)))
        .outerjoin(reviewer, REVIEWER)
        .outerjoin(SubmissionAnswer, and_(ANSWERS_OF, sees.answers))
        .where(which, ground)
    )


_beside, _its_version = aliased(Submission), aliased(SubmissionVersion)
_BESIDE: Final = (
    select(
        func.jsonb_build_object(
            *("id", _beside.id, "number", _beside.number, "outcome", _beside.outcome),
            *("is_reviewed", _beside.reviewed_number.is_not(None)),
            *("received_at", _its_version.received_at, "version", _beside.version),
        )
    )
    .join(
        _its_version,
        and_(
            _its_version.practice_id == _beside.practice_id,
            _its_version.client_id == _beside.client_id,
            _its_version.submission_id == _beside.id,
            _its_version.number == _beside.number,
        ),
    )
    .where(
        _of(_beside),
        _beside.occurrence_id == Submission.occurrence_id,
        _beside.guardian_id.is_not(None),
        _beside.withdrawn_at.is_(None),
        Submission.guardian_id.is_(None),
    )
    .order_by(_beside.id.desc())
    .limit(1)
    .correlate(Submission)
    .scalar_subquery()
    .label("guardian_submission")
)
_STAFF: Final = (
    *_ITEM,
    SubmissionVersion.exercise_version_id,
    case((visibility.STAFF_SUMMARY, SubmissionVersion.engagement)).label("engagement"),
    case((visibility.STAFF_SUMMARY, SubmissionVersion.obstacles), else_=NONE).label("obstacles"),
    case((visibility.STAFF_SUMMARY, SubmissionVersion.unsafe_from)).label("unsafe_from"),
    SubmissionVersion.zone,
    SubmissionVersion.capacity.label("sent_by"),
    _BESIDE,
)
_ONE = Query(
    whole(
        and_(readable(Submission), SHOWN),
        Sees(answers=visibility.STAFF_WHOLE),
        *_STAFF,
        attention_opening.is_unopened(Submission),
    )
)
_TEAM = Query(
    select(
        TeamComment.id,
        TeamComment.client_id,
        TeamComment.user_id,
        TeamComment.created_at.label("at"),
        TeamComment.comment,
    )
    .join(
        Submission,
        and_(_of(TeamComment), Submission.id == TeamComment.submission_id),
    )
    .where(TeamComment.submission_id == p("id"), readable(Submission))
    .order_by(TeamComment.id)
    .limit(100)
)


async def list_of(
    work: Work, client_id: str | None, *, place: str | None, limit: int, only_news: bool
) -> list[Row]:
    """Submissions of one client or of the whole caseload, one past the limit.

    Those that nobody has read and that are urgent come first, then those to be seen soon, each by
    how long it waits; the rest newest first. A row's `place` is where the list continues after it.
    Raises BadRequest `paging.cursor`.
    """
    values = attention_pages.after(place) | {"limit": limit + 1, "only_news": only_news}
    if client_id is None:
        return [_listed(row) for row in await work.rows(_LIST, **values)]
    rows = await work.rows(_CLIENT_LIST, of_client=client_id, **values)
    if not rows:
        await care.demand_readable(work, client_id)
    return [_listed(row) for row in rows]


async def get(work: Work, submission_id: str) -> Row:
    """One submission with its answers, for staff who may read it. Raises as `work.nothing`."""
    row = await work.row(_ONE, id=submission_id)
    if row is None:
        await work.nothing(Submission, submission_id)
    await attention_opening.open_if_unopened(work, Submission, row)
    team = await work.rows(_TEAM, id=submission_id)
    for one in team:
        del one["client_id"]
    item = _item(with_review(row))
    return item | {"attention": item["attention_reasons"], "team_comments": team}


def _listed(row: Row) -> Row:
    return _item(attention_pages.with_place(row))


def _item(row: Row) -> Row:
    """A row as lists show it: with what changed since the review."""
    reviewed, has_news = row.pop("reviewed_number"), row.pop("has_news")
    for inner in ("rationale", "instructions", "minimum_version", "steps"):
        row.pop(inner, None)
    row["is_reviewed"] = reviewed is not None
    row["changed_since_review"] = reviewed is not None and has_news
    return row


def with_review(row: Row) -> Row:
    """A row of `whole` as it is shown, its review a thing of its own."""
    for inner in ("answer_id", "answer_client_id", "review_client_id", "reviewer_id"):
        del row[inner]
    reviewer = row.pop("reviewer_words")
    at, number = row.pop("review_at"), row.pop("review_number")
    comment, commented_at = row.pop("review_comment"), row.pop("commented_at")
    row["review"] = (
        None
        if row.pop("review_id") is None
        else {
            "version": number,
            "at": at,
            "reviewer": reviewer.value["name"] if reviewer else "your therapist",
            "comment": comment,
            "commented_at": commented_at,
        }
    )
    return row
