"""What a request weighs in the limits: by the size of its body, its values and its items."""

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from app.operation.asked import LARGE
from app.operation.limiting import (
    BYTES_A_POINT,
    ITEMS_A_POINT,
    JSON_A_POINT,
    VALUES_A_POINT,
    Limiter,
)
from tests.cast import Cast
from tests.house.test_bodies import PART, Exchange
from tests.sync.test_sync import sync

JSON = {"Content-Type": "application/json"}


@pytest.fixture
def limited(harbour: Cast) -> Iterator[Limiter]:
    """The limits of a service as it is installed, with nothing counted yet."""
    usual, harbour.house.limiter = harbour.house.limiter, Limiter(600)
    yield harbour.house.limiter
    harbour.house.limiter = usual


def spent(answer: httpx.Response) -> int:
    return 600 - int(answer.headers["ratelimit"].split(";")[1].removeprefix("r="))


def goals(cast: Cast) -> str:
    return f"/v1/clients/{cast.client_ids['cleo']}/goals"


@pytest.mark.usefixtures("limited")
@pytest.mark.parametrize(
    ("body", "points"),
    [
        (b'{"statement": "x"}', 0),
        (b'{"statement": "' + b"x" * 10 * JSON_A_POINT + b'"}', 10),
        (b'{"statement": [' + b"1," * 20 * VALUES_A_POINT + b"1]}", 20),
    ],
)
async def test_json_weighs_by_its_size_and_by_its_values(
    harbour: Cast, body: bytes, points: int
) -> None:
    answer = await harbour.thea.http.post(goals(harbour), content=body, headers=JSON)
    assert spent(answer) == 1 + points


@pytest.mark.usefixtures("limited")
async def test_a_part_of_a_file_weighs_by_its_size(harbour: Cast) -> None:
    where = "/v1/me/uploads/01890000-0000-7000-8000-000000000000"
    headers = {"Content-Type": "application/octet-stream", "Upload-Offset": "0"}
    part = b" " * 10 * BYTES_A_POINT
    answer = await harbour.cleo.http.patch(where, content=part, headers=headers)
    assert spent(answer) == 2 + 10


@pytest.mark.usefixtures("limited")
async def test_a_batch_weighs_by_its_items(harbour: Cast) -> None:
    items: list[Any] = [{}] * 100
    answer = await sync(harbour, *items)
    assert spent(answer) == 5 + 100 // ITEMS_A_POINT


async def test_a_body_that_hides_its_size_is_charged_as_it_comes(
    harbour: Cast, limited: Limiter
) -> None:
    counted = harbour.thea.user_id + harbour.practice_id
    limited.admit(counted, 590)
    headers = [
        (b"authorization", harbour.thea.http.headers["authorization"].encode()),
        (b"transfer-encoding", b"chunked"), (b"content-type", b"application/json"),
    ]  # fmt: skip
    tried = await Exchange(harbour, "POST", goals(harbour), headers, PART).run()
    assert (tried.status, tried.held, tried.read) == (429, 0, 3 * len(PART))


async def test_large_bodies_leave_most_connections_to_others(harbour: Cast) -> None:
    pool = harbour.house.pool
    large = b'{"statement": "' + b"x" * 2 * LARGE + b'"}'
    asked = [
        asyncio.ensure_future(harbour.thea.http.post(goals(harbour), content=large, headers=JSON))
        for _ in range(pool.get_max_size())
    ]
    held = 0
    while not all(one.done() for one in asked):
        held = max(held, pool.get_size() - pool.get_idle_size())
        await asyncio.sleep(0)
    assert {one.result().status_code for one in asked} == {422}
    assert 0 < held <= pool.get_max_size() // 4
