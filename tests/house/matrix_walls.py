"""Taking walls down: row security for a role that passes it, the predicates of any statement.

A predicate is a clause the house marked (`app.access.visible.wall`), or a comparison with one of
the caller's own parameters.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import asyncpg
from sqlalchemy import BindParameter, true
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import BinaryExpression
from sqlalchemy.sql.operators import eq

from app.access.visible import WALL
from app.core.statements import Query

UNWALLED: Final = "praxis_unwalled"
PASSWORD: Final = "unwalled"
OF_THE_CALLER: Final = frozenset({"practice_id", "me", "acting"})
ITSELF: Final = frozenset({"me", "acting"})
"""What asks for the caller's own things, and so says what is wanted and not only whose it is."""
_PARTS: Final = ("sql", "_order", "_fixed", "names")


async def make_unwalled(dsn: str) -> None:
    """The application's role once more, but row security does not bind it."""
    admin = await asyncpg.connect(dsn)
    try:
        await admin.execute("select pg_advisory_lock(5522)")
        if not await admin.fetchval("select 1 from pg_roles where rolname = $1", UNWALLED):
            await admin.execute(
                f"create role {UNWALLED} login bypassrls password '{PASSWORD}'"
                " in role praxis_application"
            )
    finally:
        await admin.close()


def walls_of(query: Query) -> frozenset[str]:
    """The names of the predicates that bind a statement to its caller."""
    found: set[str] = set()

    def seek(element: Any, **_: Any) -> Any:
        name = _name(element)
        if name is None:
            return None
        found.add(name)
        return true()

    visitors.replacement_traverse(query.statement, {}, seek)
    return frozenset(found)


@contextmanager
def without(queries: Iterable[Query], keep: frozenset[str] = frozenset()) -> Iterator[None]:
    """These statements without their predicates, except those to `keep`."""
    kept: list[tuple[Query, list[Any]]] = []
    try:
        for query in list(queries):
            bare = _without(query, keep)
            if bare is not None:
                kept.append((query, [getattr(query, part) for part in _PARTS]))
                for part in _PARTS:
                    setattr(query, part, getattr(bare, part))
        yield
    finally:
        for query, parts in kept:
            for part, value in zip(_PARTS, parts, strict=True):
                setattr(query, part, value)


@contextmanager
def without_statements() -> Iterator[None]:
    """No statement says whose rows it wants; nor does one that is made meanwhile."""
    before, original = set(Query.made), Query.__init__

    def make(query: Query, statement: Any, *more: Any) -> None:
        original(query, statement, *more)
        bare = _without(query, ITSELF) if making else None
        if bare is not None:
            for part in _PARTS:
                setattr(query, part, getattr(bare, part))

    making = False
    with without(before, ITSELF):
        making = True
        Query.__init__ = make  # type: ignore[assignment, method-assign]
        try:
            yield
        finally:
            Query.__init__ = original  # type: ignore[method-assign]
            for query in set(Query.made) - before:
                original(query, query.statement)


_BARE: dict[tuple[str, frozenset[str]], Query | None] = {}


def _without(query: Query, keep: frozenset[str]) -> Query | None:
    """The same statement without the predicates; None when it has none of them."""
    key = (query.sql, keep)
    if key not in _BARE:
        found = False

        def take_out(element: Any, **_: Any) -> Any:
            nonlocal found
            name = _name(element)
            if name is None or name in keep:
                return None
            found = True
            return true()

        bare: Any = visitors.replacement_traverse(query.statement, {}, take_out)
        _BARE[key] = Query(bare) if found else None
        if (made := _BARE[key]) is not None:
            Query.made.discard(made)
    return _BARE[key]


def _name(element: Any) -> str | None:
    marked = getattr(element, "_annotations", {}).get(WALL)
    if marked is not None:
        return str(marked)
    if isinstance(element, BinaryExpression) and element.operator is eq:
        for side in (element.left, element.right):
            if isinstance(side, BindParameter) and side.key in OF_THE_CALLER:
                return str(side.key)
    return None
