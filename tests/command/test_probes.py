"""What those who run the service ask it."""

import dataclasses
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from app.core.database import open_pool
from app.core.schema import WORKER
from app.main import create_app
from app.operation.house import House
from app.vault.keyring import Keyring
from app.vault.sealing import Key, new_key
from tests.cast import Cast
from tests.conftest import PASSWORDS
from tests.contract import Checked

TOKEN = "a-token-for-the-one-who-reads-metrics"

Caller = Callable[..., httpx.AsyncClient]


@pytest.fixture
async def calling(house: House) -> AsyncIterator[Caller]:
    """Callers of an application of their own, with another house behind it if need be."""
    opened: list[httpx.AsyncClient] = []

    def one(peer: str = "127.0.0.1", **other: Any) -> httpx.AsyncClient:
        app = create_app(house.settings)
        app.state.house = dataclasses.replace(house, **other)
        transport = Checked(app, client=(peer, 1234))
        opened.append(httpx.AsyncClient(transport=transport, base_url="http://praxis.test"))
        return opened[-1]

    yield one
    for http in opened:
        await http.aclose()


async def test_it_lives(calling: Caller) -> None:
    assert (await calling().get("/livez")).json() == {"status": "alive"}


async def test_it_is_ready(calling: Caller, harbour: Cast) -> None:
    answer = await calling().get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})


async def test_probes_are_not_counted_against_anyone(calling: Caller, house: House) -> None:
    probe = calling("198.51.100.7")
    left = [(await probe.get("/livez")).headers["ratelimit"].split(";")[1] for _ in range(2)]
    assert left == [f"r={house.settings.requests_per_minute}"] * 2


async def test_it_is_not_ready_without_its_database(calling: Caller) -> None:
    away = await open_pool("postgresql://nobody@127.0.0.1:1/none", size=1, name="away")
    answer = await calling(pool=away).get("/readyz")
    assert (answer.status_code, answer.json()["missing"]) == (503, ["database.away"])
    assert "retry-after" in answer.headers


async def test_it_is_not_ready_on_a_database_without_tables(calling: Caller, server: Any) -> None:
    async with await open_pool(server.dsn(), size=1, name="empty") as empty:
        answer = await calling(pool=empty).get("/readyz")
    assert answer.json()["missing"] == ["database.empty"]


async def test_it_is_not_ready_with_other_keys(
    calling: Caller, house: House, harbour: Cast
) -> None:
    answer = await calling(keyring=Keyring(Key(new_key()))).get("/readyz")
    assert (answer.status_code, answer.json()["missing"]) == (503, ["keys.other"])


async def test_keys_for_tokens_are_published_without_their_private_parts(
    calling: Caller, house: House
) -> None:
    answer = await calling().get("/.well-known/jwks.json")
    assert answer.json() == house.tokens.jwks()
    assert all("d" not in key for key in answer.json()["keys"])
    assert answer.headers["cache-control"] == "public, max-age=300"


async def test_metrics_count_by_operation(calling: Caller) -> None:
    http = calling()
    await http.get("/livez")
    await http.get("/nowhere/at/all")
    text = (await http.get("/metrics")).text
    assert 'praxis_requests_total{operation="get_liveness",status="2xx"} 1.0' in text
    assert 'praxis_requests_total{operation="unrouted",status="4xx"} 1.0' in text
    assert 'praxis_pool_connections{state="most"} 24.0' in text


async def test_metrics_name_no_practice(calling: Caller, harbour: Cast) -> None:
    text = (await calling().get("/metrics")).text
    assert harbour.practice_id not in text


async def test_waiting_events_are_counted_across_practices(
    calling: Caller, harbour: Cast, server: Any, database: str
) -> None:
    async with await open_pool(
        server.dsn(database, WORKER, PASSWORDS[WORKER]), size=1, name="count"
    ) as pool:
        work, transaction = harbour.job()
        async with transaction:
            work.tell("test.happened", harbour.practice_id)
        waiting = await pool.fetchval("select count(*) from events where dispatched_at is null")
    text = (await calling().get("/metrics")).text
    assert f"praxis_events_waiting {float(waiting)}" in text


async def test_metrics_do_without_the_database(calling: Caller) -> None:
    away = await open_pool("postgresql://nobody@127.0.0.1:1/none", size=1, name="away")
    assert "praxis_events_waiting NaN" in (await calling(pool=away).get("/metrics")).text


async def test_metrics_are_not_for_strangers(calling: Caller) -> None:
    answer = await calling("203.0.113.7").get("/metrics")
    assert (answer.status_code, answer.json()["code"]) == (404, "wire.address")


@pytest.mark.parametrize(
    ("given", "status"), [(f"Bearer {TOKEN}", 200), ("Bearer another", 401), ("", 401)]
)
async def test_metrics_are_for_whoever_has_the_token(
    calling: Caller, house: House, given: str, status: int
) -> None:
    settings = house.settings.model_copy(update={"metrics_token": SecretStr(TOKEN)})
    http = calling("203.0.113.7", settings=settings)
    answer = await http.get("/metrics", headers={"Authorization": given})
    assert answer.status_code == status
