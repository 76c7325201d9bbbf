"""The statement wall alone, statement by statement: whom each answers, given what it was given.

An operation asks several statements, and often the first one refuses. A query cell asks one
statement alone, as each caller, with the values that it had in the request of someone who may.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import asyncpg
from sqlalchemy import Update

from app.access.actor import Actor
from app.core.ids import SYSTEM
from app.core.statements import Query
from app.operation.work import Work
from tests.house.matrix_people import Caller
from tests.house.matrix_rows import Row
from tests.house.matrix_run import Cell, try_rows
from tests.house.matrix_scene import Scene
from tests.house.matrix_tables import AT_HARBOUR, DESK, KITS_SIDE, READERS, WRITERS, Callers
from tests.house.matrix_walls import OF_THE_CALLER, walls_of

_READ: Final = READERS | {"care_over"}
BEHIND: Final[Mapping[str, Callers]] = {
    "treated": WRITERS,
    "readable": READERS,
    "known": READERS | DESK,
    "own": KITS_SIDE,
    "notes": _READ,
    "released": KITS_SIDE,
    "practice_id": AT_HARBOUR,
}
"""Whom a predicate lets through to Kit's and Harbour's rows, at the most."""
PERSONAL: Final = BEHIND.keys() - {"practice_id"}
_REFUSED_LATE: Final = frozenset({"owner", "supervisor"})


@dataclass(frozen=True, slots=True)
class Use:
    """A statement as an operation ran it for someone who may."""

    query: Query
    operation: str
    caller: str
    values: Mapping[str, Any]


@dataclass(slots=True)
class Uses:
    """What every operation ran."""

    found: list[Use] = field(default_factory=list)

    def of(self, query: Query) -> list[Use]:
        return [use for use in self.found if use.query is query]

    def operations(self, query: Query) -> set[str]:
        """The operations that run it."""
        return {use.operation for use in self.found if use.query is query}

    def walled(self) -> list[Query]:
        """The statements that are bound to their caller, in the order they were first run."""
        queries = dict.fromkeys(use.query for use in self.found)
        return [query for query in queries if walls_of(query)]


async def learn(scene: Scene, rows: Iterable[Row]) -> Uses:
    """Run every cell that is let through, and some that are refused late; remember which
    statements each operation asks."""
    uses = Uses()
    caller = ""

    @contextmanager
    def listening() -> Iterator[None]:
        original = Query.arguments

        def arguments(query: Query, *sources: Mapping[str, Any]) -> list[Any]:
            values = {name: value for one in sources for name, value in one.items()}
            values = {n: v for n, v in values.items() if n not in OF_THE_CALLER}
            uses.found.append(Use(query, scene.asked, caller, values))
            return original(query, *sources)

        Query.arguments = arguments  # type: ignore[assignment, method-assign]
        try:
            yield
        finally:
            Query.arguments = original  # type: ignore[method-assign]

    with listening():
        for row in rows:
            for name, outcome in row.expected.items():
                if (outcome == "ok" or name in _REFUSED_LATE) and not name.startswith("next_"):
                    caller = name
                    await try_rows(scene, [row], {name})
    return uses


async def ask_each(scene: Scene, uses: Uses, queries: Iterable[Query]) -> list[Cell]:
    """The query cells of these statements, each in the last use that answered anything."""
    cells: list[Cell] = []
    for query in queries:
        names = walls_of(query)
        use, answer = await _telling(scene, uses, query)
        if not answer:
            continue
        for caller in scene.people.callers.values():
            if caller.person is None:
                continue
            may = _may(scene, names, use, caller)
            reached = bool(answer & await _answer(scene, query, caller, use.values))
            open_ = reached and not may
            cells.append(
                Cell(
                    scene.setting,
                    f"{use.operation}'s {_named(query)}",
                    caller.name,
                    "may be answered" if may else "out of reach",
                    "answered" if reached else "out of reach",
                    f"{'/'.join(sorted(names))} lets it through" if open_ else None,
                )
            )
    return cells


def _may(scene: Scene, names: frozenset[str], use: Use, caller: Caller) -> bool:
    """Whether everything that bounds the statement lets this caller through."""
    if "known" in names:
        # Beside it, the contents' own wall bounds columns, not rows: the matrix sees to those.
        names -= {"readable"}
    return all(_behind(scene, name, use, caller) for name in names)


def _behind(scene: Scene, name: str, use: Use, caller: Caller) -> bool:
    if name in BEHIND:
        return caller.name in BEHIND[name]
    first = scene.people.callers[use.caller]
    assert first.person is not None
    assert caller.person is not None
    if name == "me":
        return caller.person.user_id == first.person.user_id
    return _acting(caller) == _acting(first)


def _acting(caller: Caller) -> str | None:
    assert caller.person is not None
    return caller.headers.get("Acting-For") or caller.person.client_id


async def _telling(scene: Scene, uses: Uses, query: Query) -> tuple[Use, set[str]]:
    """A use of the statement that answers something of ours, and what it answers."""
    found = uses.of(query)
    for use in reversed(found):
        caller = scene.people.callers[use.caller]
        if not _may(scene, walls_of(query), use, caller):
            continue
        answer = await _answer(scene, query, caller, use.values)
        if answer:
            return use, answer
    return found[-1], set()


async def _answer(
    scene: Scene, query: Query, caller: Caller, values: Mapping[str, Any]
) -> set[str]:
    """The rows of Kit's and Harbour's that it answers this caller (or would touch, for a write)."""
    person = caller.person
    assert person is not None
    role = "_".join(caller.roles) or caller.kind
    actor = Actor(
        person.user_id, person.sign_in_id, caller.practice_id, caller.kind, role, _acting(caller)
    )
    work = Work(scene.house, operation="matrix", request_id=SYSTEM, actor=actor)
    binds = {"practice_id": actor.practice_id, "me": actor.user_id, "acting": actor.client_id}
    async with scene.house.pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        try:
            await connection.execute(work.entry(None))
            rows = await connection.fetch(query.sql, *query.arguments(binds, values))
            if isinstance(query.statement, Update):
                rows = await connection.fetch(_TOUCHED.format(query.statement.table))
        except asyncpg.PostgresError:
            return set()
        finally:
            await transaction.rollback()
    names = walls_of(query)
    marks = scene.secrets if names & PERSONAL else scene.marks()
    if names == {"me"}:
        # Who asks for their own is known by what was asked, not by the practice.
        marks = {person.user_id, *_ID.findall(repr(values))}
    ours = any(mark in repr(values) for mark in marks)
    return {
        said
        for said in (repr(tuple(row)) for row in rows if any(row.values()))
        if any(mark in said for mark in marks) or (ours and not _ID.search(said))
    }


_ID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TOUCHED: Final = "select t::text from {} t where xmin::text = pg_current_xact_id()::text"


def _named(query: Query) -> str:
    """A statement's name: its verb and the table it begins with."""
    words = query.sql.replace("\n", " ").split()
    verb = words[0].lower()
    after = {"select": "FROM", "update": "UPDATE", "delete": "FROM", "with": "UPDATE"}[verb]
    return f"{verb} {words[words.index(after) + 1]}"
