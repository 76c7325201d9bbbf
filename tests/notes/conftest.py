"""Someone with the database in their hands."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from app.core.embedded import Server


@pytest.fixture
async def owner(server: Server, database: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection that no row security binds."""
    connection = await asyncpg.connect(server.dsn(database))
    yield connection
    await connection.close()
