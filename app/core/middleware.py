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
        asked, hosts = _named(scope)
        request_id = asked if asked and is_id(asked) else new_id()
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
            if _is_one(hosts, scope):
                await self.app(scope, receive, sent)
            else:
                await refuse(scope, BadRequest("wire.host", _ONE_HOST))(scope, receive, sent)
        except Exception as failure:
            if status:
                raise
            _log.error("fault", request_id=request_id, kind=type(failure).__name__)
            await refuse(scope, ServerFault())(scope, receive, sent)
        finally:
            if self.on_request is not None:
                self.on_request(scope, status, time.perf_counter() - started)


def _named(scope: Scope) -> tuple[str | None, list[bytes]]:
    """The id the caller gave the request, if any, and every Host it names."""
    asked, hosts = None, []
    for name, value in scope["headers"]:
        if name == b"host":
            hosts.append(value)
        elif name == b"x-request-id" and asked is None:
            asked = value.decode("latin-1")
    return asked, hosts


def _is_one(hosts: list[bytes], scope: Scope) -> bool:
    """Whether one host is named; HTTP/1.0, as probes of load balancers speak it, needs none."""
    if not hosts:
        return bool(scope.get("http_version") == "1.0")
    return len(hosts) == 1 and _HOST.fullmatch(hosts[0]) is not None
