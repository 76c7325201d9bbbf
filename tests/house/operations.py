"""Every operation with somebody who may call it, for sweeps over all of them."""

import re
from typing import Any

import httpx
from fastapi.routing import APIRoute

from app.access.permissions import GRANTS
from app.core.ids import new_id
from app.operation.marks import mark_of
from tests.cast import Cast
from tests.contract import routes


def operations(cast: Cast, *methods: str) -> list[APIRoute]:
    """Return the routes with one of these methods."""
    found = [one for one in routes(cast.clients.app) if set(methods) & set(one.methods or ())]
    assert found
    return found


def caller(cast: Cast, route: APIRoute) -> httpx.AsyncClient:
    """Return somebody whose role carries the operation's permission."""
    permission = mark_of(route.endpoint).permission
    if permission is None:
        return cast.clients.new()
    for role, person in (("therapist", "thea"), ("owner", "ana"), ("client", "cleo")):
        if permission in GRANTS[role]:
            return cast.people[person].http
    raise AssertionError(f"nobody in the cast may {permission}")


def address(route: APIRoute, **known: str) -> str:
    """Return the operation's path, with ids of nothing for the parameters not given."""
    return re.sub(r"\{(\w+)\}", lambda name: known.get(name[1]) or new_id(), route.path)


async def ask(cast: Cast, route: APIRoute, **request: Any) -> httpx.Response:
    """Call the operation as somebody who may, about nothing that is there."""
    method = next(iter(set(route.methods or ()) - {"HEAD"}))
    return await caller(cast, route).request(method, address(route), **request)
