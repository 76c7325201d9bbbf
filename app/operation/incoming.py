"""Bodies of every method: read whole, within bounds and in time, before any connection is taken."""

import asyncio
from collections.abc import Callable
from typing import Final

from starlette.requests import ClientDisconnect, Request

from app.core.errors import BadRequest, Problem, TooLarge, TooMany, TooSlow
from app.operation.json_shape import require_shape
from app.operation.limiting import BYTES_A_POINT, JSON_A_POINT, VALUES_A_POINT
from app.operation.media_types import require_media_type

LARGEST_BODY: Final = 1024 * 1024
LARGEST_FROM_ANYONE: Final = 16 * 1024
"""What somebody without a token may send, and anybody to an operation that takes no body."""
BODY_SECONDS: Final = 60
"""From the head to the body's end: a part of a file of 1 MiB comes at 140 kbit/s by then."""
_BODIES: Final = frozenset({"POST", "PUT", "PATCH"})


Body = bytes | Problem
"""What was sent; or why it cannot be read, for those who may know."""
Charge = Callable[[int], None]
"""Counts so many points against the caller; raises TooMany."""


async def body_or_refusal(
    request: Request, largest: int, takes: str | None, charge: Charge
) -> Body:
    """As `checked_body`; a refusal is answered, to be raised once it is known who calls.

    Raises TooMany at once, when `charge` does for what has been announced or has come.
    """
    try:
        return await checked_body(request, largest, takes, charge)
    except TooMany:
        raise
    except Problem as problem:
        return problem


async def checked_body(
    request: Request, largest: int, takes: str | None, charge: Charge | None = None
) -> bytes:
    """Read the whole body, of whatever method; afterwards nothing of it is left to wait for.

    Raises TooLarge over `largest` bytes, TooSlow for one that has not come in 60 s, and BadRequest
    when the caller went away in the middle; for POST, PUT and PATCH also UnsupportedMedia for a
    body that is not JSON (or not of a media type that `takes` names), and what `require_shape`
    refuses.
    """
    expected = request.method in _BODIES
    scale = _Scale(JSON_A_POINT if takes is None else BYTES_A_POINT, charge)
    announced = expected or _is_announced(request)
    body = await _read(request, largest, scale) if announced else b""
    request._body = body
    if body and expected:
        require_media_type(request.headers, request.method, takes)
        if takes is None:
            scale.charge_up_to(require_shape(body) // VALUES_A_POINT)
    return body


def _is_announced(request: Request) -> bool:
    """Whether the head says that a body follows, as it must for any other method."""
    return any(
        name == b"transfer-encoding" or (name == b"content-length" and value != b"0")
        for name, value in request.scope["headers"]
    )


class _Scale:
    """Charges a body by its size, as soon as that is known: before it is held in memory; and by
    its values, where they weigh more."""

    def __init__(self, bytes_a_point: int, charge: Charge | None) -> None:
        self._bytes_a_point = bytes_a_point
        self._charge = charge
        self._charged = 0

    def weigh(self, size: int) -> None:
        """It is at least this large. Raises TooMany."""
        self.charge_up_to(size // self._bytes_a_point)

    def charge_up_to(self, points: int) -> None:
        """It weighs at least this much. Raises TooMany."""
        if self._charge is not None and points > self._charged:
            self._charge(points - self._charged)
            self._charged = points


async def _read(request: Request, largest: int, scale: _Scale) -> bytes:
    announced = request.headers.get("content-length", "0")
    if announced.isdigit():
        size = int(announced[:20])
        if size > largest:
            raise too_large(largest)
        scale.weigh(size)
    chunks: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                size += len(chunk)
                if size > largest:
                    raise too_large(largest)
                scale.weigh(size)
                chunks.append(chunk)
    except ClientDisconnect:
        raise BadRequest("wire.cut_off", "The body ended early. Send it again.") from None
    except TimeoutError:
        raise TooSlow(
            "wire.too_slow",
            f"The body had not come after {BODY_SECONDS} seconds. Send it again, or less at once.",
            headers={"Connection": "close"},
        ) from None
    return b"".join(chunks)


def too_large(largest: int) -> TooLarge:
    return TooLarge(
        "wire.too_large", f"A body is at most {largest // 1024} KiB here. Send less at once."
    )
