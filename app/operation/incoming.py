"""The request as the frame reads it: bounded, JSON, and never deeper than it should be."""

from typing import Final

from starlette.requests import ClientDisconnect, Request

from app.core.errors import BadRequest, Invalid, Problem, TooLarge
from app.operation.media_types import require_media_type

LARGEST_BODY: Final = 1024 * 1024
LARGEST_FROM_ANYONE: Final = 16 * 1024
"""What somebody without a token may send: reading a large body costs most of a second."""
DEEPEST: Final = 32
WRITES: Final = frozenset({"POST", "PUT", "PATCH"})


Body = bytes | Problem
"""What was sent; or why it cannot be read, for those who may know."""


async def body_or_refusal(request: Request, takes: str | None) -> Body:
    """As `checked_body`; a refusal is answered, to be raised once it is known who calls."""
    try:
        return await checked_body(request, takes=takes)
    except Problem as problem:
        return problem


async def body_from_anyone(request: Request, takes: str | None) -> bytes:
    """As `checked_body`, for callers without a token."""
    return await checked_body(request, LARGEST_FROM_ANYONE, takes)


async def checked_body(
    request: Request, largest: int = LARGEST_BODY, takes: str | None = None
) -> bytes:
    """The whole body, before any transaction is open.

    Raises TooLarge over `largest` bytes, UnsupportedMedia for a body that is not JSON (or not of
    a media type that `takes` names), Invalid for JSON nested deeper than 32, and BadRequest when
    the caller went away in the middle.
    """
    announced = request.headers.get("content-length", "0")
    if announced.isdigit() and int(announced) > largest:
        raise too_large(largest)
    chunks: list[bytes] = []
    size = 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size > largest:
                raise too_large(largest)
            chunks.append(chunk)
    except ClientDisconnect:
        raise BadRequest("wire.cut_off", "The body ended early. Send it again.") from None
    body = b"".join(chunks)
    request._body = body
    if body:
        require_media_type(request.headers, request.method, takes)
        if takes is not None:
            return body
        if _deeper_than(body, DEEPEST):
            raise Invalid("wire.too_deep", f"JSON here is nested at most {DEEPEST} deep.")
    return body


def too_large(largest: int) -> TooLarge:
    return TooLarge(
        "wire.too_large", f"A body is at most {largest // 1024} KiB here. Send less at once."
    )


def _deeper_than(body: bytes, deepest: int) -> bool:
    if body.count(b"[") + body.count(b"{") <= deepest:
        return False
    depth = 0
    quoted = escaped = False
    for byte in body:
        if quoted:
            if escaped:
                escaped = False
            elif byte == 0x5C:
                escaped = True
            elif byte == 0x22:
                quoted = False
        elif byte == 0x22:
            quoted = True
        elif byte in b"[{":
            depth += 1
            if depth > deepest:
                return True
        elif byte in b"]}":
            depth -= 1
    return False
