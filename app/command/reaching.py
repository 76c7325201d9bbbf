"""The database a command works on: the settings' own, or the embedded one of the data folder."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Final

import asyncpg
import structlog

from app.command.addresses import Addresses, checked, demand_named, from_settings
from app.command.preparing import create_database, demand_current, prepare
from app.command.saying import Complaint, doing
from app.command.supervising import first_of
from app.core import embedded
from app.settings import Settings
from app.vault import keyfile

PAUSE_SECONDS: Final = 2.0

_log = structlog.get_logger("praxis.database")


@dataclass(frozen=True)
class Reached:
    """A database: the address of its owner, and how many uses of an embedded server we have."""

    owner: str = field(repr=False)
    is_embedded: bool
    uses: ExitStack = field(repr=False, default_factory=ExitStack)


@contextmanager
def reached(settings: Settings) -> Iterator[Reached]:
    """The database, for as long as the block runs; the embedded one is started for it."""
    if settings.database_url is not None:
        address = checked(settings.database_url.get_secret_value(), "DATABASE_URL")
        yield Reached(address, is_embedded=False)
        return
    with ExitStack() as uses:
        with doing("Starting PostgreSQL"):
            server = embedded.start(settings.data, run_as=settings.postgres_account)
            uses.callback(server.close)
            owner = asyncio.run(create_database(server))
        yield Reached(owner, is_embedded=True, uses=uses)


@contextmanager
def ready(settings: Settings) -> Iterator[tuple[keyfile.Keys, Addresses]]:
    """The keys, and the addresses of a database at this code's revision, for a command's work.

    The embedded one is brought to it; any other must be there already, else Complaint.
    """
    if settings.database_url is None and settings.application_database_url is None:
        with reached(settings) as database:
            yield asyncio.run(prepare(settings, database.owner, embedded=True))
        return
    keys = keyfile.load(settings.key_folder)
    addresses = from_settings(settings, keys)
    asyncio.run(demand_current(addresses.application))
    yield keys, addresses


def serving_addresses(
    settings: Settings, of: Callable[[Addresses], str], name: str
) -> tuple[keyfile.Keys, str]:
    """Keys and address for `praxis serve` and `praxis worker`, which change nothing at start.

    Raises Complaint when there is no such address, or the database is not at this revision.
    """
    demand_named(settings)
    keys = keyfile.load(settings.key_folder)
    address = of(from_settings(settings, keys))
    if not address:
        raise Complaint(f"Set {name} or DATABASE_URL: no address of this role's is known.")
    asyncio.run(demand_current(address))
    return keys, address


async def keep_running(settings: Settings, database: Reached, ending: asyncio.Event) -> None:
    """Start the embedded server again when it ends before we do."""
    while not ending.is_set():
        lost = asyncio.Event()
        connection = None
        try:
            connection = await asyncpg.connect(database.owner, timeout=5)
            connection.add_termination_listener(lambda _, lost=lost: lost.set())
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError):
            lost.set()
        if await first_of(lost.wait(), ending.wait()):
            if connection is not None:
                connection.terminate()
            return
        _log.error("database_lost")
        try:
            server = await asyncio.to_thread(
                embedded.start, settings.data, run_as=settings.postgres_account
            )
        except embedded.EmbeddedError:
            _log.error("database_not_started", seconds=PAUSE_SECONDS)
            await first_of(asyncio.sleep(PAUSE_SECONDS), ending.wait())
        else:
            database.uses.callback(server.close)
            _log.info("database_started")
