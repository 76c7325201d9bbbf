"""The story told to a witness, who asks everything again in other ways and keeps what was said."""

from dataclasses import dataclass, field, replace
from typing import Any

import httpx
import orjson
from fastapi import FastAPI

from app.core.database import open_pool
from app.operation.house import House
from app.operation.marks import Mark, mark_of
from tests.contract import Checked, route_of
from tests.house.story import tell
from tests.jobs.conftest import mails_of


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
    """What was asked and answered, by operation."""

    kept: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The first successful call of each, as the description shows it."""
    reads: dict[str, Read] = field(default_factory=dict)
    repeats: dict[str, tuple[httpx.Response, httpx.Response]] = field(default_factory=dict)
    """Every first POST that takes an Idempotency-Key, and what it answered when sent again."""
    answers: list[httpx.Response] = field(default_factory=list)


class Witness(Checked):
    """Asks the first request of every operation again, at once."""

    story: Story

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        route = route_of(self.app, request)  # type: ignore[arg-type]
        name = str(route.operation_id) if route else ""
        answer = await self._asked(request, name, mark_of(route.endpoint) if route else None)
        if route is not None and answer.status_code < 300:
            self.story.kept.setdefault(name, _example(request, answer))
        return answer

    async def _asked(self, request: httpx.Request, name: str, mark: Mark | None) -> httpx.Response:
        repeated = request.method == "POST" and mark is not None and mark.replays
        if repeated and name not in self.story.repeats:
            request.headers["Idempotency-Key"] = f"story-{name}"
            first = await super().handle_async_request(request)
            again = await super().handle_async_request(request)
            self.story.answers += (first, again)
            self.story.repeats[name] = (first, again)
            return first
        first = await super().handle_async_request(request)
        self.story.answers.append(first)
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


def _example(request: httpx.Request, answer: httpx.Response) -> dict[str, Any]:
    example: dict[str, Any] = {"status": answer.status_code}
    if request.headers.get("content-type") == "application/json":
        example["request"] = orjson.loads(request.content)
    if answer.headers.get("content-type") == "application/json":
        example["response"] = orjson.loads(answer.content)
    return example


async def told(app: FastAPI, house: House, worker_dsn: str) -> Story:
    """Tell the story: once for a database, since it signs up the same addresses each time."""
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
