"""A replayed request: the thing it made is read again, as the caller may now."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.operation.idempotency import SEVERAL, Kept
from app.operation.preconditions import version_tag


async def of(kept: Kept, request: Request) -> Response:
    """The answer to a repeated request: its first status, with the thing as it is now."""
    marked = {"idempotent-replayed": "true"}
    if kept.address is None:
        return Response(status_code=kept.status, headers=marked)
    if kept.address.startswith(SEVERAL):
        return await _several(kept, request, marked)
    status, headers, body = await _read(kept.address, request)
    if status != 200:
        return Response(body, status, marked, headers.get("content-type"))
    tag = version_tag(headers.get("etag", ""))
    if tag is not None:
        marked["etag"] = tag
    marked["location" if kept.status == 201 else "content-location"] = kept.address
    return Response(body, kept.status, marked, headers.get("content-type"))


async def _several(kept: Kept, request: Request, marked: dict[str, str]) -> Response:
    assert kept.address is not None
    bodies = []
    for address in kept.address.removeprefix(SEVERAL).split(" "):
        status, headers, body = await _read(address, request)
        if status != 200:
            return Response(body, status, marked, headers.get("content-type"))
        bodies.append(body)
    whole = b'{"items":[' + b",".join(bodies) + b"]}"
    return Response(whole, kept.status, marked, "application/json")


async def _read(address: str, request: Request) -> tuple[int, dict[str, str], bytes]:
    keep = (b"host", b"authorization", b"acting-for", b"accept-language")
    scope = {
        name: request.scope[name]
        for name in ("type", "asgi", "http_version", "scheme", "server", "client", "app", "state")
        if name in request.scope
    } | {
        "method": "GET",
        "path": address,
        "raw_path": address.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [pair for pair in request.scope["headers"] if pair[0] in keep],
    }
    status, headers, chunks = 500, {}, []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        nonlocal status, headers
        if message["type"] == "http.response.start":
            status = message["status"]
            headers = {k.decode(): v.decode() for k, v in message["headers"]}
        elif message["type"] == "http.response.body":
            chunks.append(message.get("body", b""))

    await request.app(scope, receive, send)
    return status, headers, b"".join(chunks)
