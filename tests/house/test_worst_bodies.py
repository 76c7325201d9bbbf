"""The worst body of 1 MiB costs an operation little more than a plain request."""

import gc
import time
from collections.abc import AsyncIterator
from typing import Any, Final

import httpx
import pytest

from app.core import embedded
from app.core.ids import new_id
from app.settings import Settings
from app.vault.keyfile import Keys
from tests.house.matrix import OPEN, ROWS, staged
from tests.house.matrix_rows import Row
from tests.house.matrix_scene import Scene
from tests.house.worst_bodies import LARGEST, Bodies

CEILING: Final = 150
"""Plain requests that the worst body may cost as much as: it weighs 65 of them in the limits. What
this is against cost from 500 to 10,000."""


@pytest.fixture(scope="module")
async def scene(
    server: embedded.Server, database: str, settings: Settings, keys: Keys, house: object
) -> AsyncIterator[Scene]:
    async with staged("all", server, database, settings, keys) as made:
        # The answers are checked elsewhere, and checking them costs more than they do.
        made.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(made.app), base_url="http://praxis.test"
        )
        yield made


async def cost(scene: Scene, *request: Any, **more: Any) -> float:
    """The seconds that this thread was at work for the request."""
    before = time.thread_time()
    answer = await scene.http.request(*request, **more)
    spent = time.thread_time() - before
    assert answer.status_code < 500, (request, answer.text[:300])
    return spent


def rows_with_bodies(scene: Scene) -> dict[str, tuple[Row, dict[str, Any]]]:
    """A row of each operation that takes JSON, and the schema of its body."""
    bodies = {
        one["operationId"]: one["requestBody"]["content"]["application/json"]["schema"]
        for path in scene.app.openapi()["paths"].values()
        for one in path.values()
        if "application/json" in one.get("requestBody", {}).get("content", {})
    }
    found: dict[str, tuple[Row, dict[str, Any]]] = {}
    for row in ROWS:
        if row.operation in bodies and (row in OPEN or "ok" in row.expected.values()):
            found.setdefault(row.operation, (row, bodies[row.operation]))
    assert set(found) == set(bodies)
    return found


async def test_the_worst_body_costs_no_more_than_a_few_plain_requests(scene: Scene) -> None:
    known = scene.app.openapi()["components"]["schemas"]
    me = scene.people.callers["treating"].headers
    plain = min([await cost(scene, "GET", "/v1/auth/me", headers=me) for _ in range(20)])
    too_much: dict[str, float] = {}
    for row, schema in rows_with_bodies(scene).values():
        caller = next((name for name, said in row.expected.items() if said == "ok"), "nobody")
        who = scene.people.callers[caller]
        ask = row.ask(scene, who, await scene.thing(row.plant, who, fresh=True))
        method, path = scene.routes[row.operation]
        url = path.format(**ask.path) + ask.query
        headers = {**who.headers, "Content-Type": "application/json"}
        if ask.version:
            headers["If-Match"] = f'"v{ask.version}"'
        for name, body in Bodies(known, schema, dict(ask.body or {})).worst():
            assert len(body) <= LARGEST
            for _ in range(3):
                once = {"Idempotency-Key": new_id()} if name == "unknown members" else {}
                spent = await cost(scene, method, url, content=body, headers=headers | once)
                if spent <= CEILING * plain:
                    break
                gc.collect()
            else:
                too_much[f"{row.operation}, {name}"] = round(spent / plain)
    assert too_much == {}
