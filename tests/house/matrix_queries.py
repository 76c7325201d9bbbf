"""The statement wall alone, statement by statement: whom each answers, given what it was given.

An operation asks several statements, and often the first one refuses. A query cell asks one
statement alone, as each caller, with the values that it had in the request of someone who may.
"""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import asyncpg
from sqlalchemy import Delete, Update

from app.core.database import Json
from app.core.ids import SYSTEM
from app.core.statements import Query, row_column
from app.operation.work import Work
from tests.house.matrix_people import Caller, acting, actor
from tests.house.matrix_rows import Row
from tests.house.matrix_run import Cell, try_rows
from tests.house.matrix_scene import Scene
from tests.house.matrix_tables import AT_HARBOUR, DESK, KIT, KITS_SIDE, READERS, WRITERS, Callers
from tests.house.matrix_walls import OF_THE_CALLER, walls_of

_READ: Final = READERS | {"care_over"}
BEHIND: Final[Mapping[str, Callers]] = {
    "treated": WRITERS,
    "readable": READERS,
    "known": READERS | DESK,
    "own": KITS_SIDE,
    "in_person": KIT,
    "notes": _READ,
    "released": KITS_SIDE,
    "files": KITS_SIDE,
    "guardians": KITS_SIDE,
    "author": frozenset({"treating"}),
    "told": frozenset({"owner"}),
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

    # What was fetched before is fetched again, so that it is heard.
    scene.house.keyring._kept.clear()
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
        label = f"{name_of(query)} in {use.operation}"
        for caller in scene.people.callers.values():
            if caller.person is None or not answer:
                continue
            may = _may(scene, names, use, caller)
            reached = answer & await _answer(scene, use, caller)
            if caller.name == "owner_barred" and "known" in names:
                # Kit alone is barred; the other clients are an owner's to know.
                may = scene.people.kit not in f"{reached} {use.values}"
            cells.append(
                Cell(
                    scene.setting,
                    label,
                    caller.name,
                    "may be answered" if may else "out of reach",
                    "answered" if reached else "out of reach",
                    f"{'/'.join(sorted(names))} lets it through" if reached and not may else None,
                )
            )
    return cells


def _may(scene: Scene, names: frozenset[str], use: Use, caller: Caller) -> bool:
    """Whether everything that bounds the statement lets this caller through."""
    if "known" in names:
        # Beside it, the contents' own wall bounds columns, not rows, and who was told of somebody
        # is a branch of its own: the matrix sees to those.
        names -= {"readable", "told"}
    return all(_behind(scene, name, use, caller) for name in names)


def _behind(scene: Scene, name: str, use: Use, caller: Caller) -> bool:
    if name in BEHIND:
        return caller.name in BEHIND[name]
    first = scene.people.callers[use.caller]
    assert first.person is not None
    assert caller.person is not None
    if name == "me":
        return caller.person.user_id == first.person.user_id
    assert name == "acting", f"say whom the wall {name} lets through"
    return acting(caller) == acting(first)


async def _telling(scene: Scene, uses: Uses, query: Query) -> tuple[Use, set[str]]:
    """A use of the statement that answers something of ours, and what it answers."""
    found, names, tried = uses.of(query), walls_of(query), 0
    for use in reversed(found):
        caller = scene.people.callers[use.caller]
        if not _may(scene, names, use, caller):
            continue
        answer = await _answer(scene, use, caller)
        tried += 1
        if answer or tried == _ENOUGH:
            return use, answer
    return found[-1], set()


_ENOUGH: Final = 40


async def _answer(scene: Scene, use: Use, caller: Caller) -> set[str]:
    """The rows of ours that the statement answers this caller, or that it writes to."""
    query = use.query
    asked = actor(caller)
    work = Work(scene.house, operation="matrix", request_id=SYSTEM, actor=asked)
    binds = {"practice_id": asked.practice_id, "me": asked.user_id, "acting": asked.client_id}
    values = await _as_now(scene, use)
    async with scene.house.pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        try:
            await connection.execute(work.entry(None))
            if isinstance(query.statement, Update):
                await connection.execute(_UNDONE.get(str(query.statement.table), "select"))
            before = await _stored(connection, query)
            rows = await connection.fetch(query.sql, *query.arguments(binds, values))
            said = {_telltale(row.values()) for row in rows if any(row.values())}
            if before:
                after = await _stored(connection, query)
                said = {key for key, row in before.items() if after.get(key) != row}
        except asyncpg.PostgresError:
            return set()
        finally:
            await transaction.rollback()
    marks = _marks(scene, use)
    ours = any(mark in repr(values) for mark in marks)
    # Nobody finds a hash that is not theirs.
    hashed = any(isinstance(value, bytes) for value in values.values())
    return {
        row
        for row in said
        if hashed
        or any(mark in row for mark in marks)
        or (not _ID.search(row) and (ours or _SEALED.search(row)))
    }


def _telltale(values: Iterable[Any]) -> str:
    """A row, but for its instants: those that say now are other each time."""
    return repr(
        [
            one.raw if isinstance(one, Json) else one
            for one in values
            if not isinstance(one, datetime)
        ]
    )


def _marks(scene: Scene, use: Use) -> set[str]:
    """What tells that a row is ours: Kit's, or Harbour's, or of who asked in the first place."""
    names = walls_of(use.query)
    if names & PERSONAL:
        return scene.secrets | scene.nearby
    if "me" not in names:
        return scene.marks() | scene.nearby
    first = scene.people.callers[use.caller]
    mine = {actor(first).user_id, acting(first), *_ID.findall(repr(use.values))}
    return {one for one in mine if one}


async def _as_now(scene: Scene, use: Use) -> Mapping[str, Any]:
    """The values, with the version that the row has by now where one was named."""
    if "seen" not in use.values or not isinstance(use.query.statement, Update):
        return use.values
    table: Any = use.query.statement.table
    key = use.values.get("own_key", scene.people.harbour.practice_id)
    column = "practice_id" if "own_key" not in use.values else row_column(table)
    version = await scene.admin.fetchval(
        f"select version from {table.name} where {column} = $1", key
    )
    return {**use.values, "seen": version}


async def _stored(connection: Any, query: Query) -> dict[str, str]:
    """Every row of the table that is written to, by its key; nothing for a read."""
    statement = query.statement
    if not isinstance(statement, Update | Delete):
        return {}
    table: Any = statement.table
    names = {column.name for column in table.primary_key} | _WHOSE & set(table.columns.keys())
    key = ", ".join(f"t.{name}" for name in sorted(names))
    rows = await connection.fetch(f"select row({key})::text, t::text from {table.name} t")
    return dict(map(tuple, rows))


_WHOSE: Final = {"practice_id", "client_id", "user_id"}
_ID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SEALED: Final = re.compile(r"b['\"]")
"""Sealed bytes tell rows apart as well as ids do."""
_UNDONE: Final = {
    "assignments": "update assignments set planned_through = null, starts_on = null",
    "occurrences": "update occurrences set status = 'upcoming' where status = 'cancelled'",
    "rest_periods": "update rest_periods set ends_at = null where assignment_id is not null",
    "uploads": "update uploads set visible = 'shared' where submission_id is not null",
    "care_assignments": "update care_assignments set ends_at = null where part = 'co'",
    "sign_ins": "update sign_ins set ended_at = null where ended_at is not null",
    "recovery_codes": "update recovery_codes set used_at = null where used_at is not null",
}
"""What was done for good when the statement ran, and would leave it nothing to do."""


def name_of(query: Query) -> str:
    """Where a statement is said: its module and name there; its text, where it has none."""
    for module_name, module in list(sys.modules.items()):
        if module_name.startswith("app."):
            for name, value in vars(module).items():
                if value is query:
                    return f"{module_name.removeprefix('app.')}.{name}"
                if isinstance(value, dict) and query in value.values():
                    key = next(key for key, one in value.items() if one is query)
                    return f"{module_name.removeprefix('app.')}.{name}[{_short(key)}]"
    if isinstance(query.statement, Update):
        written = sorted(n.removeprefix("new_") for n in query.names if n.startswith("new_"))
        return f"update of {query.statement.table} ({', '.join(written)})"
    return " ".join(query.sql.split())[:80]


def _short(key: Any) -> str:
    parts = key if isinstance(key, tuple) else (key,)
    return ", ".join(getattr(part, "__name__", str(part)) for part in parts)
