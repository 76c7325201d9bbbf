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
        if ":path}" in route.path:
            # What may hold a slash is the router's to find.
            assert (board.find(asked), first) == (None, route)
            continue
        assert board.find(asked) is first is route
        assert asked["path_params"] == first.matches(asked)[1]["path_params"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/nowhere"),
        ("GET", "/v1/clients/"),
        ("GET", "/v1/clients//assignments"),
        ("DELETE", "/v1/clients"),
        ("GET", "/v1"),
        ("GET", "//"),
        ("GET", ""),
    ],
)
def test_the_rest_falls_through(method: str, path: str) -> None:
    assert Switchboard(nobody, ROUTES).find(scope(method, path)) is None


def test_under_another_root_the_router_decides() -> None:
    assert Switchboard(nobody, ROUTES).find(scope("GET", "/v1/clients", root_path="/at")) is None


async def test_a_fallen_through_method_is_405(clients: Clients) -> None:
    answer = await clients.new().request("DELETE", "/v1/clients")
    assert (answer.status_code, answer.json()["code"]) == (405, "wire.method")
