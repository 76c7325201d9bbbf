"""The manners of every answer, held to real ones: the story is told, and its reads asked again."""

from dataclasses import dataclass, field, replace

import httpx
import pytest
from fastapi import FastAPI

from app.core.compression import SMALLEST
from app.core.database import open_pool
from app.operation.answers import SECRET
from app.operation.house import House
from tests.contract import Checked, route_of
from tests.house.story import tell
from tests.house.test_rules import PUBLIC
from tests.jobs.conftest import mails_of

LIMITS = {"ratelimit", "ratelimit-policy"}


@dataclass(frozen=True, slots=True)
class Read:
    """One read of the story, and the same asked in other ways."""

    path: str
    first: httpx.Response
    held: httpx.Response
    """Asked with If-None-Match, where there was an ETag."""
    head: httpx.Response
    zipped: httpx.Response
    held_zipped: httpx.Response


@dataclass(slots=True)
class Story:
    """Every read by its operation, and every answer."""

    reads: dict[str, Read] = field(default_factory=dict)
    answers: list[httpx.Response] = field(default_factory=list)


class Witness(Checked):
    """Asks the first read of every operation again, at once."""

    story: Story

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        first = await super().handle_async_request(request)
        self.story.answers.append(first)
        route = route_of(self.app, request)  # type: ignore[arg-type]
        name = str(route.operation_id) if route else ""
        if request.method != "GET" or first.status_code != 200 or name in self.story.reads:
            return first
        tag = {"If-None-Match": first.headers["etag"]} if "etag" in first.headers else {}
        gzip = {"Accept-Encoding": "br, gzip;q=0.8"}
        self.story.reads[name] = Read(
            request.url.path,
            first,
            await self._again(request, tag),
            await self._again(request, {}, "HEAD"),
            await self._again(request, gzip),
            await self._again(request, gzip | tag),
        )
        return first

    async def _again(
        self, request: httpx.Request, more: dict[str, str], method: str = "GET"
    ) -> httpx.Response:
        headers = {k: v for k, v in request.headers.items() if k != "accept-encoding"} | more
        asked = httpx.Request(method, request.url, headers=headers)
        answer = await super().handle_async_request(asked)
        self.story.answers.append(answer)
        return answer


@pytest.fixture(scope="module")
async def story(app: FastAPI, house: House, worker_dsn: str) -> Story:
    witness = Witness(app)
    witness.story = Story()
    opened: list[httpx.AsyncClient] = []

    def newcomer() -> httpx.AsyncClient:
        opened.append(httpx.AsyncClient(transport=witness, base_url="http://praxis.test"))
        opened[-1].headers["accept-encoding"] = "identity"
        return opened[-1]

    pool = await open_pool(worker_dsn, size=4, name="test-worker")
    try:
        await tell(house, replace(house, pool=pool), mails_of(house), newcomer)
    finally:
        for one in opened:
            await one.aclose()
        await pool.close()
    return witness.story


def test_read_with_an_etag_is_304_for_whoever_holds_it(story: Story) -> None:
    tagged = {name: one for name, one in story.reads.items() if "etag" in one.first.headers}
    assert len(tagged) > 50
    assert {n: r.held.status_code for n, r in tagged.items() if r.held.status_code != 304} == {}
    assert {n for n, r in tagged.items() if r.held.headers["etag"] != r.first.headers["etag"]} == (
        set()
    )
    assert {n for n, r in tagged.items() if r.held.content} == set()


def test_read_behind_a_token_has_an_etag(story: Story) -> None:
    without = {name for name, one in story.reads.items() if "etag" not in one.first.headers}
    assert without <= PUBLIC


def test_head_is_answered_as_get(story: Story) -> None:
    for name, one in story.reads.items():
        assert one.head.status_code == 200, name
        for header in ("etag", "content-type", "cache-control", "link"):
            assert one.head.headers.get(header) == one.first.headers.get(header), (name, header)


def test_large_json_is_compressed_for_whoever_asks(story: Story) -> None:
    compressed = 0
    for name, one in story.reads.items():
        sent = one.zipped.headers.get("content-encoding")
        is_json = one.first.headers.get("content-type") == "application/json"
        large = is_json and len(one.first.content) > SMALLEST and not one.path.startswith(SECRET)
        assert (sent == "gzip") == large, name
        if large:
            compressed += 1
            assert one.zipped.content == one.first.content, name
            assert one.zipped.headers["etag"].startswith("W/"), name
            assert "accept-encoding" in one.first.headers["vary"].lower(), name
            assert one.held_zipped.status_code == 304, name
            assert one.held_zipped.headers["etag"] == one.zipped.headers["etag"], name
            assert "accept-encoding" in one.held_zipped.headers["vary"].lower(), name
    assert compressed > 5


def test_every_answer_tells_how_many_requests_are_left(story: Story) -> None:
    assert len(story.answers) > 300
    wanting = [one for one in story.answers if not one.headers.keys() >= LIMITS]
    assert [str(one) for one in wanting] == []
