"""How many statements the overviews send: three at the most, whatever they hold."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from tests.benchmarks.test_statements import Asked, Sent, counted, sent, watched
from tests.cast import Cast
from tests.overview.scenes import asked, assign, practised
from tests.overview.scenes import sent as something_sent

__all__ = ["sent", "watched"]
Getting = Callable[[str, str], Callable[[], Awaitable[httpx.Response]]]


@pytest.fixture
def getting(harbour: Cast, watched: Asked) -> Getting:
    """A request that someone makes, over the pool whose statements are written down."""

    def of(name: str, path: str) -> Callable[[], Awaitable[httpx.Response]]:
        http = watched(harbour.people[name])
        return lambda: http.get(path.format(cleo=harbour.client_ids["cleo"]))

    return of


@pytest.fixture(params=[1, 4])
async def life(request: pytest.FixtureRequest, harbour: Cast) -> None:
    """Little or much of everything there is to see."""
    for _ in range(request.param):
        await something_sent(harbour, obstacles=["unsafe"])
        await practised(harbour, attention_level="soon")
        await asked(harbour, (await assign(harbour))["id"], "Why?")
        await assign(harbour, agreed=False)


@pytest.mark.parametrize(
    ("name", "path", "most"),
    [
        ("thea", "/v1/review-queue", 1),
        ("thea", "/v1/clients/{cleo}/homework-board", 2),
        ("thea", "/v1/today", 3),
        ("ana", "/v1/today", 2),
        ("cleo", "/v1/me/week?zone=Europe/Berlin&passed=true", 3),
        ("cleo", "/v1/me/toolbox", 3),
    ],
)
async def test_an_overview_is_three_at_the_most(
    life: None, getting: Getting, sent: Sent, name: str, path: str, most: int
) -> None:
    assert await counted(sent, getting(name, path)) == most


@pytest.mark.parametrize("many", [1, 5])
async def test_reading_many_at_once_is_three(
    harbour: Cast, watched: Asked, sent: Sent, many: int
) -> None:
    made = iter([[await something_sent(harbour) for _ in range(many)] for _ in range(2)])
    http = watched(harbour.thea)

    def ask() -> Awaitable[httpx.Response]:
        items: list[Any] = [{"submission_id": one, "number": 1} for one in next(made)]
        return http.post("/v1/submissions/acknowledge", json={"items": items})

    assert await counted(sent, ask) == 3
