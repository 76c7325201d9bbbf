"""The data folder while `praxis up` runs on it: one at a time, told by a lock that dies with it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from app.command.saying import Complaint
from app.core.embedded_account import account
from app.core.embedded_folder import reach
from app.settings import Settings

NAME: Final = "praxis.lock"


@contextmanager
def held(settings: Settings) -> Iterator[None]:
    """Have the data folder to ourselves, made if it is missing.

    The kernel gives the lock back however we end, so what a killed process leaves is never in the
    way. Raises Complaint, naming who has it, and EmbeddedError for a folder PostgreSQL cannot use.
    """
    descriptor = _open(settings)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Complaint(_taken(descriptor, settings.data)) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()} {settings.public_url}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _open(settings: Settings) -> int:
    data = settings.data
    try:
        if settings.database_url is None:
            reach(data, account(settings.postgres_account, data))
        else:
            data.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.open(data / NAME, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise Complaint(
            f"The data folder {data} cannot be used ({error.strerror}: {error.filename or data}):"
            " mend that, or name another folder with --data."
        ) from error


def _taken(descriptor: int, data: Path) -> str:
    pid, _, address = os.pread(descriptor, 500, 0).decode(errors="replace").strip().partition(" ")
    who = f"process {pid}, at {address}" if pid.isdecimal() else "another process"
    return (
        f"Praxis is running on {data} already ({who}): use that one, stop it first, or name"
        " another folder with --data."
    )
