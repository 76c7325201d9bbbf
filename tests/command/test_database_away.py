"""The database goes away and comes back: 503 meanwhile, then well again, without a restart."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import anyio
import httpx
import pytest

from app.command.preparing import create_database, prepare
from app.core import embedded
from app.main import create_app, open_house
from app.settings import Settings
from tests.command.conftest import stopped

TOKEN = {"refresh_token": "nobody-was-ever-given-this-token"}


@pytest.fixture(scope="module")
def settings(temporary: Path) -> Settings:
    return Settings(data=temporary / "away", requests_per_minute=1_000_000)


@pytest.fixture
def server(settings: Settings) -> Iterator[embedded.Server]:
    running = embedded.start(settings.data)
    yield running
    running.close()


@pytest.fixture
async def http(settings: Settings, server: embedded.Server) -> AsyncIterator[httpx.AsyncClient]:
    """A caller of an application on a database of its own."""
    owner = await create_database(server)
    keys, addresses = await prepare(settings, owner, embedded=True)
    app = create_app(settings)
    house = app.state.house = await open_house(settings, dsn=addresses.application, keys=keys)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://praxis.test") as caller:
        yield caller
    await house.pool.close()


async def answered(http: httpx.AsyncClient) -> int:
    return (await http.post("/v1/auth/refresh", json=TOKEN)).status_code


async def test_it_is_well_again_when_the_database_is(
    http: httpx.AsyncClient, server: embedded.Server, settings: Settings
) -> None:
    assert [await answered(http) for _ in range(3)] == [401] * 3
    await stop(server, settings)
    refused = await http.post("/v1/auth/refresh", json=TOKEN)
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "2")
    again = await anyio.to_thread.run_sync(embedded.start, settings.data)
    assert [await answered(http) for _ in range(3)] == [401] * 3
    again.close()


async def test_requests_in_the_middle_are_answered_or_told_to_come_back(
    http: httpx.AsyncClient, server: embedded.Server, settings: Settings
) -> None:
    seen: list[int] = []
    over = anyio.Event()

    async def call() -> None:
        while not over.is_set():
            seen.append(await answered(http))
            # In process a refusal may come without anybody else having had a turn.
            await anyio.lowlevel.checkpoint()

    async with anyio.create_task_group() as group:
        for _ in range(4):
            group.start_soon(call)
        await stop(server, settings)
        again = await anyio.to_thread.run_sync(embedded.start, settings.data)
        over.set()
    assert set(seen) == {401, 503}
    assert [await answered(http) for _ in range(30)] == [401] * 30
    again.close()


async def stop(server: embedded.Server, settings: Settings) -> None:
    server.close()
    with anyio.fail_after(30):
        while not await anyio.to_thread.run_sync(stopped, settings.data):
            await anyio.lowlevel.checkpoint()
