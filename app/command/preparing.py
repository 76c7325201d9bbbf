"""A database made ready: created, its roles, its revision, its keys, the shipped exercises."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import asyncpg

from app.command.addresses import Addresses, from_settings, on_server, place
from app.command.saying import Complaint, doing
from app.core import schema
from app.core.embedded import Server
from app.core.ids import SYSTEM
from app.core.schema import SchemaError
from app.library.shipping import ship
from app.main import open_house
from app.operation.house import House
from app.operation.work import Work
from app.settings import Settings
from app.upkeep.readiness import keys_open
from app.vault import keyfile
from app.vault.keyring import Keyring
from app.vault.sealing import SealBroken

DATABASE: Final = "praxis"
PATIENCE_SECONDS: Final = 10
MIGRATING: Final = 728402
"""The advisory lock of whoever migrates: two at once would make the same tables."""

AHEAD: Final = (
    "This code is older than the database ({place}), which newer code has migrated: update the"
    " code, or restore a backup of the database."
)
BEHIND: Final = "The database ({place}) {how}: run `praxis migrate`."


async def reach(address: str) -> Any:
    """A plain connection. Raises Complaint when nobody answers there."""
    try:
        return await asyncpg.connect(address, timeout=PATIENCE_SECONDS)
    except (OSError, TimeoutError, asyncpg.CannotConnectNowError) as failure:
        raise Complaint(
            f"The database at {place(address)} does not answer ({_why(failure)}): start it, or"
            " correct its address."
        ) from failure
    except asyncpg.ClientConfigurationError as failure:
        raise Complaint(
            f"The database's address ({place(address)}) is not one to connect to: check its"
            " parameters."
        ) from failure


def _why(failure: BaseException) -> str:
    if isinstance(failure, asyncpg.CannotConnectNowError):
        return "it is starting or stopping"
    number = getattr(failure, "errno", None)
    if isinstance(number, int) and number > 0:
        return os.strerror(number)
    return getattr(failure, "strerror", None) or type(failure).__name__


async def create_database(server: Server) -> str:
    """The owner's address of our database on the embedded server, made if it is not there yet."""
    connection = await reach(server.dsn())
    try:
        await connection.execute("select pg_advisory_lock($1)", MIGRATING)
        there = await connection.fetchval("select 1 from pg_database where datname = $1", DATABASE)
        if not there:
            await connection.execute(f"create database {DATABASE}")
    finally:
        await connection.close()
    return server.dsn(DATABASE)


async def state_of(address: str) -> schema.State:
    """How the database stands to this code. Raises Complaint when nobody answers."""
    connection = await reach(address)
    await connection.close()
    return await schema.state(address)


async def demand_current(address: str) -> None:
    """Raise Complaint unless the database is at this code's revision."""
    found = await state_of(address)
    if found == "ahead":
        raise Complaint(AHEAD.format(place=place(address)))
    if found != "current":
        how = "has no tables yet" if found == "empty" else "is behind this code"
        raise Complaint(BEHIND.format(place=place(address), how=how))


async def prepare(
    settings: Settings, owner: str, *, embedded: bool
) -> tuple[keyfile.Keys, Addresses]:
    """Bring a database to where this code serves it, from whatever it was; safe to repeat.

    Keys are made for an empty database only: for any other, new keys would open nothing. Raises
    Complaint, SchemaError and the key file's exceptions.
    """
    guard = await reach(owner)
    try:
        # Kept while we migrate, by this connection: a second start waits here.
        await guard.execute("select pg_advisory_lock($1)", MIGRATING)
        found = await schema.state(owner)
        if found == "ahead":
            raise Complaint(AHEAD.format(place=place(owner)))
        make = keyfile.load_or_create if found == "empty" else keyfile.load
        keys = make(settings.key_folder)
        if found != "empty":
            await _demand_fitting(guard, keys)
        addresses = on_server(owner, keys) if embedded else from_settings(settings, keys)
        with doing("Bringing the database up to date"):
            await _make_roles(guard, owner, addresses)
            await asyncio.to_thread(schema.upgrade, owner)
        with doing("Looking through the exercises"):
            async with opened(settings, addresses, keys) as house:
                await demand_keys(house)
                work = Work(house, operation="ship", request_id=SYSTEM)
                async with work.visit(capacity="job", practice_id=SYSTEM):
                    await ship(work)
        return keys, addresses
    finally:
        await guard.close()


async def _demand_fitting(guard: Any, keys: keyfile.Keys) -> None:
    """The same before anything is changed, as far as the owner may see: a superuser may."""
    try:
        practice_id = await guard.fetchval("select practice_id from practice_keys limit 1")
    except asyncpg.InsufficientPrivilegeError:
        return
    if practice_id is not None:
        await Keyring(keys.root).practice(guard, str(practice_id))


async def demand_keys(house: House) -> None:
    """Raise SealBroken when our root key is not the one the database was sealed under."""
    async with house.pool.acquire() as connection:
        if not await keys_open(house, connection):
            raise SealBroken


@asynccontextmanager
async def opened(
    settings: Settings, addresses: Addresses, keys: keyfile.Keys
) -> AsyncIterator[House]:
    """A house for a command's own work, as the application's role."""
    house = await open_house(settings, dsn=addresses.application, keys=keys)
    try:
        yield house
    finally:
        await house.pool.close()


async def _make_roles(guard: Any, owner: str, addresses: Addresses) -> None:
    """The roles, with the passwords that are ours; those an administrator made are left alone."""
    try:
        await schema.prepare_roles(owner, addresses.passwords)
    except SchemaError:
        names = [schema.OWNER, schema.GATE, schema.APPLICATION, schema.WORKER]
        there = await guard.fetchval(
            "select count(*) from pg_roles where rolname = any($1::text[])", names
        )
        if addresses.passwords or there < len(names):
            raise
