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
_TAGS: Final = frozenset({b"if-match", b"if-none-match"})


def finished(request: Request, response: Response, *, living: bool) -> Response:
    """Return the answer as it is sent.

    `living` ones show what changes without a new version: a hash of the content goes into their
    tag, so that it says truly whether anything changed.
    """
    held, accepted = _asked(request)
    is_read = request.method in ("GET", "HEAD") and response.status_code == 200
    if is_read and living:
        _tag_content(response)
    zipped = _is_for_gzip(request, response, accepted)
    if is_read and held:
        tag = response.headers.get("etag")
        if tag and entity_tags.parse(held).name(entity_tags.opaque(tag)):
            kept = {name: response.headers[name] for name in _KEPT if name in response.headers}
            return Response(status_code=304, headers=kept)
    if zipped:
        response.body = compression.gzip(bytes(response.body))
        response.headers["content-length"] = str(len(response.body))
        response.headers["content-encoding"] = "gzip"
    return response


def require_well_formed_tags(request: Request) -> None:
    """Raise BadRequest for an If-Match or If-None-Match that is not as RFC 9110 writes it."""
    for name in {name for name, _ in request.scope["headers"]} & _TAGS:
        try:
            entity_tags.read(request.headers, name.decode())
        except entity_tags.MalformedTags:
            raise BadRequest(
                "versions.malformed",
                f"{name.decode().title()} holds ETags as they were sent, with their quotes, such as"
                ' "v1"; several with commas between them, or * alone.',
            ) from None


def _tag_content(response: Response) -> None:
    if isinstance(response, StreamingResponse):
        return
    version, found = response.headers.get("etag"), content_hash(bytes(response.body))
    response.headers["etag"] = f'{version[:-1]}.{found}"' if version else f'W/"{found}"'


def _asked(request: Request) -> tuple[str, str]:
    """If-None-Match and Accept-Encoding, each with all its lines; looked up once, for speed."""
    held, accepted = [], []
    for name, value in request.scope["headers"]:
        if name == b"if-none-match":
            held.append(value.decode("latin-1"))
        elif name == b"accept-encoding":
            accepted.append(value.decode("latin-1"))
    return ", ".join(held), ", ".join(accepted)


def _is_for_gzip(request: Request, response: Response, accepted: str) -> bool:
    """Whether it is to be compressed. All that could be says that it varies, and a tag of what
    is compressed is a weak one."""
    if (
        isinstance(response, StreamingResponse)
        or len(response.body) <= compression.SMALLEST
        or response.media_type != _JSON
        or request.scope["path"].startswith(SECRET)
    ):
        return False
    response.raw_headers.append((b"vary", b"Accept-Encoding"))
    if not compression.accepts_gzip(accepted):
        return False
    tag = response.headers.get("etag")
    if tag is not None and not tag.startswith("W/"):
        response.headers["etag"] = f"W/{tag}"
    return True
