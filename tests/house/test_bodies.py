"""Bodies of every method, of every operation and beside them, are bounded, and hold nothing up."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import pytest

from app.operation import incoming
from tests.cast import Cast
from tests.house.operations import address, caller, operations

PART: Final = b" " * 64 * 1024
MOST: Final = incoming.LARGEST_BODY + len(PART)
METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW")
BESIDE: Final = ("/v1/nowhere", "/v1/me/today/nowhere", "/docs", "/openapi.json", "/")


@dataclass(slots=True)
class Exchange:
    """One request as the server hands it over: `parts` of its body come when they are asked for."""

    cast: Cast
    method: str
    path: str
    headers: list[tuple[bytes, bytes]]
    part: bytes
    most_parts: int = 10_000
    hangs: bool = False
    """After the last part nothing comes any more; otherwise the caller goes away."""
    read: int = 0
    held: int = 0
    """The most connections that were taken while a part was awaited."""
    status: int = 0
    answer: list[bytes] = field(default_factory=list)

    async def run(self) -> "Exchange":
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1",
            "method": self.method, "path": self.path, "raw_path": self.path.encode(),
            "query_string": b"", "root_path": "", "scheme": "http", "state": {},
            "server": ("praxis.test", 80), "client": ("127.0.0.1", 1),
            "headers": [(b"host", b"praxis.test"), *self.headers],
        }  # fmt: skip
        await self.cast.clients.app(scope, self._receive, self._send)
        return self

    async def _receive(self) -> dict[str, Any]:
        pool = self.cast.house.pool
        self.held = max(self.held, pool.get_size() - pool.get_idle_size())
        if self.most_parts == 0:
            if self.hangs:
                await asyncio.Event().wait()
            return {"type": "http.disconnect"}
        self.most_parts -= 1
        self.read += len(self.part)
        return {"type": "http.request", "body": self.part, "more_body": True}

    async def _send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        else:
            self.answer.append(message.get("body", b""))


def every_address(cast: Cast) -> Iterator[tuple[str, str, list[tuple[bytes, bytes]]]]:
    """Every operation as somebody who may call it, by each method, and addresses beside them."""
    for route in operations(cast, *METHODS):
        token = caller(cast, route).headers.get("authorization", "").encode()
        path = address(route, client_id=cast.client_ids["cleo"])
        for method in METHODS:
            yield method, path, [(b"authorization", token)] if token else []
    for path in BESIDE:
        for method in METHODS:
            yield method, path, []


@pytest.fixture
def chunked() -> list[tuple[bytes, bytes]]:
    return [(b"transfer-encoding", b"chunked"), (b"content-type", b"application/json")]


async def test_a_body_without_end_is_read_up_to_its_bound_only(
    harbour: Cast, chunked: list[tuple[bytes, bytes]]
) -> None:
    found = []
    for method, path, headers in every_address(harbour):
        tried = await Exchange(harbour, method, path, [*headers, *chunked], PART).run()
        if tried.read > MOST or tried.held or not tried.status or tried.status >= 500:
            found.append((method, path, tried.status, tried.read, tried.held))
    assert found == []


async def test_a_trickling_body_holds_no_connection(
    harbour: Cast, chunked: list[tuple[bytes, bytes]]
) -> None:
    found = []
    for method, path, headers in every_address(harbour):
        tried = Exchange(harbour, method, path, [*headers, *chunked], b"{", most_parts=20)
        if (await tried.run()).held:
            found.append((method, path))
    assert found == []


async def test_a_body_that_never_ends_is_refused_when_its_time_is_over(
    harbour: Cast, chunked: list[tuple[bytes, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incoming, "BODY_SECONDS", 0.01)
    token = (b"authorization", harbour.thea.http.headers["authorization"].encode())
    path = f"/v1/clients/{harbour.client_ids['cleo']}/goals"
    for headers in ([token, *chunked], chunked):
        target = path if token in headers else "/v1/auth/sign-in"
        tried = Exchange(harbour, "POST", target, headers, b"{", most_parts=2, hangs=True)
        await tried.run()
        assert (tried.status, b"wire.too_slow" in b"".join(tried.answer)) == (408, True)
        assert tried.held == 0


async def test_a_body_that_is_not_read_changes_no_answer(harbour: Cast) -> None:
    goals = f"/v1/clients/{harbour.client_ids['cleo']}/goals"
    for method in ("GET", "HEAD"):
        answer = await harbour.thea.http.request(method, goals, content=b"[" * 1000)
        assert answer.status_code == 200, answer.text


async def test_delete_with_a_body_that_says_something_is_refused(harbour: Cast) -> None:
    route = next(one for one in operations(harbour, "DELETE"))
    said = await caller(harbour, route).request("DELETE", address(route), json={"why": "x"})
    large = b" " * (incoming.LARGEST_FROM_ANYONE + 1)
    over = await caller(harbour, route).request("DELETE", address(route), content=large)
    assert (said.status_code, said.json()["errors"][0]["code"]) == (422, "wire.body_unread")
    assert (over.status_code, over.json()["code"]) == (413, "wire.too_large")
