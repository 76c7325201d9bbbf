"""What goes with every answer, whether an operation, the router or the outermost layer gives it."""

from dataclasses import replace

import httpx
import pytest

from app.main import create_app
from app.operation.limiting import Limiter
from tests.cast import Cast, Clients

LIMITS = {"ratelimit", "ratelimit-policy", "x-request-id"}
ORIGIN = "https://app.example"


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/v1/clients", {}, 401),
        ("GET", "/v1/clients", {"Authorization": "Bearer x"}, 401),
        ("GET", "/v1/nowhere", {}, 404),
        ("PUT", "/v1/clients", {}, 405),
        ("OPTIONS", "/v1/clients", {}, 204),
        ("GET", "/livez", {}, 200),
        ("HEAD", "/.well-known/jwks.json", {}, 200),
        ("POST", "/v1/auth/sign-in", {}, 422),
        ("GET", "/livez", {"Host": "one two"}, 400),
        ("GET", "/openapi.json", {}, 200),
        ("GET", "/docs", {}, 200),
    ],
)
async def test_answer_without_a_caller_tells_what_is_left(
    clients: Clients, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    answer = await clients.new().request(method, path, headers=headers)
    assert answer.status_code == status, answer.text
    assert answer.headers.keys() >= LIMITS


@pytest.mark.parametrize("name", ["Acting-For", "Authorization", "Idempotency-Key", "Content-Type"])
async def test_header_of_one_value_that_is_sent_twice_is_refused(harbour: Cast, name: str) -> None:
    headers = [(name, "one"), (name, "two")]
    answer = await harbour.clients.new().post("/v1/auth/refresh", content=b"{}", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "wire.repeated_header")
    assert name in answer.json()["detail"]


async def test_one_request_too_many_is_told_what_is_left_once(harbour: Cast) -> None:
    app = create_app(harbour.house.settings.model_copy(update={"cors_origins": (ORIGIN,)}))
    app.state.house = replace(harbour.house, limiter=Limiter(2))
    transport = httpx.ASGITransport(app)
    token = {"Authorization": f"Bearer {harbour.thea.token}", "Origin": ORIGIN}
    async with httpx.AsyncClient(transport=transport, base_url="http://praxis.test") as http:
        answers = [await http.get("/v1/auth/me", headers=token) for _ in range(3)]
        asked = {"Access-Control-Request-Method": "GET", "Origin": ORIGIN}
        preflight = await http.options("/v1/auth/me", headers=asked)
    left = [one.headers.get_list("ratelimit") for one in answers]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert [one[0].partition(";t")[0] for one in left] == [
        '"caller";r=1', '"caller";r=0', '"caller";r=0'
    ]  # fmt: skip
    assert {len(one) for one in left} == {1}
    assert preflight.headers["ratelimit"].startswith('"caller";r=2')


@pytest.mark.parametrize(
    ("hosts", "version", "status"),
    [
        ([], "1.1", 400),
        ([], "1.0", 200),
        ([b"praxis.test"], "1.1", 200),
        ([b"[::1]:8000"], "1.1", 200),
        ([b"praxis.test", b"praxis.test"], "1.1", 400),
        ([b"praxis.test", b"other.test"], "1.0", 400),
        ([b"praxis.test/there"], "1.1", 400),
        ([b"a@praxis.test"], "1.1", 400),
    ],
)
async def test_request_names_one_host(
    clients: Clients, hosts: list[bytes], version: str, status: int
) -> None:
    answered: list[dict[str, object]] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, object]) -> None:
        answered.append(message)

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": version, "method": "GET",
        "path": "/livez", "raw_path": b"/livez", "query_string": b"", "root_path": "",
        "scheme": "http", "server": ("praxis.test", 80), "client": ("::1", 1),
        "headers": [(b"host", one) for one in hosts],
    }  # fmt: skip
    await clients.app(scope, receive, send)  # type: ignore[arg-type]
    assert answered[0]["status"] == status
