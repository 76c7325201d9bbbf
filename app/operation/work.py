"""The unit of work: one transaction, its caller, and its last words (audit, events, commit).

A read is three round trips: the caller comes in, the read, and the audit rows with the commit.
Services use `rows`, `row`, `add`, `change` and `run`; nothing else touches the driver.
"""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final, NoReturn, cast

from sqlalchemy import Table
from sqlalchemy.orm import InstrumentedAttribute

from app.access.actor import Actor
from app.core.database import Base
from app.core.errors import NotFound, Stale
from app.core.ids import SYSTEM
from app.core.statements import Query, client_column, row_column
from app.core.writes import insert_query, update_query
from app.operation.failures import abandon, as_problem, not_on_care_team
from app.operation.house import House
from app.operation.last_words import Audit, Event, safe, settings, spoken, widened
from app.operation.limiting import ITEMS_A_POINT
from app.operation.sealing import Row as Row
from app.operation.sealing import Seals

UNBOUND: Final = frozenset({"sign_ins"})
"""Tables whose `client_id` is a plain column, not whose row it is."""


class Work:
    """One request's (or job's) dealings with the database."""

    __slots__ = (
        "_audits",
        "_binds",
        "_capacity",
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
        "shows",
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
        shows: bool = True,
    ) -> None:
        """`shows` is False where only the head of the answer goes out, and nobody reads more."""
        self.house = house
        self.shows = shows
        self.operation = operation
        self.about = about
        self.peer = peer
        self.path = path
        self.query = query
        self.request_id = request_id
        self.headers: Mapping[str, str] = headers or {}
        self.statements = 0
        self._connection: Any = None
        self._audits: dict[str | None, Audit] = {}
        self._events: list[Event] = []
        self.actor = cast(Actor, actor)
        self._capacity: str = actor.capacity if actor else "visitor"
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
                ended = await connection.execute(self._last_words())
                # A transaction that a swallowed error had broken answers ROLLBACK, not an error.
                if ended != "COMMIT":
                    raise RuntimeError("the transaction was not committed")
            except BaseException as failure:
                await abandon(connection)
                raise as_problem(failure) from None
            finally:
                self._connection = None
                self._audits.clear()
                self._events.clear()

    @asynccontextmanager
    async def attempt(self) -> AsyncIterator[None]:
        """A part of the transaction that comes to nothing by itself: what fails in here is undone,
        with its audit and event rows, and the exception comes out; all before it stands."""
        audits, events = dict(self._audits), len(self._events)
        await self._connection.execute("savepoint attempt")
        try:
            yield
        except BaseException:
            await self._connection.execute("rollback to savepoint attempt")
            self._audits = audits
            del self._events[events:]
            raise
        await self._connection.execute("release savepoint attempt")

    def entry(self, scope: str | None) -> str:
        """The statement that brings this work's caller in; `scope` is what a guardian needs."""
        actor = self.actor
        who = (actor.sign_in_id, actor.user_id, actor.practice_id, actor.kind, actor.role)
        arguments = ", ".join(map(safe, (*who, actor.client_id, scope)))
        return f"select gate.enter({arguments})"

    def visit(self, **known: str | None) -> Any:
        """A transaction of someone without a token; `known` is what they have proved so far.

        `login` (a hash of the address) shows that login's row, `secret` (a hash of a 256-bit
        secret) the row it opens, `user_id` the login's own rows; `capacity` and `practice_id`
        what an accepted invitation may write.
        """
        values = {"capacity": "visitor"} | known
        self._capacity = str(values["capacity"])
        self._know(known)
        return self.opened(settings(values))

    async def introduce(self, **known: str) -> None:
        """What a visitor has proved meanwhile, in the same transaction; as for `visit`."""
        self._know(known)
        await self._connection.execute(settings(known))

    @asynccontextmanager
    async def in_capacity(self, capacity: str) -> AsyncIterator[None]:
        """Act in another capacity for a few fixed statements, and then again as before.

        For what the caller may not read or write, and has proved enough to have done for them.
        """
        await self._connection.execute(settings({"capacity": capacity}))
        yield
        await self._connection.execute(settings({"capacity": self._capacity}))

    def _know(self, known: Mapping[str, str | None]) -> None:
        for setting, bind in (("practice_id", "practice_id"), ("user_id", "me")):
            if setting in known:
                self._binds[bind] = known[setting]

    def _last_words(self) -> str:
        who = (self.practice_id, self._binds["me"], self._capacity)
        return spoken(*who, self.operation, self.request_id, self._audits, self._events)

    def weigh(self, items: int) -> None:
        """Count the items of this request against its caller's limit. Raises TooMany."""
        caller = self.actor.user_id + self.actor.practice_id
        self.house.limiter.charge(caller, items // ITEMS_A_POINT)

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

    async def rows(self, query: Query, **values: Any) -> list[Row]:
        """All rows, sealed columns opened."""
        self.statements += 1
        records = await self._connection.fetch(query.sql, *query.arguments(self._binds, values))
        names = tuple(records[0].keys()) if records else ()
        rows = [dict(zip(names, record, strict=True)) for record in records]
        if query.sealed:
            await self._seals().open(rows, query.sealed)
        if query.client is not None:
            self._saw(rows, query.client)
        return rows

    async def row(self, query: Query, **values: Any) -> Row | None:
        """The only row, or None."""
        self.statements += 1
        record = await self._connection.fetchrow(query.sql, *query.arguments(self._binds, values))
        if record is None:
            return None
        row = dict(record)
        if query.sealed:
            await self._seals().open([row], query.sealed)
        if query.client is not None:
            self._saw((row,), query.client)
        return row

    async def run(self, query: Query, **values: Any) -> int:
        """Run a statement; the number of rows it touched."""
        self.statements += 1
        status = await self._connection.execute(query.sql, *query.arguments(self._binds, values))
        return int(status.rpartition(" ")[2])

    async def add(
        self, table: type[Base], *, unless: tuple[str, ...] | None = None, **values: Any
    ) -> bool:
        """Insert one row, sealing what its columns' types say; practice and id may be left out.

        With `unless` (the columns of a unique key) an existing row wins, and False comes back.
        """
        if "practice_id" in table.__table__.columns:
            values.setdefault("practice_id", self.practice_id)
        await self._seals().seal(table, values)
        query = insert_query(table, tuple(values), unless)
        return await self.run(query, **values) == 1

    async def change(self, table: type[Base], key: str, seen: int, **values: Any) -> int:
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
        await self._seals().seal(table, values, {row_column(model): key})
        client = client_column(model)
        written = tuple(n for n in values if n != client or model.name in UNBOUND)
        query = update_query(table, written, versioned=seen is not None)
        bound = {f"new_{name}": values[name] for name in written}
        return await self.run(query, **bound, own_key=key, seen=seen)

    async def nothing(self, table: type[Base], key: str) -> NoReturn:
        """Refuse, for a row that was not found: 404, or 403 for those who keep the directory and
        so know the client whose it is.

        Raises Forbidden `access.not_on_care_team` or NotFound.
        """
        if self.actor is not None and self.actor.keeps_directory:
            name = cast(Table, table.__table__).name
            client = await self._connection.fetchval("select gate.client_of($1, $2)", name, key)
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

    async def found_keys(self) -> None:
        """Make the key of a practice that has none."""
        await self.house.keyring.found(self._connection, self.practice_id)

    async def admit(self, client_id: str) -> None:
        """Take a new client in: make the identity and record keys, and widen the caller's own
        clients by this one for the rest of the transaction."""
        await self._connection.execute(widened(("clients", "writable"), client_id))
        await self.house.keyring.admit(
            self._connection, self.practice_id, client_id, ("identity", "record")
        )

    async def sealed(
        self, column: InstrumentedAttribute[Any], key: str, client_id: str | None, value: object
    ) -> bytes | None:
        """A value sealed for `column` of the row `key`, for statements of one's own making."""
        return await self._seals().one(column, key, client_id, value)

    def _seals(self) -> Seals:
        here = self.actor is not None and self.actor.capacity == "self"
        in_person = self.actor.client_id if here else None
        return Seals(self.house.keyring, self._connection, self.practice_id, in_person=in_person)
