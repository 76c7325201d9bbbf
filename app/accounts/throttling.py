"""How often someone may try: counted for each login and each network address."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import LargeBinary, case, func, select, update
from sqlalchemy.dialects.postgresql import insert

from app.accounts.models import Throttle
from app.core.clock import now
from app.core.database import Instant
from app.core.errors import TooMany
from app.core.ids import SYSTEM
from app.core.statements import Query, p
from app.operation.work import Row, Work

TRIES_BEFORE_WAIT: Final = 10
WINDOW: Final = timedelta(minutes=15)
KNOWN_FOR: Final = timedelta(days=30)

_TRY = Query(
    insert(Throttle)
    .values(subject_hash=p("subject", LargeBinary()), window_ends_at=p("ends", Instant()))
    .on_conflict_do_update(
        index_elements=["subject_hash"],
        set_={
            "tries": case((Throttle.window_ends_at < func.now(), 1), else_=Throttle.tries + 1),
            "window_ends_at": case(
                (Throttle.window_ends_at < func.now(), p("ends", Instant())),
                else_=Throttle.window_ends_at,
            ),
        },
    )
    .returning(Throttle.tries, Throttle.window_ends_at)
)
_FORGET_TRIES = Query(
    update(Throttle).where(Throttle.subject_hash == p("subject", LargeBinary())).values(tries=0)
)
_KNOWN = Query(
    select(Throttle.tries, Throttle.window_ends_at).where(
        Throttle.subject_hash == p("subject", LargeBinary()),
        Throttle.window_ends_at > func.now(),
    )
)
_REMEMBER = Query(
    insert(Throttle)
    .values(subject_hash=p("subject", LargeBinary()), window_ends_at=p("ends", Instant()))
    .on_conflict_do_update(
        index_elements=["subject_hash"], set_={"window_ends_at": p("ends", Instant())}
    )
)


async def throttle(work: Work, subject: bytes) -> None:
    """Counts one try for the login and for the caller's network address.

    A network address from which the login signed in within 30 days is known, and counted by
    itself: strangers' tries do not lock its person out. Raises TooMany with Retry-After after too
    many tries in a quarter of an hour.
    """
    peer = work.house.keyring.blind(SYSTEM, "peer", work.peer)
    waits: list[datetime] = []
    async with work.visit(login=subject.hex()):
        known = await work.row(_KNOWN, subject=_device(work, subject, "known"))
        counted_as = subject if known is None else _device(work, subject, "tries")
        limits = (
            (counted_as, TRIES_BEFORE_WAIT),
            (peer, work.house.settings.sign_ins_per_minute * 15),
        )
        for one, most in limits:
            counted = await count(work, one)
            if counted["tries"] > most:
                waits.append(counted["window_ends_at"])
    if waits:
        raise _wait(max(waits), "Too many tries. Wait a while, or set a new password.")


async def count(work: Work, subject: bytes) -> Row:
    """Count one try; return how many there were in this window (`tries`), and when it ends.

    `work` acts as a visitor. Until the transaction ends, others that count the same wait.
    """
    counted: Any = await work.row(_TRY, subject=subject, ends=now() + WINDOW)
    return dict(counted)


async def count_guess(work: Work, subject: bytes) -> int:
    """Count a guess of someone who is signed in; return how many there were in this window.

    Raises TooMany with Retry-After after as many as signing in allows.
    """
    counted = await count(work, subject)
    if counted["tries"] > TRIES_BEFORE_WAIT:
        words = "Too many wrong codes or passwords. Wait a while, then try again."
        raise _wait(counted["window_ends_at"], words)
    return int(counted["tries"])


async def demand_few(work: Work, subject: bytes, most: int, words: str) -> None:
    """Raises TooMany with these words when `count` has counted so many in this window.

    `work` acts as a visitor.
    """
    counted = await work.row(_KNOWN, subject=subject)
    if counted is not None and counted["tries"] >= most:
        raise _wait(counted["window_ends_at"], words)


async def forget_guesses(work: Work, subject: bytes) -> None:
    """Whoever proved who they are begins anew. `work` acts as a visitor."""
    await work.run(_FORGET_TRIES, subject=subject)


async def forget_tries(work: Work, subject: bytes) -> None:
    """Whoever proved who they are begins anew, and is known where they are."""
    for one in (subject, _device(work, subject, "tries")):
        await forget_guesses(work, one)
    ends = now() + KNOWN_FOR
    await work.run(_REMEMBER, subject=_device(work, subject, "known"), ends=ends)


def _device(work: Work, subject: bytes, purpose: str) -> bytes:
    """One login at one network address, hashed: nobody reads who signs in from where."""
    where = f"{purpose}:{subject.hex()}:{work.peer}"
    return work.house.keyring.blind(SYSTEM, "device", where)


def _wait(until: datetime, words: str) -> TooMany:
    seconds = int((until - now()).total_seconds()) + 1
    return TooMany("accounts.throttled", words, headers={"Retry-After": str(seconds)})
