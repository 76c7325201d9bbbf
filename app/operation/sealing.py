"""Sealed columns: sealed on the way in, opened on the way out, by what their types say."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final, cast

import orjson
from sqlalchemy import Table
from sqlalchemy.orm import InstrumentedAttribute

from app.core.database import Base, Json, Sealed, encoded
from app.core.ids import SYSTEM
from app.core.statements import SealedColumn, client_column, row_column
from app.vault.keyring import Keyring
from app.vault.sealing import Key, context, seal
from app.vault.sealing import open as unseal

Row = dict[str, Any]

PERSONAL: Final = frozenset({"identity", "record", "private"})
"""Keys that belong to one client; the others to the practice or the service."""


class Seals:
    """The seals of one transaction: its connection, its practice, and which client the caller is
    in person (None: none)."""

    __slots__ = ("_connection", "_in_person", "_practice_id", "_ring")

    def __init__(
        self, ring: Keyring, connection: Any, practice_id: str, *, in_person: str | None
    ) -> None:
        self._ring = ring
        self._connection = connection
        self._practice_id = practice_id
        self._in_person = in_person

    async def seal(
        self, table: type[Base], values: Row, known: Mapping[str, Any] | None = None
    ) -> None:
        """Seal, in place, the values whose columns say so; `known` has what else they bind to."""
        model = cast(Table, table.__table__)
        bound = values if known is None else {**values, **known}
        for name, value in values.items():
            kind = model.columns[name].type
            if not isinstance(kind, Sealed) or value is None:
                continue
            client_id = bound[str(client_column(model))] if kind.under in PERSONAL else None
            home = self._home("practice_id" in model.columns)
            place = context(home, client_id, model.name, name, bound[row_column(model)])
            values[name] = seal(await self._key(kind.under, client_id), encoded(value), place)

    async def one(
        self, column: InstrumentedAttribute[Any], key: str, client_id: str | None, value: object
    ) -> bytes | None:
        """One value, sealed for `column` of the row `key`."""
        if value is None:
            return None
        under, table, tenant = _described(column)
        bound = client_id if under in PERSONAL else None
        place = context(self._home(tenant), bound, table, column.key, key)
        return seal(await self._key(under, client_id), encoded(value), place)

    async def open(self, rows: list[Row], sealed: Iterable[SealedColumn]) -> None:
        """Open, in place, what the query found sealed."""
        for column in sealed:
            if column.client is None:
                await self._open_shared(rows, column)
            else:
                await self._open_personal(rows, column, column.client)

    async def _open_shared(self, rows: list[Row], column: SealedColumn) -> None:
        key = await self._key(column.under, None)
        home = self._home(column.under == "practice")
        for row in rows:
            _open(row, column, key, home, None)

    async def _open_personal(self, rows: list[Row], column: SealedColumn, client: str) -> None:
        practice_id = self._practice_id
        wanted = {row[client] for row in rows if row[client] is not None}
        for one in wanted:
            self._refuse_private(column.under, one)
        keys = await self._ring.fetch(self._connection, practice_id, wanted, column.under)
        for row in rows:
            client_id = row[client]
            _open(row, column, keys.get(client_id), practice_id, client_id)

    def _home(self, tenant: bool) -> str:
        return self._practice_id if tenant else SYSTEM

    def _refuse_private(self, under: str, client_id: str | None) -> None:
        if under == "private" and (client_id is None or client_id != self._in_person):
            raise PermissionError("a private key opens for the client in person only")

    async def _key(self, under: str, client_id: str | None) -> Key:
        """The key to seal with; a private one is made when it is first needed.

        Raises PermissionError for a private key asked for by anyone but the client it belongs
        to, and KeyError when the key does not exist (any more).
        """
        if under == "accounts":
            return self._ring.accounts
        if under == "practice":
            return await self._ring.practice(self._connection, self._practice_id)
        self._refuse_private(under, client_id)
        if client_id is None:
            raise KeyError(f"{under} key of nobody")
        held = await self._ring.fetch(self._connection, self._practice_id, (client_id,), under)
        if client_id not in held and under == "private":
            return await self._ring.begin(self._connection, self._practice_id, client_id, under)
        if client_id not in held:
            raise KeyError(f"{under} key")
        return held[client_id]


@cache
def _described(column: InstrumentedAttribute[Any]) -> tuple[str, str, bool]:
    """The key a column is under, its table, and whether that belongs to a practice."""
    table = cast(Any, column).table
    return cast(Sealed, column.type).under, table.name, "practice_id" in table.columns


def _open(
    row: Row, column: SealedColumn, key: Key | None, home: str, client_id: str | None
) -> None:
    value = row[column.name]
    if value is None:
        if column.spread:
            del row[column.name]
        return
    if key is None:
        raise KeyError(f"{column.under} key")
    plain = unseal(
        key, value, context(home, client_id, column.table, column.column, row[column.row])
    )
    if column.spread:
        del row[column.name]
        row.update(orjson.loads(plain))
    else:
        row[column.name] = Json(plain)
