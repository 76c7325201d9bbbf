"""The API's description as it is served, and the page that shows it, without any other host.

The page's script and style come from a package and from here, and its content security policy
allows no other source: what is typed into it, tokens too, stays between browser and this service.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import cache, lru_cache
from importlib import resources
from typing import Final

import orjson
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.core import compression, entity_tags
from app.core.errors import Problem, refuse
from app.core.wire import content_hash
from app.operation.answers import require_well_formed_tags
from app.operation.house import House
from app.settings import Settings

PAGE: Final = "/docs"
DESCRIPTION: Final = "/openapi.json"
DESCRIPTION_COST: Final = 10
"""What reading the description counts for: it is large, and made anew for every address."""

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

_HTML: Final = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Praxis API</title>
<link rel="icon" href="docs/favicon.png">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<div id="description"></div>
<script src="docs/swagger-ui.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""
_START: Final = """\
SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#description",
  deepLinking: true,
  docExpansion: "none",
  displayRequestDuration: true,
  persistAuthorization: false,
  queryConfigEnabled: false,
  tryItOutEnabled: true,
  validatorUrl: null,
});
"""
SCRIPT: Final = "text/javascript; charset=utf-8"
START: Final = "/docs/start.js"
PACKAGED: Final = {
    "/docs/swagger-ui.js": ("swagger-ui-bundle.js", SCRIPT),
    "/docs/swagger-ui.css": ("swagger-ui.css", "text/css; charset=utf-8"),
    "/docs/favicon.png": ("favicon-32x32.png", "image/png"),
}

Send = Callable[[Request], Awaitable[Response]]


class Fixed:
    """Bytes that stay the same: their hash is the ETag, and they are compressed once."""

    def __init__(self, body: bytes, media_type: str, **headers: str) -> None:
        self._headers = {
            "content-type": media_type,
            "cache-control": "no-cache",
            "etag": f'W/"{content_hash(body)}"',
            "vary": "Accept-Encoding",
        } | headers
        self._body = body
        self._zipped = compression.gzip(body, level=compression.USUAL)

    def answer(self, request: Request) -> Response:
        """Answer with the bytes, or 304 for whoever holds them. Raises BadRequest for tags that
        are none."""
        require_well_formed_tags(request)
        held = entity_tags.read(request.headers, "if-none-match")
        if held is not None and held.name(entity_tags.opaque(self._headers["etag"])):
            kept = {k: v for k, v in self._headers.items() if k != "content-type"}
            return Response(status_code=304, headers=kept)
        if compression.accepts_gzip(request.headers.get("accept-encoding", "")):
            return Response(self._zipped, headers=self._headers | {"content-encoding": "gzip"})
        return Response(self._body, headers=self._headers)


def install(app: FastAPI, settings: Settings) -> None:
    """Serve the description, and where the settings say so the page and what it is made of."""

    @lru_cache(maxsize=4)
    def description(address: str) -> Fixed:
        served = app.openapi() | {"servers": [{"url": address}]}
        return Fixed(orjson.dumps(served), "application/json")

    # The first one takes seconds to make: of many who ask at once, one has it made.
    making = asyncio.Lock()

    async def send_description(request: Request) -> Response:
        house: House = request.app.state.house
        house.limiter.admit(request.scope["praxis.peer"], DESCRIPTION_COST)
        async with making:
            made = await asyncio.to_thread(description, address_of(request, settings))
        return made.answer(request)

    async def send_part(request: Request) -> Response:
        made = await asyncio.to_thread(_part, request.scope["path"])
        return made.answer(request)

    page = (PAGE, START, *PACKAGED) if settings.shows_docs else ()
    app.router.routes += [
        Route(DESCRIPTION, _refusing(send_description)),
        *(Route(path, _refusing(send_part)) for path in page),
    ]


def address_of(request: Request, settings: Settings) -> str:
    """Return the address the service is called at: the public one, or where it was just asked.

    Behind a proxy the request may not know that it came by https, so a public address with https
    stands. Any other is only a guess, while the browser knows which host and port it called.
    """
    host = request.headers.get("host", "")
    if settings.public_url.startswith("https://") or not host:
        return settings.public_url.rstrip("/")
    return f"{request.scope['scheme']}://{host}"


@cache
def _part(path: str) -> Fixed:
    if path == PAGE:
        policy = {"content-security-policy": POLICY}
        return Fixed(_HTML.encode(), "text/html; charset=utf-8", **policy)
    if path == START:
        return Fixed(_START.encode(), SCRIPT)
    name, media_type = PACKAGED[path]
    found = resources.files("fastapi_swagger.resources").joinpath(name)
    return Fixed(found.read_bytes(), media_type)


def _refusing(send: Send) -> Send:
    async def sent(request: Request) -> Response:
        try:
            return await send(request)
        except Problem as problem:
            return refuse(request.scope, problem)

    return sent
