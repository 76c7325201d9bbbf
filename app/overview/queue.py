"""The review queue: what clients sent and nobody has read in its newest version.

What is urgent comes first, then what should be seen soon, then the rest; of each, what has waited
longest. It is the queue of an episode's
care team: who covers for a colleague has the colleague's.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final, get_args

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
from app.core import paging
from app.core.database import Instant
from app.core.ids import BEFORE_ALL
from app.core.statements import Query, p
from app.homework import attention, visibility
from app.homework.along import Repetition
from app.homework.models import Assignment, Submission, SubmissionVersion
from app.homework.submissions import HAS_NEWS
from app.library.attention import AttentionLevel
from app.library.models import ExerciseVersion
from app.operation.work import Row, Work
from app.overview import showing

MOST_COUNTED: Final = 1000
"""A longer queue is counted as this many, and more."""
MOST_URGENT: Final = 100
MOST_OF_GUARDIANS: Final = 25
"""The head of the queue shows all that is urgent, up to so many that clients sent themselves, and
so many that guardians sent."""

_UNSEEN = and_(Repetition.attention_level.is_not(None), Repetition.seen_at.is_(None))
Level = AttentionLevel | None


def _word(text: str) -> Any:
    return literal_column(f"'{text}'", Text())


_MINE: Final = caseload()
# Submissions wait since they last changed: since their newest version came, or was taken back.
_SINCE: Final[dict[Any, Any]] = {
    Submission: Submission.changed_at,
    Repetition: Repetition.received_at,
}
_PLACE = p("after_rank", Integer())
_LIMIT = p("limit", Integer())


def _after_place(table: Any) -> Any:
    rank, since = attention.rank(table), _SINCE[table]
    after = tuple_(p("after_since", Instant()), p("after"))
    return or_(rank < _PLACE, and_(rank == _PLACE, tuple_(since, table.id) > after))


def _page_of(statement: Any, table: Any, where: Any, most: Any) -> Any:
    """The first of one client's rows: the whole page lies among those of all."""
    since = _SINCE[table]
    return (
        statement.add_columns(attention.rank(table).label("rank"))
        .where(*where)
        .order_by(table.attention_level.desc().nulls_last(), since, table.id)
        .limit(most)
        .lateral()
    )


_SUBMISSION: Final = select(
    _word("submission").label("kind"),
    Submission.practice_id,
    Submission.client_id,
    Submission.id,
    Submission.assignment_id,
    Submission.number,
    Submission.outcome,
    Submission.attention_level,
    Submission.attention_reasons,
    Submission.reviewed_number.is_not(None).label("changed_since_review"),
    Submission.withdrawn_at.is_not(None).label("withdrawn"),
    visibility.SIDE,
    Submission.changed_at.label("since"),
    Submission.version,
    cast(null(), Repetition.library_id.type).label("library_id"),
    cast(null(), Repetition.exercise_version_id.type).label("exercise_version_id"),
).where(treated(Submission), Submission.client_id == _MINE.c.client_id, HAS_NEWS)
_REPETITION: Final = select(
    _word("repetition").label("kind"),
    Repetition.practice_id,
    Repetition.client_id,
    Repetition.id,
    Repetition.assignment_id,
    cast(null(), Integer()).label("number"),
    cast(null(), Text()).label("outcome"),
    Repetition.attention_level,
    Repetition.attention_reasons,
    literal_column("false", Boolean()).label("changed_since_review"),
    literal_column("false", Boolean()).label("withdrawn"),
    case((Repetition.capacity == "guardian", "guardian"), else_="client").label("side"),
    Repetition.received_at.label("since"),
    Repetition.version,
    Repetition.library_id,
    Repetition.exercise_version_id,
).where(treated(Repetition), Repetition.client_id == _MINE.c.client_id, _UNSEEN)


def _waiting(most: Any, where: Callable[[Any], tuple[Any, ...]]) -> list[Any]:
    """What waits with each client treated, submissions and repetitions."""
    pages = (
        _page_of(_SUBMISSION, Submission, where(Submission), most),
        _page_of(_REPETITION, Repetition, where(Repetition), most),
    )
    return [select(page).select_from(_MINE).join(page, true()) for page in pages]


def _in_order(table: Any) -> tuple[Any, ...]:
    return table.c.rank.desc(), table.c.since, table.c.id


def _first_of(most: Any, where: Callable[[Any], tuple[Any, ...]]) -> Any:
    """The first of them all."""
    every = union_all(*_waiting(most, where)).subquery()
    return select(every).order_by(*_in_order(every)).limit(most)


def _page(head: Any, *order: Any) -> Any:
    """What is shown of the rows of `head`; of one rank in this order, then by how long it waits."""
    newest = and_(
        SubmissionVersion.practice_id == head.c.practice_id,
        SubmissionVersion.client_id == head.c.client_id,
        SubmissionVersion.submission_id == head.c.id,
        SubmissionVersion.number == head.c.number,
    )
    done_in = and_(
        ExerciseVersion.practice_id
        == func.coalesce(SubmissionVersion.library_id, head.c.library_id),
        ExerciseVersion.id
        == func.coalesce(SubmissionVersion.exercise_version_id, head.c.exercise_version_id),
    )
    return (
        select(
            head.c.kind,
            head.c.id,
            *showing.CLIENT,
            *showing.ASSIGNMENT,
            showing.EXERCISE,
            # What was taken back shows that it asked for attention, and no more.
            case((~head.c.withdrawn, head.c.outcome)).label("outcome"),
            head.c.number,
            func.coalesce(SubmissionVersion.received_at, head.c.since).label("received_at"),
            head.c.attention_level.is_not(None).label("needs_attention"),
            head.c.attention_level,
            head.c.attention_reasons,
            head.c.changed_since_review,
            head.c.withdrawn,
            head.c.side,
            SubmissionVersion.answers_visible,
            head.c.version,
            head.c.since,
            head.c.rank,
        )
        .select_from(head)
        .join(Client, showing.client_of(head.c))
        .outerjoin(Assignment, showing.assignment_of(head.c))
        .outerjoin(SubmissionVersion, newest)
        .outerjoin(ExerciseVersion, done_in)
        .order_by(head.c.rank.desc(), *order, head.c.since, head.c.id)
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


def _count(*where: Callable[[Any], Any]) -> Any:
    found = union_all(
        _each(Submission, HAS_NEWS, *(one(Submission) for one in where)),
        _each(Repetition, _UNSEEN, *(one(Repetition) for one in where)),
    ).limit(MOST_COUNTED + 1)
    return select(func.count()).select_from(found.subquery()).scalar_subquery()


def _is_urgent(table: Any) -> Any:
    return attention.is_level(table, "urgent")


def _list(level: Level) -> Query:
    def where(table: Any) -> tuple[Any, ...]:
        return () if level is None else (attention.is_level(table, level),)

    def after(table: Any) -> tuple[Any, ...]:
        return (*where(table), _after_place(table))

    return Query(_page(_first_of(_LIMIT, after).subquery("head")))


_LISTS: Final[dict[Level, Query]] = {
    level: _list(level) for level in (None, *get_args(AttentionLevel))
}
_BY_GUARDIAN: Final[dict[Any, Any]] = {
    Submission: Submission.guardian_id.is_not(None),
    Repetition: Repetition.capacity == literal_column("'guardian'", Text()),
}
# What is urgent is looked for by itself, so that nothing else cuts it; and what clients say
# themselves by itself, so that nothing a guardian sends pushes it out.
_HEAD: Final = union_all(
    _first_of(
        attention.fixed(MOST_URGENT),
        lambda table: (_is_urgent(table), ~_BY_GUARDIAN[table]),
    ),
    _first_of(
        attention.fixed(MOST_OF_GUARDIANS), lambda table: (_is_urgent(table), _BY_GUARDIAN[table])
    ),
    _first_of(_LIMIT, lambda table: (or_(table.attention_level.is_(None), ~_is_urgent(table)),)),
).subquery("head")
_FIRST = Query(
    _page(_HEAD, _HEAD.c.side).add_columns(
        _count().label("waiting"), _count(_is_urgent).label("urgent")
    )
)
_BEFORE_ALL: Final = {
    "after_rank": 3,
    "after_since": datetime(1900, 1, 1, tzinfo=UTC),
    "after": BEFORE_ALL,
}


async def list_of(work: Work, *, place: str | None, limit: int, level: Level = None) -> list[Row]:
    """The queue of the caller's care teams, or what of it has this level, one past the limit.

    A row's `place` is where the list continues after it. Raises BadRequest `paging.cursor`.
    """
    values: Row = dict(_BEFORE_ALL)
    if place is not None:
        try:
            rank, since, after = place.split("|")
            values = {
                "after_rank": int(rank),
                "after_since": datetime.fromisoformat(since),
                "after": after,
            }
        except ValueError:
            raise paging.refused() from None
    rows = await work.rows(_LISTS[level], **values, limit=limit + 1)
    return [_item(row) for row in rows]


async def first(work: Work, limit: int) -> tuple[list[Row], int, int]:
    """The head of the queue: what is urgent, the clients' own first, and `limit` others; then how
    long it is, and how much of it is urgent: above `MOST_COUNTED`, that and one."""
    rows = await work.rows(_FIRST, limit=limit)
    waiting, urgent = (rows[0]["waiting"], rows[0]["urgent"]) if rows else (0, 0)
    for row in rows:
        del row["waiting"], row["urgent"]
    items = [_item(row) for row in rows]
    for item in items:
        del item["place"]
    return items, waiting, urgent


def _item(row: Row) -> Row:
    since, rank = row.pop("since").isoformat(), row.pop("rank")
    row["client"], row["assignment"] = showing.client(row), showing.assignment(row)
    row["exercise_title"] = showing.exercise(row)
    row["place"] = f"{rank}|{since}|{row['id']}"
    return row
