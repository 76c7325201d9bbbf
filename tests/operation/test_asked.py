"""A request is read as FastAPI would read it: the same values, the same errors."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from fastapi import Depends, FastAPI, Header, Query
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.responses import Response

from app.core.wire import Day, Input
from app.operation.asked import Asked

SOME_ID = "01a20283-a66c-71ae-97eb-f03bb34e2309"


class Thing(Input):
    name: str
    size: Annotated[int, Query(ge=0)] = 1


async def change(
    request: Request,
    thing_id: UUID,
    must: Literal["yes", "no"],
    thing: Thing | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 25,
    first_on: Annotated[Day | None, Query(alias="from")] = None,
    word: str | None = None,
) -> Response:
    request.state.seen = (thing_id, must, thing, limit, first_on, word)
    return Response()


async def theirs(request: Request) -> Response:
    """FastAPI's own handler, as it runs inside an application."""
    app = FastAPI()
    app.add_api_route("/things/{thing_id}", change, methods=["POST"])

    @app.exception_handler(RequestValidationError)
    async def refused(asked: Request, failure: RequestValidationError) -> Response:
        asked.state.seen = failure
        return Response()

    await app(request.scope, request.receive, _nothing)
    return Response()


async def ours(request: Request) -> Response:
    await request.body()
    return await Asked(APIRoute("/things/{thing_id}", change).dependant).answer(request)


async def _nothing(_: Any) -> None: ...


def seen(
    handler: Callable[[Request], Awaitable[Response]], path: str, query: str, body: bytes
) -> Any:
    """What the endpoint was called with, or what was wrong with which part of the request."""

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    scope: dict[str, Any] = {
        "type": "http", "method": "POST", "path": f"/things/{path}", "query_string": query.encode(),
        "headers": [(b"content-type", b"application/json")], "path_params": {"thing_id": path},
        "state": {},
    }  # fmt: skip
    try:
        asyncio.run(handler(Request(scope, receive)))  # type: ignore[arg-type]
        found = scope["state"]["seen"]
    except RequestValidationError as failure:
        found = failure
    if not isinstance(found, RequestValidationError):
        return found
    errors = found.errors()
    if errors[0]["type"] == "json_invalid":
        return "json_invalid"
    return [(one["type"], one["loc"], one["msg"]) for one in errors]


PARAMETERS = st.tuples(
    st.sampled_from(["must", "limit", "from", "word", "other"]),
    st.sampled_from(["yes", "no", "", "1", "25", "0", "x", "2026-03-01", "%00", "a+b", "%C3%BC"]),
)
WITHOUT_NUL = st.characters(codec="utf-8", exclude_characters="\0")
BODIES = st.one_of(
    st.just(b""),
    st.sampled_from([b"{", b"null", b"[]", b'"x"', b'{"name": "a", "name": "b"}']),
    st.fixed_dictionaries(
        {},
        optional={
            "name": st.text(WITHOUT_NUL, max_size=3) | st.none(),
            "size": st.integers(-1, 3),
            "x": st.none(),
        },
    ).map(lambda value: json.dumps(value).encode()),
)


@given(
    st.sampled_from([SOME_ID, SOME_ID.upper(), "x"]),
    st.lists(PARAMETERS, max_size=4).map(lambda some: "&".join(f"{k}={v}" for k, v in some)),
    BODIES,
)
def test_values_and_errors_are_those_of_fastapi(path: str, query: str, body: bytes) -> None:
    assert seen(ours, path, query, body) == seen(theirs, path, query, body)


async def with_header(request: Request, x_name: Annotated[str, Header()]) -> Response:
    return Response()


async def with_dependency(request: Request, other: Annotated[None, Depends(_nothing)]) -> Response:
    return Response()


async def with_two_bodies(request: Request, one: Thing, other: Thing) -> Response:
    return Response()


async def with_many(request: Request, word: Annotated[list[str], Query()]) -> Response:
    return Response()


@pytest.mark.parametrize("endpoint", [with_header, with_dependency, with_two_bodies, with_many])
def test_anything_else_is_refused_when_it_is_registered(endpoint: Any) -> None:
    with pytest.raises(TypeError):
        Asked(APIRoute("/", endpoint).dependant)
