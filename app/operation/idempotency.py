"""Doing it once: a POST with an Idempotency-Key has one effect, however often it is sent.

Kept for 24 hours, in the transaction of the effect itself: the fingerprint, status and address,
never a body. A replay reads the thing again as the caller may now.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b, sha256
from typing import Any, Final

import orjson
from sqlalchemy import BigInteger, Index, Integer, LargeBinary, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column
from starlette.responses import Response

from app.core.database import Base, Key, PracticeId, Stamped
from app.core.errors import BadRequest, Conflict, Invalid
from app.core.statements import Query, p
from app.core.walls import ME, PRACTICE, Wall, both
from app.core.wire import Several
from app.operation import meaning
from app.operation.work import Work

KEPT_HOURS: Final = 24
SEVERAL: Final = "each "
"""Begins an address that is several, with spaces between: a list of things made at once."""
_KEY: Final = re.compile(r'"?([!-~]{1,255}?)"?')


class IdempotencyKey(Stamped, Base):
    """One key of one caller, and what came of it. `acting` is the client acted for, or nobody."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (Index("ix_idempotency_keys_created_at", "created_at"),)
    __wall__ = Wall(read=both(PRACTICE, ME), add=both(PRACTICE, ME), remove=both(PRACTICE, ME))
    practice_id: Mapped[PracticeId]
    user_id: Mapped[Key]
    key_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    fingerprint: Mapped[bytes]
    status: Mapped[int] = mapped_column(Integer)
    address: Mapped[str | None]


_FORGET = Query(
    delete(IdempotencyKey).where(
        IdempotencyKey.practice_id == p("practice_id"),
        IdempotencyKey.user_id == p("me"),
        IdempotencyKey.key_hash == p("key_hash", LargeBinary()),
    )
)


@dataclass(frozen=True, slots=True)
class Once:
    """A key as it stands in one request."""

    key_hash: bytes
    fingerprint: bytes
    by_spelling: bytes
    """As releases before 2026-12 made it: a day after the last of them it is of no use."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What came of an earlier request under the same key."""

    status: int
    address: str | None


_RUNNING = Query(select(func.pg_try_advisory_xact_lock(p("number", BigInteger())).label("first")))
_KEPT = Query(
    select(IdempotencyKey.fingerprint, IdempotencyKey.status, IdempotencyKey.address).where(
        IdempotencyKey.practice_id == p("practice_id"),
        IdempotencyKey.user_id == p("me"),
        IdempotencyKey.key_hash == p("key_hash", LargeBinary()),
        IdempotencyKey.created_at > func.now() - func.make_interval(0, 0, 0, 0, KEPT_HOURS),
    )
)


def read(
    header: str | None,
    caller: str,
    method: str,
    target: str,
    body: bytes,
    read_as: Callable[[Any], Any],
) -> Once | None:
    """The request's key and fingerprint; None without the header.

    `target` is path and query, `read_as` makes of a parsed body what the operation does. Raises
    BadRequest for a key that is empty, too long or not made of visible characters.
    """
    if header is None:
        return None
    matched = _KEY.fullmatch(header.strip())
    if matched is None:
        raise BadRequest(
            "idempotency.key", "An Idempotency-Key is 1 to 255 visible characters, best a UUID."
        )
    request = f"{caller}\n{method}\n{target}\n".encode()
    return Once(
        sha256(f"{caller}\n{matched[1]}".encode()).digest(),
        sha256(request + _meant(body, read_as)).digest(),
        sha256(request + _spelled(body)).digest(),
    )


async def earlier(work: Work, once: Once) -> Kept | None:
    """What came of this key before; None the first time.

    Raises Conflict (409, Retry-After) while another request with the key is running, and
    Invalid (422) when the key came with another request.
    """
    number = int.from_bytes(blake2b(once.key_hash, digest_size=8).digest(), signed=True)
    lock: dict[str, Any] = await work.row(_RUNNING, number=number) or {}
    if not lock["first"]:
        raise Conflict(
            "idempotency.running",
            "The first request with this key is still running. Ask again in a moment.",
            headers={"Retry-After": "1"},
        )
    kept = await work.row(_KEPT, key_hash=once.key_hash)
    if kept is None:
        return None
    if kept["fingerprint"] not in (once.fingerprint, once.by_spelling):
        raise Invalid(
            "idempotency.other_request",
            "This key came with another request before. Use a fresh key for a new request.",
        )
    return Kept(kept["status"], kept["address"])


async def keep(work: Work, once: Once, response: Response) -> None:
    """Remember what came of the key, in the same transaction."""
    address = response.headers.get("content-location") or response.headers.get("location")
    if isinstance(response, Several):
        address = SEVERAL + " ".join(response.addresses)
    # A key older than a day is free again, also before the worker has tidied it away.
    await work.run(_FORGET, key_hash=once.key_hash)
    await work.add(
        IdempotencyKey,
        user_id=work.actor.user_id,
        key_hash=once.key_hash,
        fingerprint=once.fingerprint,
        status=response.status_code,
        address=address,
    )


def _meant(body: bytes, read_as: Callable[[Any], Any]) -> bytes:
    """What the body says, whichever way it is spelled; what is no JSON is as it is."""
    try:
        return meaning.written(meaning.canonical(read_as(orjson.loads(body))))
    except orjson.JSONDecodeError:
        return body


def _spelled(body: bytes) -> bytes:
    try:
        return orjson.dumps(orjson.loads(body), option=orjson.OPT_SORT_KEYS)
    except orjson.JSONDecodeError:
        return body
