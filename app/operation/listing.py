"""Pages of lists: where one continues, and how it is answered."""

from typing import Annotated, Any, Final

from fastapi import Query as Parameter
from starlette.responses import Response

from app.core import paging
from app.core.ids import is_id
from app.core.wire import page
from app.operation.work import Work

FIRST: Final = "ffffffff-ffff-ffff-ffff-ffffffffffff"
"""Before every id: where a list of newest first begins."""

Limit = Annotated[int, Parameter(ge=1, le=100, description="how many items, at most")]
Cursor = Annotated[
    str | None, Parameter(max_length=400, description="`next` of the page before; none: the first")
]


def place(work: Work, cursor: str | None) -> str | None:
    """Where a page continues; None for the first one.

    Raises BadRequest `paging.cursor` for a cursor that was altered or is another list's.
    """
    return paging.read(work.house.keyring.cursors.raw, _listing(work), cursor)


def after(work: Work, cursor: str | None) -> str:
    """The id a page continues after, newest first. Raises as `place` does."""
    found = place(work, cursor)
    if found is None:
        return FIRST
    if not is_id(found):
        raise paging.refused()
    return found


def paged(work: Work, rows: list[dict[str, Any]], limit: int) -> Response:
    """The answer to a list, of rows fetched one past the limit.

    A row's place is its `id`, or its member `place`, which is not shown.
    """
    items, more = rows[:limit], len(rows) > limit
    last = items[-1].get("place", items[-1]["id"]) if more else ""
    for item in items:
        item.pop("place", None)
    if not more:
        return page(items, None)
    cursor = paging.make(work.house.keyring.cursors.raw, _listing(work), last)
    kept = "&".join(part for part in work.query.split("&") if part and not _is(part, "cursor"))
    return page(items, cursor, f"{work.path}?{kept}{'&' if kept else ''}cursor={cursor}")


def _listing(work: Work) -> str:
    """What a cursor belongs to: practice, caller, address and filters; any limit goes with it."""
    filters = sorted(
        part for part in work.query.split("&") if not (_is(part, "cursor") or _is(part, "limit"))
    )
    acting = work.actor.client_id or ""
    return f"{work.practice_id}:{work.actor.user_id}:{acting}:{work.path}?{'&'.join(filters)}"


def _is(part: str, name: str) -> bool:
    return part.partition("=")[0] == name
