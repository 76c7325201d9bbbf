"""Answers on their way out: 304 for what the caller holds already, gzip for what is large.

Both happen after the transaction has ended, so that no connection waits for either.
"""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from app.core import compression, entity_tags
from app.core.errors import BadRequest
from app.core.wire import content_hash

SECRET: Final = ("/v1/auth/", "/oauth/")
"""Where answers hold tokens and codes; they are never compressed."""
_KEPT: Final = ("etag", "cache-control", "vary")
"""What a 304 repeats of the answer it stands for."""
_JSON: Final = "application/json"


def finished(request: Request, response: Response, *, living: bool) -> Response:
    """Return the answer as it is sent.

    `living` ones show what changes without a new version: a hash of the content goes into their
    tag, so that it says truly whether anything changed.
    """
    if request.method in ("GET", "HEAD") and response.status_code == 200:
        if living:
            _tag_content(response)
        zipped = _is_for_gzip(request, response)
        if _is_held(request, response):
            kept = {name: response.headers[name] for name in _KEPT if name in response.headers}
            return Response(status_code=304, headers=kept)
    else:
        zipped = _is_for_gzip(request, response)
    if zipped:
        response.body = compression.gzip(bytes(response.body))
        response.headers["content-length"] = str(len(response.body))
        response.headers["content-encoding"] = "gzip"
    return response


def require_well_formed_tags(request: Request) -> None:
    """Raise BadRequest for an If-Match or If-None-Match that is not as RFC 9110 writes it."""
    for name in ("if-match", "if-none-match"):
        try:
            entity_tags.read(request.headers, name)
        except entity_tags.MalformedTags:
            raise BadRequest(
                "versions.malformed",
                f'{name.title()} holds ETags as they were sent, with their quotes, such as "v1";'
                " several with commas between them, or * alone.",
            ) from None


def _tag_content(response: Response) -> None:
    if isinstance(response, StreamingResponse):
        return
    version, found = response.headers.get("etag"), content_hash(bytes(response.body))
    response.headers["etag"] = f'{version[:-1]}.{found}"' if version else f'W/"{found}"'


def _is_held(request: Request, response: Response) -> bool:
    tag = response.headers.get("etag")
    held = entity_tags.read(request.headers, "if-none-match") if tag else None
    return tag is not None and held is not None and held.name(entity_tags.opaque(tag))


def _is_for_gzip(request: Request, response: Response) -> bool:
    """Whether it is to be compressed. All that could be says that it varies, and a tag of what
    is compressed is a weak one."""
    if (
        isinstance(response, StreamingResponse)
        or len(response.body) <= compression.SMALLEST
        or response.media_type != _JSON
        or request.scope["path"].startswith(SECRET)
    ):
        return False
    response.headers.add_vary_header("Accept-Encoding")
    if not compression.accepts_gzip(request.headers.get("accept-encoding", "")):
        return False
    tag = response.headers.get("etag")
    if tag is not None and not tag.startswith("W/"):
        response.headers["etag"] = f"W/{tag}"
    return True
