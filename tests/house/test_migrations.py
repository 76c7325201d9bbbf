"""One head; up, down and up again; and the tables are those the models declare."""

import asyncio

import asyncpg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, pool
from sqlalchemy.ext.asyncio import create_async_engine

from app.core import embedded, schema
from app.models import metadata


@pytest.fixture(scope="module")
def scratch(server: embedded.Server, database: str, worker_id: str) -> str:
    """An empty database of this module's own; the roles are there from the template."""
    name = f"scratch_{worker_id}"
    asyncio.run(_create(server, name))
    return server.dsn(name)


async def _create(server: embedded.Server, name: str) -> None:
    admin = await asyncpg.connect(server.dsn())
    await admin.execute(f"drop database if exists {name}")
    await admin.execute(f"create database {name}")
    await admin.close()
    await schema.prepare_roles(server.dsn(name), {})


def test_there_is_one_head() -> None:
    assert len(ScriptDirectory.from_config(schema.alembic_config()).get_heads()) == 1


def test_up_down_and_up_again(scratch: str) -> None:
    schema.upgrade(scratch)
    command.downgrade(schema.alembic_config(scratch), "base")
    assert asyncio.run(schema.state(scratch)) == "empty"
    schema.upgrade(scratch)
    assert asyncio.run(schema.state(scratch)) == "current"


def test_going_down_leaves_nothing_behind(scratch: str) -> None:
    command.downgrade(schema.alembic_config(scratch), "base")
    left = asyncio.run(_left(scratch))
    schema.upgrade(scratch)
    assert left == ["alembic_version"]


async def _left(dsn: str) -> list[str]:
    connection = await asyncpg.connect(dsn)
    rows = await connection.fetch(
        "select relname from pg_class where relnamespace = 'public'::regnamespace"
        " and relkind in ('r', 'v', 'S')"
        " union all select typname from pg_type where typnamespace = 'public'::regnamespace"
        " and typtype = 'e'"
        " union all select proname from pg_proc where pronamespace = 'public'::regnamespace"
    )
    await connection.close()
    return [row[0] for row in rows]


def test_models_and_migrations_agree(scratch: str) -> None:
    schema.upgrade(scratch)
    assert asyncio.run(_differences(scratch)) == []


async def _differences(dsn: str) -> list[object]:
    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=lambda: asyncpg.connect(dsn),
        poolclass=pool.NullPool,
    )
    async with engine.connect() as connection:
        found = await connection.run_sync(_compare)
    await engine.dispose()
    return found


def _compare(connection: Connection) -> list[object]:
    context = MigrationContext.configure(
        connection,
        opts={"include_object": lambda o, name, kind, r, c: not str(name).startswith("pgqueuer")},
    )
    return list(compare_metadata(context, metadata))


def test_no_role_may_make_temporary_tables(scratch: str) -> None:
    assert asyncio.run(_may_make_temporary_tables(scratch)) == []


async def _may_make_temporary_tables(dsn: str) -> list[str]:
    connection = await asyncpg.connect(dsn)
    rows = await connection.fetch(
        "select rolname from pg_roles where rolname like 'praxis%'"
        " and has_database_privilege(rolname, current_database(), 'TEMPORARY')"
    )
    await connection.close()
    return [row["rolname"] for row in rows]
