"""Who reads how much of what was sent, beside the client, who reads all of it.

| sent as | staff who treat | guardians |
|---|---|---|
| `shared` | all of it | all of it |
| `therapist` | all of it | that it was sent |
| `summary_only` | the summary | the summary |

The summary is the outcome, the times, the ratings and the obstacles; guardians do not see those
obstacles that ask for attention. All of it is the answers, their files and the comment as well. A
guardian reads all of what their own sign-in sent.

Each version has a level for guardians and one for staff, which only become less: an edit narrows
the versions before it, and taking back leaves nothing. Staff keep what they reviewed.
"""

from typing import Any, Final

from sqlalchemy import ColumnElement, Integer, and_, case, func, or_, select, update
from sqlalchemy.orm import aliased

from app.access.visible import ME, own, wall
from app.core.statements import Query, p
from app.homework.attention import OBSTACLE_LEVELS
from app.homework.models import (
    Occurrence,
    Review,
    Submission,
    SubmissionAnswer,
    SubmissionVersion,
)
from app.operation.work import Work

NOTHING: Final = 0
SUMMARY: Final = 1
WHOLE: Final = 2
TO_GUARDIANS: Final = {"shared": WHOLE, "therapist": NOTHING, "summary_only": SUMMARY}
TO_STAFF: Final = {"shared": WHOLE, "therapist": WHOLE, "summary_only": SUMMARY}


def is_mine(table: Any) -> Any:
    """The caller is the guardian whose own entry this row belongs to."""
    return table.guardian_id.is_not_distinct_from(ME)


SIDE: Final = case((Submission.guardian_id.is_(None), "client"), else_="guardian").label("side")
"""Whose entry it is."""
GUARDIANS_VERSION: Final = case(
    (is_mine(Submission), Submission.version),
    else_=func.coalesce(Submission.guardian_version, Submission.version),
)
"""The version a guardian is told of: it does not move with what they do not see."""
GUARDIANS_CHANGED_AT: Final = case(
    (is_mine(Submission), Submission.changed_at),
    else_=func.coalesce(Submission.guardian_changed_at, Submission.changed_at),
)
"""When it last changed in something that a guardian sees."""


def head_told(quiet: Any) -> dict[str, Any]:
    """What changes of a submission with its version: where it is `quiet`, guardians are not told
    that anything did."""
    at, version = Submission.guardian_changed_at, Submission.guardian_version
    return {
        "version": Submission.version + 1,
        "changed_at": func.now(),
        "guardian_version": case(
            (quiet, func.coalesce(version, Submission.version)), else_=version + 1
        ),
        "guardian_changed_at": case(
            (quiet, func.coalesce(at, Submission.changed_at)), (at.is_not(None), func.now())
        ),
    }


def slot_told(quiet: Any) -> dict[str, Any]:
    """The same of an occurrence; the client's other devices are told in any case."""
    return {
        "version": Occurrence.version + case((quiet, 0), else_=1),
        "changed_at": case((quiet, Occurrence.changed_at), else_=func.now()),
        "quiet_at": case((quiet, func.now()), else_=Occurrence.quiet_at),
    }


SEEN: Final = wall(
    "guardians",
    or_(
        is_mine(SubmissionVersion),
        and_(
            SubmissionVersion.guardian_level >= SUMMARY,
            SubmissionVersion.answers_visible != "therapist",
        ),
    ),
)
"""A version of which a guardian reads at least the summary."""
SEEN_WHOLE: Final = wall(
    "guardians",
    or_(
        is_mine(SubmissionVersion),
        and_(
            SubmissionVersion.guardian_level == WHOLE,
            SubmissionVersion.answers_visible == "shared",
        ),
    ),
)
"""A version that a guardian reads with its answers."""
STAFF_WHOLE: Final = and_(
    SubmissionVersion.staff_level == WHOLE, SubmissionVersion.answers_visible != "summary_only"
)
"""A version that staff read with its answers."""
STAFF_SUMMARY: Final = SubmissionVersion.staff_level >= SUMMARY
"""A version of which staff read at least the summary."""


def seen_review(review: Any) -> ColumnElement[bool]:
    """A review that a guardian reads: that of a version they read with its answers."""
    return wall("guardians", or_(is_mine(review), review.guardian_level == WHOLE))


def without_attention(obstacles: Any) -> Any:
    """The obstacles without those that ask for attention, which guardians are not told of."""
    for name in OBSTACLE_LEVELS:
        obstacles = func.array_remove(obstacles, name)
    return obstacles


GUARDIANS_OBSTACLES: Final = case(
    (is_mine(SubmissionVersion), SubmissionVersion.obstacles),
    else_=without_attention(SubmissionVersion.obstacles),
)

_reviewed = aliased(Review)
_READ_BEFORE: Final = (
    select(_reviewed.id)
    .where(
        _reviewed.practice_id == SubmissionVersion.practice_id,
        _reviewed.client_id == SubmissionVersion.client_id,
        _reviewed.submission_id == SubmissionVersion.submission_id,
        _reviewed.number == SubmissionVersion.number,
    )
    .correlate(SubmissionVersion)
    .exists()
)
_narrowed = (
    update(SubmissionVersion)
    .where(
        own(SubmissionVersion),
        SubmissionVersion.submission_id == p("submission_id"),
        SubmissionVersion.number < p("below", Integer()),
    )
    .values(
        guardian_level=func.least(SubmissionVersion.guardian_level, p("guardians", Integer())),
        staff_level=case(
            (_READ_BEFORE, SubmissionVersion.staff_level),
            else_=func.least(SubmissionVersion.staff_level, p("staff", Integer())),
        ),
    )
    .returning(
        SubmissionVersion.practice_id,
        SubmissionVersion.id,
        SubmissionVersion.submission_id,
        SubmissionVersion.number,
        SubmissionVersion.guardian_level,
        SubmissionVersion.staff_level,
    )
    .cte("narrowed")
)
_answers = (
    update(SubmissionAnswer)
    .where(
        own(SubmissionAnswer),
        SubmissionAnswer.practice_id == _narrowed.c.practice_id,
        SubmissionAnswer.id == _narrowed.c.id,
    )
    .values(guardian_level=_narrowed.c.guardian_level, staff_level=_narrowed.c.staff_level)
    .cte("answers")
)
_NARROW = Query(
    update(Review)
    .where(
        own(Review),
        Review.practice_id == _narrowed.c.practice_id,
        Review.submission_id == _narrowed.c.submission_id,
        Review.number == _narrowed.c.number,
    )
    .values(guardian_level=_narrowed.c.guardian_level)
    .add_cte(_answers)
)


async def narrow(work: Work, submission_id: str, *, below: int, guardians: int, staff: int) -> None:
    """Leave guardians and staff at most these levels of the versions numbered `below` that, with
    their comments; staff keep those they reviewed. Nothing is widened."""
    values = {"below": below, "guardians": guardians, "staff": staff}
    await work.run(_NARROW, submission_id=submission_id, **values)
