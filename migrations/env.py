"""Alembic's environment: the owner's connection, lock timeouts, row security off.

With row security off, a data migration that a forced policy would silently filter fails instead.
"""

import asyncio
from typing import Any

import asyncpg
from alembic import context
from sqlalchemy import pool
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from app.core.schema import OWNER, owner_address
from app.models import metadata

LOCK_TIMEOUT = "5s"
STATEMENT_TIMEOUT = "10min"


def is_ours(_object: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
    """The queue's tables are its library's own."""
    return not (kind in ("table", "index") and (name or "").startswith("pgqueuer"))


def _migrate(connection: Connection) -> None:
    connection.exec_driver_sql(f"set role {OWNER}")
    connection.exec_driver_sql("set row_security = off")
    connection.exec_driver_sql(f"set lock_timeout = '{LOCK_TIMEOUT}'")
    connection.exec_driver_sql(f"set statement_timeout = '{STATEMENT_TIMEOUT}'")
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=metadata,
        include_object=is_ours,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


async def _connect_and_migrate() -> None:
    address = owner_address(context.config.attributes.get("dsn"))
    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=lambda: asyncpg.connect(address),
        poolclass=pool.NullPool,
    )
    async with engine.connect() as connection:
        await connection.run_sync(_migrate)
    await engine.dispose()


given = context.config.attributes.get("connection")
if given is not None:
    _migrate(given)
else:
    asyncio.run(_connect_and_migrate())
