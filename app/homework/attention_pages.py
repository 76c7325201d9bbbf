"""Pages of lists that begin with what needs attention: urgent, then soon, then newest first."""

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Integer,
    and_,
    case,
    cast,
    not_,
    null,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.sql.selectable import Subquery

from app.core import paging
from app.core.database import Instant
from app.core.ids import BEFORE_ALL, is_id
from app.core.statements import p
from app.homework.attention import RANKS, fixed, is_level
from app.operation.work import Row

_RANK, _SINCE, _AFTER = p("after_rank", Integer()), p("after_since", Instant()), p("after")
_LIMIT: Final = p("limit", Integer())
_LONG_AGO: Final = datetime(1900, 1, 1, tzinfo=UTC)
_BEGINNING: Final = {"after_rank": 3, "after_since": _LONG_AGO, "after": BEFORE_ALL}


def head(table: Any, is_unread: Any, since: Any, *where: Any) -> Subquery:
    """Return the keys of one page's rows of `table`: `limit` of them after the place.

    Each level is a branch of its own, so that nothing cuts what is urgent: unread rows by how long
    they wait (`since`), the rest newest first.
    """

    def branch(rank: int, waits_since: Any, begins: Any) -> Any:
        keys = (table.practice_id, table.client_id, table.id)
        columns = (*keys, fixed(rank).label("rank"), waits_since.label("since"))
        return select(*columns).where(*where, begins)

    after_row = tuple_(since, table.id) > tuple_(_SINCE, _AFTER)
    urgent, soon = (
        branch(
            rank,
            since,
            and_(
                is_level(table, level),
                is_unread,
                or_(fixed(rank) < _RANK, and_(fixed(rank) == _RANK, after_row)),
            ),
        )
        .order_by(since, table.id)
        .limit(_LIMIT)
        for rank, level in RANKS
    )
    needs_no_attention = not_(and_(table.attention_level.is_not(None), is_unread))
    rest = branch(
        0,
        cast(null(), Instant()),
        and_(needs_no_attention, or_(fixed(0) < _RANK, table.id < _AFTER)),
    )
    newest = rest.order_by(table.id.desc()).limit(_LIMIT)
    pages = union_all(urgent, soon, newest).subquery("pages")
    return select(pages).order_by(*order(pages)).limit(_LIMIT).subquery("head")


def order(page: Subquery) -> tuple[ColumnElement[Any], ...]:
    """Return the order of such a page."""
    waiting_id = case((page.c.rank > fixed(0), page.c.id))
    return page.c.rank.desc(), page.c.since, waiting_id, page.c.id.desc()


def place_columns(page: Subquery) -> tuple[ColumnElement[Any], ...]:
    """Return what `with_place` reads."""
    return page.c.rank.label("place_rank"), page.c.since.label("place_since")


def is_row(page: Subquery, table: Any) -> ColumnElement[bool]:
    """The row of `table` that stands on the page."""
    return and_(
        table.practice_id == page.c.practice_id,
        table.client_id == page.c.client_id,
        table.id == page.c.id,
    )


def after(place: str | None) -> Row:
    """Return where a page begins, for the statement. Raises BadRequest `paging.cursor` for the
    place of another order."""
    if place is None:
        return dict(_BEGINNING)
    try:
        rank, since, id_ = place.split("|")
        begins: Row = {"after_rank": int(rank), "after": id_}
        begins["after_since"] = datetime.fromisoformat(since) if since else _LONG_AGO
    except ValueError:
        raise paging.refused() from None
    if not is_id(id_):
        raise paging.refused()
    return begins


def with_place(row: Row) -> Row:
    """Return a row of a page with its `place`, where the list continues after it."""
    rank, since = row.pop("place_rank"), row.pop("place_since")
    row["place"] = f"{rank}|{since.isoformat() if since else ''}|{row['id']}"
    return row
