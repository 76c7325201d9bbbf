"""Units of work in the past: what they write bears the moment that is told of, and no other.

The services run as they are, and as their own callers. Their statements are compiled once more,
so that `now()` and the instants that columns fill in by themselves are the told one.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import Insert
from sqlalchemy.dialects.postgresql import asyncpg
from sqlalchemy.dialects.postgresql.asyncpg import PGCompiler_asyncpg

from app.access.actor import Actor
from app.access.permissions import SCOPES, class_word
from app.core import clock
from app.core.database import NOW, Instant
from app.core.ids import new_id
from app.core.statements import Query, p
from app.operation.house import House
from app.operation.marks import mark_of
from app.operation.work import Row, Work

TOLD: Final = p("told_at", Instant())


class _Compiler(PGCompiler_asyncpg):
    def visit_now_func(self, *_: Any, **how: Any) -> str:
        return self.process(TOLD, **how)

    def visit_insert(self, insert_stmt: Insert, *more: Any, **how: Any) -> str:
        given = {getattr(column, "key", column) for column in insert_stmt._values or {}}
        stamps = {
            column.name: TOLD
            for column in insert_stmt.table.columns
            if getattr(column.server_default, "arg", None) is NOW and column.name not in given
        }
        # One that inserts what it selects says the time itself.
        if stamps and insert_stmt.select is None:
            insert_stmt = insert_stmt.values(stamps)
        return str(super().visit_insert(insert_stmt, *more, **how))  # type: ignore[no-untyped-call]


class _Dialect(asyncpg.dialect):
    statement_compiler = _Compiler


_DIALECT: Final = _Dialect()  # type: ignore[no-untyped-call]


@cache
def _past(query: Query) -> Query:
    told = Query(query.statement, _DIALECT)
    told.client = query.client
    return told


class Past(Work):
    """A unit of work for use within `clock.at`. Its events count as passed on: what happened
    weeks ago sends no mail today."""

    __slots__ = ("subject_id",)

    def tell(self, kind: str, subject_id: str, client_id: str | None = None) -> None:
        """As ever; and what it was about is kept as `subject_id`."""
        self.subject_id = subject_id
        super().tell(kind, subject_id, client_id)

    async def rows(self, query: Query, **values: Any) -> list[Row]:
        return await super().rows(_past(query), told_at=clock.now(), **values)

    async def row(self, query: Query, **values: Any) -> Row | None:
        return await super().row(_past(query), told_at=clock.now(), **values)

    async def run(self, query: Query, **values: Any) -> int:
        return await super().run(_past(query), told_at=clock.now(), **values)

    def _last_words(self) -> str:
        at = f"'{clock.now().isoformat()}'"
        return "; ".join(
            _stamped(said, at, self.practice_id) for said in super()._last_words().split("; ")
        )


def _stamped(said: str, at: str, practice_id: str) -> str:
    """An insert of audit rows, or of events (which are then passed on), with the told instant."""
    columns, values = "at", at
    if said.startswith("insert into events"):
        columns, values = "at, dispatched_at", f"{at}, {at}"
    columned = said.replace("(practice_id,", f"({columns}, practice_id,")
    return columned.replace(f"('{practice_id}',", f"({values}, '{practice_id}',")


@asynccontextmanager
async def doing(
    house: House,
    actor: Actor,
    endpoint: Callable[..., Any],
    at: datetime,
    *,
    seen: int | None = None,
) -> AsyncIterator[Past]:
    """What the caller does at this moment, at this door: entered and audited as the frame does.

    `seen` is the version the caller read, for what asks for one.
    """
    permission = mark_of(endpoint).permission
    if permission is None or not actor.may(permission):
        raise PermissionError(f"{actor.role} may not {endpoint.__name__}")
    with clock.at(at):
        work = Past(
            house,
            operation=endpoint.__name__,
            request_id=new_id(),
            actor=actor,
            headers={"if-match": f'"v{seen}"'} if seen else {},
            about=class_word(permission),
        )
        async with work.opened(work.entry(SCOPES.get(permission))):
            yield work


@asynccontextmanager
async def arranging(house: House, practice_id: str, at: datetime) -> AsyncIterator[Past]:
    """What no door does yet, done at this moment as a job of the practice."""
    with clock.at(at):
        work = Past(house, operation="demo", request_id=new_id())
        async with work.visit(capacity="job", practice_id=practice_id):
            yield work
