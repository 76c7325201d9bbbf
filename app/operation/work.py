"""The unit of work: one transaction, its caller, and its last words (audit, events, commit).

A read is three round trips: the caller comes in, the read, and the audit rows with the commit.
Services use `rows`, `row`, `add`, `change` and `run`; nothing else touches the driver.
"""

import re
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final, NoReturn, cast

import asyncpg
import orjson
from sqlalchemy import Integer, Table, bindparam, func, insert, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import InstrumentedAttribute

from app.access.actor import Actor
from app.core.database import Base, Json, Sealed, encoded
from app.core.errors import Conflict, Forbidden, NotFound, Stale, Unauthenticated
from app.core.ids import SYSTEM, new_id
from app.core.statements import Query, SealedColumn, client_column, p, row_column
from app.operation.house import House
from app.vault.sealing import Key, context, seal
from app.vault.sealing import open as unseal

Row = dict[str, Any]

_SAFE: Final = re.compile(r"[0-9A-Za-z_.:-]{1,120}")
_INSERTS: dict[tuple[type[Base], tuple[str, ...], tuple[str, ...] | None], Query] = {}
_UPDATES: dict[tuple[type[Base], tuple[str, ...], bool], Query] = {}

UNBOUND: Final = frozenset({"sign_ins"})
"""Tables whose `client_id` is a plain column, not whose row it is."""


def safe(value: str | None) -> str:
    """A value as a literal for a simple query: ids and fixed words only, anything else raises."""
    if value is None:
        return "null"
    if not _SAFE.fullmatch(value):
        raise ValueError("only ids and fixed words go into a simple query")
    return f"'{value}'"


class Work:
    """One request's (or job's) dealings with the database."""

    __slots__ = (
        "_audits",
        "_binds",
        "_connection",
        "_events",
        "about",
        "actor",
        "headers",
        "house",
        "operation",
        "path",
        "peer",
        "query",
        "request_id",
        "statements",
    )

    def __init__(
        self,
        house: House,
        *,
        operation: str,
        request_id: str,
        actor: Actor | None = None,
        practice_id: str = SYSTEM,
        headers: Mapping[str, str] | None = None,
        about: str | None = None,
        peer: str = "",
        path: str = "",
        query: str = "",
    ) -> None:
        self.house = house
        self.operation = operation
        self.about = about
        self.peer = peer
        self.path = path
        self.query = query
        self.request_id = request_id
        self.headers: Mapping[str, str] = headers or {}
        self.statements = 0
        self._connection: Any = None
        self._audits: dict[str | None, tuple[str, str, str | None]] = {}
        self._events: list[tuple[str, str, str | None]] = []
        self.actor = cast(Actor, actor)
        self._binds: dict[str, Any] = {
            "practice_id": actor.practice_id if actor else practice_id,
            "me": actor.user_id if actor else None,
            "acting": actor.client_id if actor else None,
        }

    @property
    def practice_id(self) -> str:
        """The practice this work is for."""
        return cast(str, self._binds["practice_id"])

    @property
    def client_id(self) -> str:
        """The client acted for; only at the client door."""
        return cast(str, self._binds["acting"])

    # Coming in and going out.

    @asynccontextmanager
    async def opened(self, entry: str) -> AsyncIterator["Work"]:
        """One transaction, begun with `entry` (a statement made of ids and fixed words).

        Leaving without an exception writes audit and events and commits; on any failure it rolls
        back, and a connection whose transaction cannot be ended is closed, not pooled.
        """
        async with self.house.pool.acquire() as connection:
            self._connection = connection
            try:
                await connection.execute(f"begin; {entry}")
                yield self
                await connection.execute(self._last_words())
            except BaseException as failure:
                await _abandon(connection)
                raise _as_problem(failure) from None
            finally:
                self._connection = None
                self._audits.clear()
                self._events.clear()

    def entry(self, scope: str | None) -> str:
        """The statement that brings this work's caller in; `scope` is what a guardian needs."""
        actor = self.actor
        arguments = (
            actor.sign_in_id,
            actor.user_id,
            actor.practice_id,
            actor.kind,
            actor.role,
            actor.client_id,
            scope,
        )
        return f"select gate.enter({', '.join(map(safe, arguments))})"

    def visit(self, **known: str | None) -> Any:
        """A transaction of someone without a token; `known` is what they have proved so far.

        `login` (a hash of the address) shows that login's row, `secret` (a hash of a 256-bit
        secret) the row it opens, `user_id` the login's own rows; `capacity` and `practice_id`
        what an accepted invitation may write.
        """
        values = {"capacity": "visitor"} | known
        self._know(known)
        settings = ", ".join(
            f"set_config('app.{name}', {safe(value)}, true)"
            for name, value in values.items()
            if value is not None
        )
        return self.opened(f"select {settings}")

    async def introduce(self, **known: str) -> None:
        """What a visitor has proved meanwhile, in the same transaction; as for `visit`."""
        settings = ", ".join(
            f"set_config('app.{name}', {safe(value)}, true)" for name, value in known.items()
        )
        self._know(known)
        await self._connection.execute(f"select {settings}")

    def _know(self, known: Mapping[str, str | None]) -> None:
        for setting, bind in (("practice_id", "practice_id"), ("user_id", "me")):
            if setting in known:
                self._binds[bind] = known[setting]

    def _last_words(self) -> str:
        parts: list[str] = []
        binds = self._binds
        if self._audits:
            me = safe(binds["me"])
            capacity = safe(self.actor.capacity if self.actor else "visitor")
            rows = ", ".join(
                f"({safe(self.practice_id)}, '{new_id()}', {me}, {capacity}, "
                f"{safe(self.operation)}, {safe(about)}, {safe(client_id)}, {safe(outcome)}, "
                f"{safe(asked)}, {safe(self.request_id)})"
                for client_id, (about, outcome, asked) in self._audits.items()
            )
            parts.append(
                "insert into audit_events (practice_id, id, user_id, capacity, operation, about, "
                f"client_id, outcome, asked_id, request_id) values {rows}; "
            )
        if self._events:
            rows = ", ".join(
                f"({safe(self.practice_id)}, '{new_id()}', {safe(kind)}, {safe(subject)}, "
                f"{safe(client_id)})"
                for kind, subject, client_id in self._events
            )
            parts.append(
                f"insert into events (practice_id, id, kind, subject_id, client_id) values {rows}; "
            )
        parts.append("commit")
        return "".join(parts)

    # What is written at the end.

    def note(
        self,
        about: str,
        client_id: str | None = None,
        outcome: str = "done",
        asked: str | None = None,
    ) -> None:
        """One audit row for this request and client; the last word wins."""
        self._audits[client_id] = (about, outcome, asked)

    def tell(self, kind: str, subject_id: str, client_id: str | None = None) -> None:
        """An event, `room.what_happened`, for the worker and whoever subscribes: ids only."""
        self._events.append((kind, subject_id, client_id))

    # The ways in.

    async def rows(self, query: Query, **values: Any) -> list[Row]:
        """All rows, sealed columns opened."""
        self.statements += 1
        records = await self._connection.fetch(
            query.sql, *query.arguments(self._binds, values)
        )
        rows = [dict(record) for record in records]
        if query.sealed:
            await self._open(rows, query.sealed)
        if query.client is not None:
            self._saw(rows, query.client)
        return rows

    async def row(self, query: Query, **values: Any) -> Row | None:
        """The only row, or None."""
        self.statements += 1
        record = await self._connection.fetchrow(
            query.sql, *query.arguments(self._binds, values)
        )
        if record is None:
            return None
        row = dict(record)
        if query.sealed:
            await self._open([row], query.sealed)
        if query.client is not None:
            self._saw((row,), query.client)
        return row

    async def run(self, query: Query, **values: Any) -> int:
        """Run a statement; the number of rows it touched."""
        self.statements += 1
        status = await self._connection.execute(
            query.sql, *query.arguments(self._binds, values)
        )
        return int(status.rpartition(" ")[2])

    async def add(
        self, table: type[Base], *, unless: tuple[str, ...] | None = None, **values: Any
    ) -> bool:
        """Insert one row, sealing what its columns' types say; practice and id may be left out.

        With `unless` (the columns of a unique key) an existing row wins, and False comes back.
        """
        columns = table.__table__.columns
        if "practice_id" in columns:
            values.setdefault("practice_id", self.practice_id)
        await self._seal(table, values)
        shape = (table, tuple(values), unless)
        query = _INSERTS.get(shape)
        if query is None:
            made = {name: bindparam(name, type_=columns[name].type) for name in values}
            statement = (
                insert(table).values(made)
                if unless is None
                else upsert(table).values(made).on_conflict_do_nothing(index_elements=unless)
            )
            query = _INSERTS[shape] = Query(statement)
        return await self.run(query, **values) == 1

    async def change(
        self, table: type[Base], key: str, seen: int, **values: Any
    ) -> int:
        """Update one row, if it is still in the version `seen`; its new version.

        `key` is the row's own id. A sealed value needs `client_id` among the values, which is
        not written. Raises Stale when no such row is left in that version.
        """
        if await self._update(table, key, seen, values) != 1:
            raise Stale("versions.stale", "It has changed since you read it. Read it again.")
        return seen + 1

    async def alter(self, table: type[Base], key: str, **values: Any) -> None:
        """Update one row whatever its version; for rows that are nobody's to see.

        Raises NotFound when there is no such row.
        """
        if await self._update(table, key, None, values) != 1:
            raise NotFound()

    async def _update(
        self, table: type[Base], key: str, seen: int | None, values: dict[str, Any]
    ) -> int:
        model = cast(Table, table.__table__)
        await self._seal(table, values, {row_column(model): key})
        client = client_column(model)
        written = tuple(n for n in values if n != client or model.name in UNBOUND)
        shape = (table, written, seen is None)
        query = _UPDATES.get(shape)
        if query is None:
            query = _UPDATES[shape] = _update_query(model, written, versioned=seen is not None)
        bound = {f"new_{name}": values[name] for name in written}
        return await self.run(query, **bound, own_key=key, seen=seen)

    async def nothing(self, table: type[Base], key: str) -> NoReturn:
        """Refuse, for a row that was not found: 404, or 403 for those who keep the directory and
        so know the client whose it is.

        Raises Forbidden `access.not_on_care_team` or NotFound.
        """
        if self.actor is not None and self.actor.keeps_directory:
            name = cast(Table, table.__table__).name
            client = await self._connection.fetchval(
                "select gate.client_of($1, $2)", name, key
            )
            if client is not None:
                raise not_on_care_team()
        raise NotFound()

    def _saw(self, rows: Iterable[Row], column: str) -> None:
        """Whoever reads about a client, other than the client, leaves an audit row a request."""
        if self.about is None or self.actor is None or self.actor.capacity == "self":
            return
        for row in rows:
            client_id = row[column]
            if client_id not in self._audits:
                self._audits[client_id] = (self.about, "read", None)

    # Seals.

    async def found_keys(self) -> None:
        """Make the key of a practice that has none."""
        await self.house.keyring.found(self._connection, self.practice_id)

    async def admit(self, client_id: str) -> None:
        """Take a new client in: make the identity and record keys, and widen the caller's own
        clients by this one for the rest of the transaction."""
        settings = ", ".join(
            f"set_config('app.{name}', concat_ws(',', "
            f"nullif(current_setting('app.{name}', true), ''), {safe(client_id)}), true)"
            for name in ("clients", "writable")
        )
        await self._connection.execute(f"select {settings}")
        await self.house.keyring.admit(
            self._connection, self.practice_id, client_id, ("identity", "record")
        )

    async def key(self, under: str, client_id: str | None) -> Key:
        """The key a sealed column is under; a client's private one only for that client.

        Raises PermissionError for a private key asked for by anyone else, and KeyError when the
        key does not exist (any more).
        """
        ring = self.house.keyring
        if under == "accounts":
            return ring.accounts
        if under == "practice":
            return await ring.practice(self._connection, self.practice_id)
        if under == "private" and (self.actor is None or self.actor.capacity != "self"):
            raise PermissionError("a private key opens for the client in person only")
        assert client_id is not None
        await ring.fetch(self._connection, self.practice_id, (client_id,), under)
        key = ring.held(self.practice_id, client_id, under)
        if key is None:
            raise KeyError(f"{under} key")
        return key

    async def sealed(
        self, column: InstrumentedAttribute[Any], key: str, client_id: str | None, value: object
    ) -> bytes | None:
        """A value sealed for `column` of the row `key`, for statements of one's own making."""
        if value is None:
            return None
        kind = cast(Sealed, column.type)
        home = self.practice_id if "practice_id" in column.table.columns else SYSTEM
        personal = client_id if kind.under in ("identity", "record", "private") else None
        place = context(home, personal, column.table.name, column.key, key)
        return seal(await self.key(kind.under, client_id), encoded(value), place)

    async def _seal(
        self, table: type[Base], values: Row, known: Mapping[str, Any] | None = None
    ) -> None:
        """Seal, in place, the values whose columns say so; `known` has what else they bind to."""
        model = cast(Table, table.__table__)
        known = values if known is None else {**values, **known}
        for name, value in values.items():
            kind = model.columns[name].type
            if not isinstance(kind, Sealed) or value is None:
                continue
            personal = kind.under in ("identity", "record", "private")
            client_id = known[str(client_column(model))] if personal else None
            home = self.practice_id if "practice_id" in model.columns else SYSTEM
            place = context(home, client_id, model.name, name, known[row_column(model)])
            values[name] = seal(await self.key(kind.under, client_id), encoded(value), place)

    async def _open(self, rows: Iterable[Row], sealed: tuple[SealedColumn, ...]) -> None:
        ring, practice_id = self.house.keyring, self.practice_id
        for column in sealed:
            client = column.client
            if client is not None:
                if column.under == "private" and self.actor.capacity != "self":
                    raise PermissionError("a private key opens for the client in person only")
                ids = {row[client] for row in rows if row[client] is not None}
                await ring.fetch(self._connection, practice_id, ids, column.under)
                home = practice_id
            else:
                shared = await self.key(column.under, None)
                home = practice_id if column.under == "practice" else SYSTEM
            for row in rows:
                value = row[column.name]
                if value is None:
                    if column.spread:
                        del row[column.name]
                    continue
                client_id = row[client] if client is not None else None
                key = ring.held(practice_id, client_id, column.under) if client_id else shared
                if key is None:
                    raise KeyError(f"{column.under} key")
                place = context(home, client_id, column.table, column.column, row[column.row])
                plain = unseal(key, value, place)
                if column.spread:
                    del row[column.name]
                    row.update(orjson.loads(plain))
                else:
                    row[column.name] = Json(plain)


def _update_query(model: Table, written: tuple[str, ...], *, versioned: bool) -> Query:
    columns = model.columns
    sets: dict[str, Any] = {n: bindparam(f"new_{n}", type_=columns[n].type) for n in written}
    if "version" in columns:
        sets |= {"version": columns["version"] + 1, "changed_at": func.now()}
    statement = update(model).where(columns[row_column(model)] == p("own_key"))
    if "practice_id" in columns and "practice_id" in model.primary_key.columns:
        statement = statement.where(columns["practice_id"] == p("practice_id"))
    if versioned:
        statement = statement.where(columns["version"] == p("seen", Integer()))
    return Query(statement.values(sets))


def not_on_care_team() -> Forbidden:
    return Forbidden(
        "access.not_on_care_team",
        "You know this client, and are not on the care team: the contents are not yours to see.",
    )


async def _abandon(connection: Any) -> None:
    try:
        await connection.execute("rollback")
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError):
        connection.terminate()


def _as_problem(failure: BaseException) -> BaseException:
    """The refusals that the database itself makes, by their private SQLSTATEs."""
    state = getattr(failure, "sqlstate", None)
    if state == "PX401":
        return Unauthenticated()
    if state == "PX403":
        return Forbidden(
            "access.scope", "The guardianship you hold for this client does not include this."
        )
    if state == "PX404":
        return NotFound()
    if state == "PX409":
        return Conflict(
            "notes.signed", "What is signed never changes. Write an addendum instead."
        )
    return failure
