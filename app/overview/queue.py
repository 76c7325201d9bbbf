"""The review queue: what clients sent and nobody has read in its newest version.

What needs attention comes first, then what has waited longest. It is the queue of an episode's
care team: who covers for a colleague has the colleague's.
"""

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    Integer,
    Text,
    and_,
    case,
    cast,
    func,
    literal_column,
    null,
    or_,
    select,
    true,
    tuple_,
    union_all,
)

from app.access.visible import caseload, treated
from app.clients.models import Client
from app.core.database import Instant
from app.core.ids import BEFORE_ALL
from app.core.statements import Query, p
from app.homework.along import Repetition
from app.homework.models import Assignment, Submission, SubmissionVersion
from app.homework.submissions import HAS_NEWS
from app.library.models import ExerciseVersion
from app.operation.work import Row, Work
from app.overview import showing

MOST_COUNTED: Final = 1000
"""A longer queue is counted as this many, and more."""

_UNSEEN = and_(Repetition.needs_attention, Repetition.seen_at.is_(None))


def _word(text: str) -> Any:
    return literal_column(f"'{text}'", Text())


_MINE: Final = caseload()
_PLACE = p("after_pressing", Boolean())


def _page_of(statement: Any, pressing: Any, since: Any, id_: Any) -> Any:
    """The first of one client's rows after the place: the whole page lies among those of all."""
    after = tuple_(p("after_since", Instant()), p("after"))
    return (
        statement.where(
            or_(pressing < _PLACE, and_(pressing == _PLACE, tuple_(since, id_) > after))
        )
        .order_by(pressing.desc(), since, id_)
        .limit(p("limit", Integer()))
        .lateral()
    )


# Submissions wait since they last changed: since their newest version came, or was taken back.
_SUBMISSIONS: Final = _page_of(
    select(
        _word("submission").label("kind"),
        Submission.practice_id,
        Submission.client_id,
        Submission.id,
        Submission.assignment_id,
        Submission.number,
        Submission.outcome,
        Submission.needs_attention,
        Submission.reviewed_number.is_not(None).label("changed_since_review"),
        Submission.withdrawn_at.is_not(None).label("withdrawn"),
        Submission.changed_at.label("since"),
        Submission.version,
        cast(null(), Repetition.library_id.type).label("library_id"),
        cast(null(), Repetition.exercise_version_id.type).label("exercise_version_id"),
    ).where(treated(Submission), Submission.client_id == _MINE.c.client_id, HAS_NEWS),
    Submission.needs_attention,
    Submission.changed_at,
    Submission.id,
)
_REPETITIONS: Final = _page_of(
    select(
        _word("repetition").label("kind"),
        Repetition.practice_id,
        Repetition.client_id,
        Repetition.id,
        Repetition.assignment_id,
        cast(null(), Integer()).label("number"),
        cast(null(), Text()).label("outcome"),
        Repetition.needs_attention,
        literal_column("false", Boolean()).label("changed_since_review"),
        literal_column("false", Boolean()).label("withdrawn"),
        Repetition.received_at.label("since"),
        Repetition.version,
        Repetition.library_id,
        Repetition.exercise_version_id,
    ).where(treated(Repetition), Repetition.client_id == _MINE.c.client_id, _UNSEEN),
    Repetition.needs_attention,
    Repetition.received_at,
    Repetition.id,
)
_all = union_all(
    select(_SUBMISSIONS).select_from(_MINE).join(_SUBMISSIONS, true()),
    select(_REPETITIONS).select_from(_MINE).join(_REPETITIONS, true()),
).subquery("waiting")
_HEAD: Final = (
    select(_all)
    .order_by(_all.c.needs_attention.desc(), _all.c.since, _all.c.id)
    .limit(p("limit", Integer()))
    .subquery("head")
)
_NEWEST: Final = and_(
    SubmissionVersion.practice_id == _HEAD.c.practice_id,
    SubmissionVersion.client_id == _HEAD.c.client_id,
    SubmissionVersion.submission_id == _HEAD.c.id,
    SubmissionVersion.number == _HEAD.c.number,
)
_DONE_IN: Final = and_(
    ExerciseVersion.practice_id == func.coalesce(SubmissionVersion.library_id, _HEAD.c.library_id),
    ExerciseVersion.id
    == func.coalesce(SubmissionVersion.exercise_version_id, _HEAD.c.exercise_version_id),
)
_PAGE: Final = (
    select(
        _HEAD.c.kind,
        _HEAD.c.id,
        *showing.CLIENT,
        *showing.ASSIGNMENT,
        showing.EXERCISE,
        # What was taken back shows that it asked for attention, and no more.
        case((~_HEAD.c.withdrawn, _HEAD.c.outcome)).label("outcome"),
        _HEAD.c.number,
        func.coalesce(SubmissionVersion.received_at, _HEAD.c.since).label("received_at"),
        _HEAD.c.needs_attention,
        _HEAD.c.changed_since_review,
        _HEAD.c.withdrawn,
        SubmissionVersion.answers_visible,
        _HEAD.c.version,
        _HEAD.c.since,
    )
    .select_from(_HEAD)
    .join(Client, showing.client_of(_HEAD.c))
    .outerjoin(Assignment, showing.assignment_of(_HEAD.c))
    .outerjoin(SubmissionVersion, _NEWEST)
    .outerjoin(ExerciseVersion, _DONE_IN)
    .order_by(_HEAD.c.needs_attention.desc(), _HEAD.c.since, _HEAD.c.id)
)


def _each(table: Any, *where: Any) -> Any:
    """One row for each of a client's that wait, as many as are counted."""
    one = (
        select(table.id)
        .where(treated(table), table.client_id == _MINE.c.client_id, *where)
        .limit(MOST_COUNTED + 1)
        .lateral()
    )
    return select(one.c.id).select_from(_MINE).join(one, true())


_counted = union_all(_each(Submission, HAS_NEWS), _each(Repetition, _UNSEEN)).limit(
    MOST_COUNTED + 1
)
_LIST = Query(_PAGE)
_FIRST = Query(
    _PAGE.add_columns(
        select(func.count()).select_from(_counted.subquery()).scalar_subquery().label("waiting")
    )
)
_BEFORE_ALL: Final = {
    "after_pressing": True,
    "after_since": datetime(1900, 1, 1, tzinfo=UTC),
    "after": BEFORE_ALL,
}


async def list_of(work: Work, *, place: str | None, limit: int) -> list[Row]:
    """The queue of the caller's care teams, one past the limit.

    A row's `place` is where the list continues after it.
    """
    values: Row = dict(_BEFORE_ALL)
    if place is not None:
        pressing, since, after = place.split("|")
        values = {
            "after_pressing": pressing == "1",
            "after_since": datetime.fromisoformat(since),
            "after": after,
        }
    return [_item(row) for row in await work.rows(_LIST, **values, limit=limit + 1)]


async def first(work: Work, limit: int) -> tuple[list[Row], int]:
    """The head of the queue, and how long it is: above `MOST_COUNTED`, that and one."""
    rows = await work.rows(_FIRST, **_BEFORE_ALL, limit=limit)
    waiting = rows[0]["waiting"] if rows else 0
    for row in rows:
        del row["waiting"]
    items = [_item(row) for row in rows]
    for item in items:
        del item["place"]
    return items, waiting


def _item(row: Row) -> Row:
    since = row.pop("since").isoformat()
    row["client"], row["assignment"] = showing.client(row), showing.assignment(row)
    row["place"] = f"{int(row['needs_attention'])}|{since}|{row['id']}"
    return row
