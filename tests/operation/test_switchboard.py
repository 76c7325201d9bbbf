"""The switchboard finds what the router would find, and leaves the rest to it."""

from typing import Any
from uuid import UUID

import pytest
from starlette.routing import Match

from app import doors
from app.operation.frame import Framed
from app.operation.switchboard import Switchboard
from tests.cast import Clients

SOME_ID = str(UUID(int=7))
ROUTES = [route for route in doors.routes() if isinstance(route, Framed)]


async def nobody(*_: Any) -> None:
    raise AssertionError("not asked")


def scope(method: str, path: str, **more: str) -> dict[str, Any]:
    return {"type": "http", "method": method, "path": path, **more}


def asked_of(route: Framed) -> dict[str, Any]:
    path = "/".join(SOME_ID if "{" in one else one for one in route.path.split("/"))
    return scope(next(iter(route.methods or ())), path)


def test_every_operation_is_found_as_the_router_finds_it() -> None:
    board = Switchboard(nobody, ROUTES)
    assert len(ROUTES) > 60
    for route in ROUTES:
        asked = asked_of(route)
        first = next(one for one in ROUTES if one.matches(asked)[0] == Match.FULL)
        assert board.find(asked) is first is route
        assert asked["path_params"] == first.matches(asked)[1]["path_params"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/nowhere"),
        ("GET", "/v1/clients/"),
        ("GET", "/v1/clients//assignments"),
        ("GET", "/v1"),
        ("GET", "//"),
        ("GET", ""),
    ],
)
def test_the_rest_falls_through(method: str, path: str) -> None:
    assert Switchboard(nobody, ROUTES).find(scope(method, path)) == {}


async def test_request_under_another_root_is_left_to_the_router() -> None:
    asked: list[Any] = []

    async def router(scope: Any, *_: Any) -> None:
        asked.append(scope)

    here = scope("GET", "/v1/clients", root_path="/at")
    await Switchboard(router, ROUTES)(here, nobody, nobody)  # type: ignore[arg-type]
    assert asked == [here]


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/v1/clients", "GET, HEAD, OPTIONS, POST"),
        (f"/v1/goals/{SOME_ID}", "GET, HEAD, OPTIONS, PATCH"),
        ("/v1/submissions/acknowledge", "OPTIONS, POST"),
        (f"/v1/submissions/{SOME_ID}", "GET, HEAD, OPTIONS"),
        ("/v1/me/submissions/by-key/device-1-0001", "GET, HEAD, OPTIONS"),
    ],
)
async def test_allow_names_the_methods_that_are_there_and_no_other(
    clients: Clients, path: str, allowed: str
) -> None:
    http = clients.new()
    refused, asked = await http.delete(path), await http.options(path)
    assert (refused.status_code, refused.json()["code"]) == (405, "wire.method")
    assert (asked.status_code, asked.content) == (204, b"")
    assert refused.headers["allow"] == asked.headers["allow"] == allowed
    assert ("accept-patch" in asked.headers) == ("PATCH" in allowed)
    tried = {name: (await http.request(name, path)).status_code for name in allowed.split(", ")}
    assert not {404, 405} & {*tried.values()}, tried


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT"])
async def test_unknown_address_is_404_by_every_method(clients: Clients, method: str) -> None:
    assert (await clients.new().request(method, "/v1/nowhere")).status_code == 404
