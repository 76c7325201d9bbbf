"""Whether this process can do its work just now, and how much work waits in the database."""

import asyncio
import time
from functools import cache
from typing import Any, Final

import asyncpg

from app.core.schema import head
from app.operation.house import House
from app.vault.sealing import SealBroken

PATIENCE_SECONDS: Final = 2.0
REMEMBERED_SECONDS: Final = 1.0

DATABASE_AWAY: Final = "database.away"
DATABASE_EMPTY: Final = "database.empty"
DATABASE_OTHER_REVISION: Final = "database.other_revision"
KEYS_OTHER: Final = "keys.other"

AWAY: Final = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)


@cache
def _head() -> str:
    return head()


class Readiness:
    """Asks at most once a second, however often it is asked."""

    def __init__(self) -> None:
        self._asked_at = float("-inf")
        self._missing: tuple[str, ...] = ()
        self._asking = asyncio.Lock()
        self._head = _head()
        self._opened = False

    async def missing(self, house: House) -> tuple[str, ...]:
        """The codes of what is missing; none when this process is ready."""
        async with self._asking:
            if time.monotonic() - self._asked_at > REMEMBERED_SECONDS:
                self._missing = await self._look(house)
                self._asked_at = time.monotonic()
            return self._missing

    async def _look(self, house: House) -> tuple[str, ...]:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                async with house.pool.acquire() as connection:
                    found = await connection.fetchval("select version_num from alembic_version")
                    if found != self._head:
                        return (DATABASE_OTHER_REVISION,)
                    self._opened = self._opened or await keys_open(house, connection)
        except asyncpg.UndefinedTableError:
            return (DATABASE_EMPTY,)
        except AWAY:
            return (DATABASE_AWAY,)
        return () if self._opened else (KEYS_OTHER,)


async def keys_open(house: House, connection: Any) -> bool:
    """Whether our root key opens what is in the database: true while nothing is sealed there."""
    async with connection.transaction():
        await connection.execute("select set_config('app.capacity', 'visitor', true)")
        practice_id = await connection.fetchval(
            "select practice_id from practices order by practice_id limit 1"
        )
        if practice_id is None:
            return True
        await connection.execute("select set_config('app.practice_id', $1, true)", str(practice_id))
        try:
            await house.keyring.practice(connection, str(practice_id))
        except SealBroken:
            return False
        return True


async def waiting(house: House) -> tuple[int, float] | None:
    """How many events wait for the worker and the age of the oldest; None when nobody answers."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            async with house.pool.acquire() as connection:
                row = await connection.fetchrow("select * from gate.events_waiting()")
    except AWAY:
        return None
    return int(row["waiting"]), float(row["oldest_seconds"])
