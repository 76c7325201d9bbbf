"""Taking one wall, predicate or guard away, and seeing whether the matrix notices."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

from fastapi import FastAPI
from sqlalchemy import false, true
from sqlalchemy.sql.elements import BinaryExpression, BooleanClauseList, ClauseElement

from app.access.actor import Actor
from app.access.permissions import SCOPES
from app.core.statements import Query
from app.goals import service as goals
from app.operation.frame import _Frame
from app.operation.marks import mark_of
from app.operation.work import Work
from tests.contract import routes
from tests.house import matrix_walls
from tests.house.matrix_queries import Use, Uses, ask_each, name_of
from tests.house.matrix_rows import Row
from tests.house.matrix_run import Cell, try_cell
from tests.house.matrix_scene import Scene
from tests.house.matrix_tables import of
from tests.house.matrix_touch import touch

Cells = Callable[[Scene], Awaitable[list[Cell]]]


async def _none(scene: Scene) -> list[Cell]:
    return []


@dataclass(frozen=True, slots=True)
class Removal:
    """`down` takes it away in a scene of `setting`; `operations` are those it may matter to.

    `below` tries the cells beneath the operations: rows, or single statements.
    """

    name: str
    setting: str
    down: Callable[[Scene], AbstractAsyncContextManager[Any]]
    operations: Collection[str]
    below: Cells = _none


async def noticed(scene: Scene, removal: Removal, rows: Iterable[Row]) -> str | None:
    """The first cell that is open without it; None when the matrix does not notice."""
    async with removal.down(scene):
        found = await _open_operation(scene, removal, rows) or await _open_below(scene, removal)
    if found is not None:
        # What was let through may have changed what stands for all who may not.
        scene.standing.clear()
    return found


async def _open_operation(scene: Scene, removal: Removal, rows: Iterable[Row]) -> str | None:
    for row in rows:
        if row.operation not in removal.operations:
            continue
        for name, outcome in row.expected.items():
            if outcome == "ok" and name not in row.hides:
                continue
            try:
                cell = await try_cell(scene, row, scene.people.callers[name])
            except AssertionError as broken:
                # An undocumented answer is noticed; what cannot be planted is nothing opened.
                said = str(broken)
                return f"{said} as {name}" if said.startswith(row.operation) else None
            if cell.complaint is not None:
                return f"{cell.operation} as {cell.caller}: {cell.answered}, {cell.complaint}"
    return None


async def _open_below(scene: Scene, removal: Removal) -> str | None:
    for cell in await removal.below(scene):
        if cell.complaint is not None and cell.expected != "ok":
            return f"{cell.operation} as {cell.caller}: {cell.complaint}"
    return None


async def sample(scene: Scene) -> list[Removal]:
    """A few of each kind, for the tests that run every time."""
    if scene.setting == "all":
        return [_mark("get_note"), _scope("list_my_goals")]
    if scene.setting == "statements":
        uses = Uses([Use(goals._ONE, "get_goal", "treating", {})])
        return [
            *predicates(uses),
            clause("care is not over", "care_assignments.ends_at IS NULL OR"),
        ]
    touched = {"goals": {"get_goal"}, "notes": {"get_note"}}
    wanted = ("policy wall_read on goals", "policy wall_read on notes")
    return [one for one in await policies(scene, touched) if one.name in wanted]


# Row security: each policy.

_VERBS: Final = {"SELECT": "read", "INSERT": "add", "UPDATE": "change", "DELETE": "remove"}


async def policies(scene: Scene, tables: dict[str, set[str]]) -> list[Removal]:
    """Each policy of the application's, replaced by `true`; of those for updates, also the
    check of the new row alone. `tables` says which operations touch which table."""
    found = await scene.admin.fetch(
        "select tablename, policyname, cmd, qual, with_check from pg_policies"
        " where schemaname = 'public' and policyname like 'wall\\_%'"
        " and policyname <> 'wall_gate' order by tablename, policyname"
    )
    removals = []
    for row in found:
        usings = {"using": row["qual"], "with check": row["with_check"]}
        whole = {clause: said for clause, said in usings.items() if said is not None}
        removals.append(_policy(row, whole, tables, _VERBS[row["cmd"]]))
        if row["cmd"] == "UPDATE":
            removals.append(_policy(row, {"with check": row["with_check"]}, tables, "move"))
    return removals


def _policy(row: Any, clauses: dict[str, str], tables: dict[str, set[str]], verb: str) -> Removal:
    policy, table = row["policyname"], row["tablename"]

    @asynccontextmanager
    async def down(scene: Scene) -> AsyncIterator[None]:
        alter = f"alter policy {policy} on {table} "
        await scene.admin.execute(alter + " ".join(f"{name} (true)" for name in clauses))
        try:
            yield
        finally:
            kept = " ".join(f"{name} ({said})" for name, said in clauses.items())
            await scene.admin.execute(alter + kept)

    async def below(scene: Scene) -> list[Cell]:
        return await touch(scene, of([table]), [verb])

    name = f"policy {policy} on {table}" + (", its check" if verb == "move" else "")
    return Removal(name, "rows", down, tables.get(table, set()), below)


# The statements: each one's predicates, and each part that they are made of.


def predicates(uses: Uses) -> list[Removal]:
    """Each marked predicate of each statement that was run; where a statement has none, its bare
    comparison with the caller."""
    removals = []
    for query in uses.walled():
        names = matrix_walls.walls_of(query)
        marked = names - matrix_walls.OF_THE_CALLER
        for name in sorted(marked or names):
            removals.append(_predicate(uses, query, name))
    return removals


def _predicate(uses: Uses, query: Query, name: str) -> Removal:
    operations = uses.operations(query)

    @asynccontextmanager
    async def down(scene: Scene) -> AsyncIterator[None]:
        with matrix_walls.without([query], matrix_walls.only(name)):
            yield

    async def below(scene: Scene) -> list[Cell]:
        return await ask_each(scene, uses, [query])

    label = f"{name} in {name_of(query)}"
    return Removal(label, "statements", down, operations, below)


_READS: Final = frozenset(
    {
        "list_clients",
        "get_client",
        "list_goals",
        "get_goal",
        "update_goal",
        "create_goal",
        "list_sessions",
        "get_note",
        "list_my_goals",
    }
)


def clause(
    name: str, text: str, instead: Any = None, operations: Collection[str] = _READS
) -> Removal:
    """One part of the predicates, in every statement that has it: `text` as SQLAlchemy says it
    (or how it begins), and what stands there `instead` (true, unless told otherwise)."""

    def take_out(element: Any) -> Any:
        if not isinstance(element, BinaryExpression | BooleanClauseList | ClauseElement):
            return None
        if element.__class__.__name__ not in _CLAUSES:
            return None
        return (true() if instead is None else instead) if str(element).startswith(text) else None

    @asynccontextmanager
    async def down(scene: Scene) -> AsyncIterator[None]:
        with matrix_walls.without(Query.made, take_out) as changed:
            assert changed, f"no statement says {text}"
            yield

    return Removal(name, "statements", down, operations)


_CLAUSES: Final = frozenset(
    name
    for plain in ("BinaryExpression", "BooleanClauseList", "ExpressionClauseList")
    for name in (plain, f"Annotated{plain}")
)
NEVER: Final = false()


# The guards around every operation.


def marks(app: FastAPI) -> list[Removal]:
    """Each operation's permission, and its scope where it asks for one."""
    removals = []
    for route in routes(app):
        permission, operation = mark_of(route.endpoint).permission, str(route.operation_id)
        if permission is not None:
            removals.append(_mark(operation))
            if permission in SCOPES:
                removals.append(_scope(operation))
    return removals


def _mark(operation: str) -> Removal:
    @asynccontextmanager
    async def down(scene: Scene) -> AsyncIterator[None]:
        original = _Frame._check_role

        def check(frame: _Frame, actor: Actor) -> None:
            if frame.operation != operation:
                original(frame, actor)

        _Frame._check_role = check  # type: ignore[assignment, method-assign]
        try:
            yield
        finally:
            _Frame._check_role = original  # type: ignore[method-assign]

    return Removal(f"permission of {operation}", "all", down, {operation})


def _scope(operation: str) -> Removal:
    @asynccontextmanager
    async def down(scene: Scene) -> AsyncIterator[None]:
        original = Work.entry

        def entry(work: Work, scope: str | None) -> str:
            return original(work, None if work.operation == operation else scope)

        Work.entry = entry  # type: ignore[assignment, method-assign]
        try:
            yield
        finally:
            Work.entry = original  # type: ignore[method-assign]

    return Removal(f"scope of {operation}", "all", down, {operation})


def gate(
    function: str, name: str, old: str, new: str, setting: str, operations: Collection[str]
) -> Removal:
    """A guard inside one of the gate's functions: `old` replaced by `new` in its text."""

    @asynccontextmanager
    async def down(scene: Scene) -> AsyncIterator[None]:
        text = await scene.admin.fetchval(
            "select pg_get_functiondef(oid) from pg_proc where proname = $1"
            " and pronamespace = 'gate'::regnamespace",
            function,
        )
        assert text.count(old) == 1, f"gate.{function} says {text.count(old)} times: {old}"
        await scene.admin.execute(text.replace(old, new))
        try:
            yield
        finally:
            await scene.admin.execute(text)

    return Removal(f"gate.{function}: {name}", setting, down, operations)
