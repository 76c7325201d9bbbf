"""Pure ASGI, around everything: request ids, safe headers, the access log, the last resort."""

import re
import time
from collections.abc import Callable, Iterable
from typing import Any, Final

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.errors import BadRequest, ServerFault, refuse
from app.core.ids import is_id, new_id

_SAFE_HEADERS: Final = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
]
_NO_STORE: Final = (b"cache-control", b"no-store")

_HOST: Final = re.compile(rb"[A-Za-z0-9._~%!$&'()*+,;=:\[\]-]*")
_ONE_HOST: Final = "Name the one host that is asked, in one Host header."

_ONCE: Final = frozenset(
    {
        b"acting-for", b"authorization", b"content-encoding", b"content-type", b"host",
        b"idempotency-key", b"range", b"upload-offset", b"x-request-id",
    }
)  # fmt: skip
"""Headers that hold one value."""

MoreHeaders = Callable[[Scope], Iterable[tuple[bytes, bytes]]]

_log = structlog.get_logger("praxis.access")


class Outermost:
    """Gives each request its id, and each answer its headers; logs one line of fixed fields."""

    def __init__(
        self, app: ASGIApp, on_request: Any = None, more_headers: MoreHeaders | None = None
    ) -> None:
        """`more_headers` of a request's scope go with whatever answers it."""
        self.app = app
        self.on_request = on_request
        self.more_headers = more_headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id, unreadable = _read_head(scope)
        scope["praxis.request_id"] = request_id
        client = scope.get("client")
        scope["praxis.peer"] = client[0] if client else ""
        started = time.perf_counter()
        status = 0

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = message["headers"] = list(message.get("headers", ()))
                headers.append((b"x-request-id", request_id.encode()))
                headers.extend(_SAFE_HEADERS)
                if self.more_headers is not None:
                    headers.extend(self.more_headers(scope))
                if not any(name == b"cache-control" for name, _ in headers):
                    headers.append(_NO_STORE)
            await send(message)

        try:
            if unreadable is None:
                await self.app(scope, receive, sent)
            else:
                await refuse(scope, unreadable)(scope, receive, sent)
        except Exception as failure:
            if status:
                raise
            _log.error("fault", request_id=request_id, kind=type(failure).__name__)
            await refuse(scope, ServerFault())(scope, receive, sent)
        finally:
            if self.on_request is not None:
                self.on_request(scope, status, time.perf_counter() - started)


def _read_head(scope: Scope) -> tuple[str, BadRequest | None]:
    """The request's id, the caller's where it gave one; and why its head cannot be read.

    A header that means one thing and is sent twice means something else to each reader, a proxy
    in front and us. HTTP/1.0, as probes of load balancers speak it, needs no Host.
    """
    given: dict[bytes, bytes] = {}
    repeated = None
    for name, value in scope["headers"]:
        if name in _ONCE:
            if name in given:
                repeated = name.decode()
            given[name] = value
    asked = given.get(b"x-request-id", b"").decode("latin-1")
    request_id = asked if is_id(asked) else new_id()
    host = given.get(b"host")
    if repeated == "host" or (
        scope.get("http_version") != "1.0" if host is None else not _HOST.fullmatch(host)
    ):
        return request_id, BadRequest("wire.host", _ONE_HOST)
    if repeated is not None:
        words = f"Send the header {repeated.title()} once: it was sent with several values."
        return request_id, BadRequest("wire.repeated_header", words)
    return request_id, None
