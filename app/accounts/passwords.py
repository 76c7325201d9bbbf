"""Passwords: argon2id in a few threads of its own, and what a new password must be.

One hash costs about 20 ms of one core and 19 MiB. So many at once that the waiting line is full
are turned away (`Busy`) rather than let them starve everyone who is already signed in.
"""

import asyncio
import re
import secrets
import threading
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib import resources
from typing import NamedTuple, TypeVar

from pwdlib.hashers.argon2 import Argon2Hasher

LONGEST = 256
SHORTEST_ALONE = 15
SHORTEST_WITH_SECOND_FACTOR = 8

_PRODUCT = "praxis"
_SHORTEST_TELLING_NAME = 4
_SHORTEST_UNIT = 5
_FEWEST_DIFFERENT = 4
_ROWS = (
    "0123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
    "azertyuiopqsdfghjklmwxcvbn",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
)
_DRESSED = re.compile(r"[^a-z]{0,4}([a-z].*?)[^a-z]{0,8}", re.DOTALL)
_NOT_PLAIN = re.compile(r"[\W_]+")
_SUBSTITUTES = (str.maketrans("013457@$!", "oieastasi"), str.maketrans("013457@$!", "oleastasl"))

T = TypeVar("T")


class Busy(Exception):
    """Every thread is hashing and the waiting line is full; try again in a second or two."""


class Complaint(NamedTuple):
    """Why a new password will not do: a stable code, and a sentence for the person choosing."""

    code: str
    words: str


class Hasher:
    """Hashes and verifies passwords (argon2id: 2 passes, 19 MiB, one lane) off the event loop.

    At most `workers` run at once and `waiting` more stand in line. Making one costs a hash, so
    make it once, at start; `close` it at the end.
    """

    def __init__(self, *, workers: int = 1, waiting: int = 16) -> None:
        self._argon2 = Argon2Hasher(time_cost=2, memory_cost=19_456, parallelism=1)
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="passwords")
        self._places = threading.BoundedSemaphore(workers + waiting)
        self._nobodys = self._argon2.hash(secrets.token_bytes(32))

    async def hash(self, password: str) -> str:
        """The password's hash, salt and parameters, in the usual `$argon2id$…` text.

        Raises Busy, and ValueError beyond 256 characters.
        """
        normal = _normal(password)
        if len(normal) > LONGEST:
            raise ValueError("a password has at most 256 characters")
        return await self._run(lambda: self._argon2.hash(normal))

    async def verify(self, password: str, hashed: str | None) -> bool:
        """Whether this password made that hash. None, for an account that is not there, takes as
        long and is never right. Raises Busy.
        """
        normal = _normal(password)
        against = self._nobodys if hashed is None else hashed
        is_right = await self._run(lambda: self._argon2.verify(normal, against))
        return is_right and hashed is not None

    def close(self) -> None:
        """Let running hashes end and drop those in line."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    async def _run(self, work: Callable[[], T]) -> T:
        if not self._places.acquire(blocking=False):
            raise Busy
        try:
            job = self._pool.submit(work)
        except BaseException:
            self._places.release()
            raise
        # By the job, not by whoever waits: a caller who hangs up leaves the hash running.
        job.add_done_callback(lambda _: self._places.release())
        return await asyncio.wrap_future(job)


def check_new_password(password: str, *, second_factor: bool, email: str) -> Complaint | None:
    """What is wrong with a new password, or None when it will do.

    At least 15 characters, 8 beside a second factor; at most 256; not well known, not easily
    guessed. No rules about kinds of characters.
    """
    normal = _normal(password)
    shortest = SHORTEST_WITH_SECOND_FACTOR if second_factor else SHORTEST_ALONE
    if len(normal) < shortest:
        return Complaint(
            "accounts.password_short",
            f"Please use at least {shortest} characters. A few words in a row work well.",
        )
    if len(normal) > LONGEST:
        return Complaint("accounts.password_long", f"Please use at most {LONGEST} characters.")
    folded = normal.casefold()
    if _is_pattern(folded):
        return Complaint(
            "accounts.password_pattern",
            "Repeated characters and keyboard rows are guessed first. Please choose another.",
        )
    if _holds_a_name(folded, email):
        return Complaint(
            "accounts.password_personal",
            "Please choose a password without your e-mail name or the name of this service.",
        )
    if _is_well_known(folded):
        return Complaint(
            "accounts.password_common",
            "This password is on public lists of common ones. Please choose another.",
        )
    return None


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


def _is_pattern(folded: str) -> bool:
    unit = _repeated_unit(folded)
    return (
        len(unit) < _SHORTEST_UNIT
        or len(set(folded)) < _FEWEST_DIFFERENT
        or any(_runs_along(row, unit) for row in _ROWS)
    )


def _repeated_unit(folded: str) -> str:
    """The shortest start that, said again and again, makes the whole ("abcab" → "abc")."""
    for length in range(1, len(folded) // 2 + 1):
        unit = folded[:length]
        if folded == (unit * (len(folded) // length + 1))[: len(folded)]:
            return unit
    return folded


def _runs_along(row: str, unit: str) -> bool:
    circle = row * (len(unit) // len(row) + 2)
    return unit in circle or unit in circle[::-1]


def _holds_a_name(folded: str, email: str) -> bool:
    mailbox = _normal(email).casefold().rpartition("@")[0]
    names = {_PRODUCT, *(_plain(name) for name in (mailbox, mailbox.partition("+")[0]))}
    plain = _plain(folded)
    return any(len(name) >= _SHORTEST_TELLING_NAME and name in plain for name in names)


def _is_well_known(folded: str) -> bool:
    bare = {folded, _plain(folded), _repeated_unit(folded)}
    undressed = {match[1] for one in bare if (match := _DRESSED.fullmatch(one))}
    tried = bare | undressed
    meant = {one.translate(table) for one in tried for table in _SUBSTITUTES}
    return not _well_known().isdisjoint(tried | meant)


def _plain(folded: str) -> str:
    return _NOT_PLAIN.sub("", folded)


@cache
def _well_known() -> frozenset[str]:
    listed = resources.files("app.accounts").joinpath("common_passwords.txt")
    return frozenset(listed.read_text(encoding="utf-8").split())
