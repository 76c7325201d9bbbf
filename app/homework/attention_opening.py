"""That someone opened what is urgent: nobody else is told of it then."""

from typing import Any, Final

from sqlalchemy import ColumnElement, Integer, case, false, func, or_, select, update

from app.access.visible import ME, treated
from app.core.statements import Query, p
from app.homework.along import Repetition
from app.homework.attention import is_level
from app.homework.attention_notices import AttentionNotice
from app.homework.models import Submission
from app.operation.work import Row, Work

_COLUMNS: Final[dict[Any, Any]] = {
    Submission: AttentionNotice.submission_id,
    Repetition: AttentionNotice.repetition_id,
}


def is_unopened(table: Any) -> ColumnElement[Any]:
    """Someone is told of this row of `table` and nobody opened it. Asked of urgent rows only."""
    unopened = (
        select(AttentionNotice.id)
        .where(
            AttentionNotice.practice_id == table.practice_id,
            _COLUMNS[table] == table.id,
            AttentionNotice.opened_at.is_(None),
        )
        .correlate(table)
        .exists()
    )
    return case((is_level(table, "urgent"), unopened), else_=false()).label("is_unopened")


def _of(table: Any, *where: Any) -> Any:
    """The notices of one submission or repetition that the caller may mark: all of those the
    caller treats, and of others the caller's own."""
    is_treated = (
        select(table.id)
        .where(table.id == _COLUMNS[table], treated(table))
        .correlate(AttentionNotice)
        .exists()
    )
    return update(AttentionNotice).where(
        AttentionNotice.practice_id == p("practice_id"),
        _COLUMNS[table] == p("id"),
        or_(is_treated, AttentionNotice.user_id == ME),
        *where,
    )


_OPENED: Final = {
    "opened_at": func.now(),
    "opened_by": ME,
    "opened_number": p("number", Integer()),
}
_OPEN: Final = {
    table: Query(_of(table, AttentionNotice.opened_at.is_(None)).values(**_OPENED))
    for table in _COLUMNS
}
_SETTLE: Final = {
    table: Query(
        _of(table, AttentionNotice.settled_at.is_(None)).values(
            settled_at=func.now(),
            opened_at=func.coalesce(AttentionNotice.opened_at, func.now()),
            opened_by=func.coalesce(AttentionNotice.opened_by, ME),
        )
    )
    for table in _COLUMNS
}


async def open_if_unopened(work: Work, table: Any, row: Row) -> None:
    """Mark what was just read as opened, where its row says that it is not; takes that out of
    the row. Only a reader who was told, or who treats the client, counts; whoever asks for the head
    of the answer alone (HEAD) reads nothing of it."""
    if row.pop("is_unopened") and work.shows:
        await work.run(_OPEN[table], id=row["id"], number=row.get("number"))


async def settle(work: Work, table: Any, id_: str) -> None:
    """Mark what was reviewed or seen: it leaves the day of everyone who was told."""
    await work.run(_SETTLE[table], id=id_)
