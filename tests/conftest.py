"""One PostgreSQL for the whole run, one database per worker cloned from a migrated template."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest
from fastapi import FastAPI

from app.core import embedded, schema
from app.core.ids import SYSTEM
from app.library.shipping import ship
from app.main import create_app, open_house
from app.operation.house import House
from app.operation.work import Work
from app.settings import Settings
from app.vault import keyfile
from tests.cast import Cast, Clients, stage

FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off",
        "max_connections": "200"}  # fmt: skip
PASSWORDS = {schema.APPLICATION: "application", schema.WORKER: "worker"}
TEMPLATE = "praxis_template"


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> keyfile.Keys:
    return keyfile.load_or_create(tmp_path_factory.mktemp("keys") / "keys")


@pytest.fixture(scope="session")
def server(shared_folder: Path) -> Iterator[embedded.Server]:
    """The run's own PostgreSQL; the last worker to leave stops it."""
    shared_folder.chmod(0o711)
    for parent in list(shared_folder.parents)[:2]:
        if parent.stat().st_uid == os.getuid() and parent != Path("/"):
            parent.chmod(parent.stat().st_mode | 0o011)
    running = embedded.start(shared_folder / "postgres", options=FAST)
    yield running
    running.close()


@pytest.fixture(scope="session")
def database(server: embedded.Server, keys: keyfile.Keys) -> str:
    """This worker's database: migrated once for all workers, then cloned."""
    name = "praxis_" + os.environ.get("PYTEST_XDIST_WORKER", "only")
    asyncio.run(_clone(server, name))
    return name


async def _clone(server: embedded.Server, name: str) -> None:
    admin = await asyncpg.connect(server.dsn())
    try:
        await admin.execute("select pg_advisory_lock(5521)")
        if not await admin.fetchval("select 1 from pg_database where datname = $1", TEMPLATE):
            await admin.execute(f"create database {TEMPLATE}_new")
            await schema.prepare_roles(server.dsn(f"{TEMPLATE}_new"), PASSWORDS)
            await asyncio.to_thread(schema.upgrade, server.dsn(f"{TEMPLATE}_new"))
            await admin.execute(f"alter database {TEMPLATE}_new rename to {TEMPLATE}")
        await admin.execute(f"drop database if exists {name}")
        await admin.execute(f"create database {name} template {TEMPLATE} strategy wal_log")
    finally:
        await admin.close()


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(
        data=tmp_path_factory.mktemp("data"), requests_per_minute=1_000_000, pool_size=24
    )


@pytest.fixture(scope="session")
def application_dsn(server: embedded.Server, database: str) -> str:
    return server.dsn(database, schema.APPLICATION, PASSWORDS[schema.APPLICATION])


@pytest.fixture(scope="session")
async def house(
    settings: Settings, application_dsn: str, keys: keyfile.Keys, anyio_backend: str
) -> AsyncIterator[House]:
    """What a process holds, and the shipped exercises in place."""
    made = await open_house(settings, dsn=application_dsn, keys=keys)
    work = Work(made, operation="ship", request_id=SYSTEM)
    async with work.visit(capacity="job", practice_id=SYSTEM):
        await ship(work)
    yield made
    await made.pool.close()


@pytest.fixture(scope="session")
async def app(settings: Settings, house: House) -> FastAPI:
    """The real application, without its lifespan: the house is there already."""
    made = create_app(settings)
    made.state.house = house
    return made


@pytest.fixture
async def clients(app: FastAPI) -> AsyncIterator[Clients]:
    """HTTP clients by the name of whoever calls."""
    made = Clients(app)
    yield made
    await made.aclose()


@pytest.fixture
async def harbour(house: House, clients: Clients) -> Cast:
    """The practice Harbour with its cast, new for each test."""
    return await stage(house, clients, "Harbour")


@pytest.fixture
async def lakeside(house: House, clients: Clients) -> Cast:
    """The practice next door, which mirrors it."""
    return await stage(house, clients, "Lakeside")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What tests say at the end: the matrix counts its cells."""
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            for name, said in report.user_properties:
                if name == "said" and report.when == "call":
                    terminalreporter.write_line(str(said))
