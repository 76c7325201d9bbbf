"""The database's roles and revisions: made, brought up to date, and asked after."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from app.core.places import MIGRATIONS
from app.core.places import ROOT as ROOT
from app.settings import Settings

OWNER: Final = "praxis_owner"
GATE: Final = "praxis_gate"
APPLICATION: Final = "praxis_application"
WORKER: Final = "praxis_worker"

State = Literal["empty", "behind", "current", "ahead"]


class SchemaError(Exception):
    """The database cannot be used as it is; the message says what to do."""


def owner_address(given: str | None) -> str:
    """The address migrations run at: the one given, or the settings'.

    Raises SchemaError when neither names one.
    """
    if given:
        return given
    # Only the address is asked for: nothing is served, and the rest need not be set up.
    configured = Settings(environment="development").database_url
    if configured is None:
        raise SchemaError("Set DATABASE_URL, or let `praxis up` start its own PostgreSQL.")
    return configured.get_secret_value()


def alembic_config(dsn: str | None = None) -> Config:
    """Alembic's configuration: not that of alembic.ini, which stands in a checkout only."""
    config = Config()
    config.set_main_option("script_location", _escaped(MIGRATIONS))
    config.set_main_option("path_separator", "newline")
    # The revisions import `migrations.support`.
    config.set_main_option("prepend_sys_path", _escaped(ROOT))
    config.attributes["dsn"] = dsn
    return config


def _escaped(path: Path) -> str:
    return str(path).replace("%", "%%")


def head() -> str:
    """The revision this code was written for."""
    found = ScriptDirectory.from_config(alembic_config()).get_current_head()
    assert found is not None
    return found


async def prepare_roles(dsn: str, passwords: Mapping[str, str]) -> None:
    """Make the four roles where they are missing, and set the passwords of those that log in.

    Raises SchemaError when the address's role may not create roles.
    """
    connection = await asyncpg.connect(dsn)
    try:
        async with connection.transaction():
            # Two starts at once must not both create them.
            await connection.execute("select pg_advisory_xact_lock(728401)")
            existing = {
                row["rolname"] for row in await connection.fetch("select rolname from pg_roles")
            }
            for role in (OWNER, GATE, APPLICATION, WORKER):
                if role not in existing:
                    await connection.execute(f"create role {role} nologin nobypassrls")
            for role, password in passwords.items():
                await connection.execute(f"alter role {role} login password '{password}'")
            me = await connection.fetchval("select current_user")
            database = await connection.fetchval("select current_database()")
            await connection.execute(
                f'grant {OWNER}, {GATE} to "{me}"; grant {GATE} to {OWNER};'
                f' grant connect, create on database "{database}" to {OWNER};'
                f' grant connect on database "{database}" to {APPLICATION}, {WORKER};'
                # Whoever may connect might fill the disk with tables that no limit counts.
                f' revoke temporary on database "{database}" from public;'
                f" grant usage, create on schema public to {OWNER};"
                f" grant usage on schema public to {APPLICATION}, {WORKER}, {GATE};"
            )
    except asyncpg.InsufficientPrivilegeError as refused:
        raise SchemaError(
            f"The role in DATABASE_URL may not create roles ({refused.sqlstate}). Use one that"
            " may, or create praxis_owner, praxis_gate, praxis_application and praxis_worker."
        ) from refused
    finally:
        await connection.close()


def upgrade(dsn: str) -> None:
    """Bring the schema to this code's revision. Must not run inside an event loop."""
    command.upgrade(alembic_config(dsn), "head")


async def state(dsn: str, **options: Any) -> State:
    """Whether the database is at this code's revision."""
    connection = await asyncpg.connect(dsn, **options)
    try:
        if await connection.fetchval("select to_regclass('public.alembic_version')") is None:
            return "empty"
        found = await connection.fetchval("select version_num from alembic_version")
    finally:
        await connection.close()
    if found is None:
        return "empty"
    if found == head():
        return "current"
    known = {
        script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()
    }
    return "behind" if found in known else "ahead"
