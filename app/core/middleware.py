"""Pure ASGI, around everything: request ids, safe headers, the access log, the last resort."""

import time
from typing import Any, Final

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.errors import ServerFault, answer
from app.core.ids import is_id, new_id

_SAFE_HEADERS: Final = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
]
_NO_STORE: Final = (b"cache-control", b"no-store")

_log = structlog.get_logger("praxis.access")


class Outermost:
    """Gives each request its id, and each answer its headers; logs one line of fixed fields."""

    def __init__(self, app: ASGIApp, on_request: Any = None) -> None:
        self.app = app
        self.on_request = on_request

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        asked = _header(scope, b"x-request-id")
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
                if not any(name == b"cache-control" for name, _ in headers):
                    headers.append(_NO_STORE)
            await send(message)

        try:
            await self.app(scope, receive, sent)
        except Exception as failure:
            if status:
                raise
            _log.error("fault", request_id=request_id, kind=type(failure).__name__)
            await answer(ServerFault(), request_id)(scope, receive, sent)
        finally:
            if self.on_request is not None:
                self.on_request(scope, status, time.perf_counter() - started)


def _header(scope: Scope, name: bytes) -> str | None:
    for key, value in scope["headers"]:
        if key == name:
            return str(value.decode("latin-1"))
    return None
