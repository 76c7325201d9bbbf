"""Taking walls down: row security for a role that passes it, the predicates of any statement.

A predicate is a clause the house marked (`app.access.visible.wall`), or a comparison with one of
the caller's own parameters.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final
from weakref import WeakKeyDictionary

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

TakeOut = Callable[[Any], Any]
"""What stands in a statement instead of this part of it; None: it stays."""


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


def named(element: Any) -> str | None:
    """The name of a predicate that binds a statement to its caller; None for anything else."""
    marked = getattr(element, "_annotations", {}).get(WALL)
    if marked is not None:
        return str(marked)
    if isinstance(element, BinaryExpression) and element.operator is eq:
        for side in (element.left, element.right):
            if isinstance(side, BindParameter) and side.key in OF_THE_CALLER:
                return str(side.key)
    return None


def only(*names: str) -> TakeOut:
    """Takes out the predicates of these names."""
    return lambda element: true() if named(element) in names else None


def all_but(keep: frozenset[str] = frozenset()) -> TakeOut:
    """Takes out every predicate, except those to `keep`."""

    def take_out(element: Any) -> Any:
        name = named(element)
        return None if name is None or name in keep else true()

    return take_out


def walls_of(query: Query) -> frozenset[str]:
    """The names of the predicates that bind a statement to its caller."""
    if query in _WALLS:
        return _WALLS[query]
    found: set[str] = set()

    def seek(element: Any) -> Any:
        name = named(element)
        if name is None:
            return None
        found.add(name)
        return true()

    _rewritten(query, seek)
    _WALLS[query] = frozenset(found)
    return _WALLS[query]


_WALLS: Final[WeakKeyDictionary[Query, frozenset[str]]] = WeakKeyDictionary()


@contextmanager
def without(queries: Iterable[Query], take_out: TakeOut) -> Iterator[int]:
    """These statements without what is taken out of them; says how many that changed."""
    kept: list[tuple[Query, list[Any]]] = []
    try:
        for query in list(queries):
            bare = _rewritten(query, take_out)
            if bare is not None:
                kept.append((query, [getattr(query, part) for part in _PARTS]))
                _put(query, bare)
        yield len(kept)
    finally:
        for query, parts in kept:
            for part, value in zip(_PARTS, parts, strict=True):
                setattr(query, part, value)


@contextmanager
def without_statements() -> Iterator[None]:
    """No statement says whose rows it wants; nor does one that is made meanwhile."""
    before, original = set(Query.made), Query.__init__
    take_out = all_but(ITSELF)

    def make(query: Query, statement: Any, *more: Any) -> None:
        original(query, statement, *more)
        bare = _rewritten(query, take_out)
        if bare is not None:
            _put(query, bare)

    with without(before, take_out):
        Query.__init__ = make  # type: ignore[assignment, method-assign]
        try:
            yield
        finally:
            Query.__init__ = original  # type: ignore[method-assign]
            for query in set(Query.made) - before:
                original(query, query.statement)


def _put(query: Query, bare: Query) -> None:
    for part in _PARTS:
        setattr(query, part, getattr(bare, part))


def _rewritten(query: Query, take_out: TakeOut) -> Query | None:
    """The same statement with parts of it replaced; None when there was nothing to replace."""
    found = False

    def seek(element: Any, **_: Any) -> Any:
        nonlocal found
        instead = take_out(element)
        found = found or instead is not None
        return instead

    statement: Any = visitors.replacement_traverse(query.statement, {}, seek)
    if not found:
        return None
    bare = object.__new__(Query)
    _MAKE(bare, statement)
    Query.made.discard(bare)
    return bare


_MAKE: Final = Query.__init__
