"""Every answer in every test is held to the operation's own response model."""

from functools import cache
from typing import Any

import httpx
from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import TypeAdapter
from starlette.routing import BaseRoute

from app.operation.headers import WORDS, headers_of
from app.operation.refusals import ProblemOut


class Checked(httpx.ASGITransport):
    """The application in process; an answer that its spec does not allow is an error."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await super().handle_async_request(request)
        await response.aread()
        check(self.app, request, response)  # type: ignore[arg-type]
        return response


def check(app: FastAPI, request: httpx.Request, response: httpx.Response) -> None:
    """Raises AssertionError or ValidationError when the answer is not as documented."""
    route = route_of(app, request)
    if route is None:
        return
    status = response.status_code
    expected = {route.status_code or 200, *route.responses}
    assert status in expected, f"{route.operation_id} answered an undocumented {status}"
    check_headers(route, response)
    kind = response.headers.get("content-type", "")
    if status >= 400:
        assert kind == "application/problem+json", kind
        ProblemOut.model_validate_json(response.content)
    elif response.content and route.response_model is not None:
        _adapter(route.response_model).validate_json(response.content)


def check_headers(route: APIRoute, response: httpx.Response) -> None:
    """Raises AssertionError unless the headers of ours are those that are described."""
    described = headers_of(route, response.status_code)
    known = {name.lower() for name in (*WORDS, *described)}
    sent = known & response.headers.keys()
    where = f"{route.operation_id} {response.status_code}"
    assert sent <= {name.lower() for name in described}, f"{where}: undescribed among {sent}"
    wanting = {name for name, surely in described.items() if surely and name.lower() not in sent}
    assert not wanting, f"{where}: described and not sent: {wanting}"


def route_of(app: FastAPI, request: httpx.Request) -> APIRoute | None:
    """The operation a request is for; None where there is none."""
    for route in routes(app):
        if request.method in (route.methods or ()) and route.path_regex.match(request.url.path):
            return route
    return None


@cache
def _adapter(model: Any) -> TypeAdapter[Any]:
    return TypeAdapter(model)


_ROUTES: dict[int, list[APIRoute]] = {}


def routes(app: FastAPI) -> list[APIRoute]:
    """Every operation's route; `app.routes` is a tree, and a plain loop over it finds none."""
    if id(app) not in _ROUTES:
        found: list[APIRoute] = []
        _collect(app.routes, found)
        _ROUTES[id(app)] = found
    return _ROUTES[id(app)]


def _collect(branch: Any, found: list[APIRoute]) -> None:
    one: BaseRoute
    for one in branch:
        if isinstance(one, APIRoute):
            found.append(one)
        elif (router := getattr(one, "original_router", None)) is not None:
            _collect(router.routes, found)
