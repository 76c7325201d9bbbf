"""The private PostgreSQL that `praxis up` starts when no DATABASE_URL is set.

Many processes may use one data folder; the first starts the server, and a detached reaper stops it
when the last is gone. Both are told by the kernel's locks, which a killed process cannot keep:
`locks/users` (shared by users, taken exclusively by the reaper), then `locks/starter` (one at a
time starts or stops), and `locks/reaper` (held by the one reaper for its life).
"""

import fcntl
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGKILL
from urllib.parse import quote

import psutil  # type: ignore[import-untyped]

from app.core import embedded_reaper
from app.core.embedded_account import ENVIRONMENT, EmbeddedError, account, run
from app.core.embedded_folder import (
    SOCKET_FILE,
    Folder,
    arrange,
    drop_other_engines,
    make_private,
    reach,
)

__all__ = ["EmbeddedError", "Server", "start"]

SUPERUSER = "postgres"
START_SECONDS = 120
# Longer than a start and longer than the reaper gives a server to stop.
LOCK_SECONDS = 150
# What pg_isready's exit codes say; REFUSES is while it starts, recovers or stops.
ANSWERS, REFUSES, SILENT = 0, 1, 2
LAST_LINES = 8


@dataclass(frozen=True)
class Server:
    """One use of a running server; it lasts until `close`, or until this process ends."""

    socket_dir: Path
    superuser: str
    password: str = field(repr=False)
    _users_lock: list[int] = field(repr=False, compare=False)

    def dsn(
        self, database: str = "postgres", user: str | None = None, password: str | None = None
    ) -> str:
        """A `postgresql://` address for asyncpg and SQLAlchemy, by default the superuser's.

        Another user's has a password only when one is given.
        """
        if user is None or user == self.superuser:
            user, password = self.superuser, password or self.password
        secret = f":{quote(password, safe='')}" if password else ""
        return (
            f"postgresql://{quote(user, safe='')}{secret}@/{quote(database, safe='')}"
            f"?host={quote(str(self.socket_dir))}&port=5432"
        )

    def close(self) -> None:
        """Stop using the server, which stops soon after its last user; again does nothing."""
        while self._users_lock:
            os.close(self._users_lock.pop())


def start(
    data_dir: Path, *, run_as: str | None = None, options: Mapping[str, str] | None = None
) -> Server:
    """Use the PostgreSQL in `data_dir`, made and started if need be, for as long as we live.

    It listens on a socket in a private folder only and asks for passwords. Root runs it as
    `run_as`, by default an account of its own; anyone else as themselves. `options` are server
    settings and count for the process that starts the server, not for one that joins. Waits up to
    150 s for others who are starting or stopping it, and 120 s for it to answer. Raises
    EmbeddedError.
    """
    try:
        folder = reach(data_dir, account(run_as, data_dir))
        users = _lock(folder, "users", fcntl.LOCK_SH)
        try:
            starter = _lock(folder, "starter", fcntl.LOCK_EX)
            try:
                engine, socket_dir, password = arrange(folder)
                if not folder.cluster.exists():
                    _initialise(folder, engine, password, starter)
                _ensure_reaper(folder)
                _bring_up(folder, engine, socket_dir, options or {}, starter)
            finally:
                os.close(starter)
        except BaseException:
            os.close(users)
            raise
    except OSError as error:
        raise EmbeddedError(_describe(error, data_dir)) from error
    return Server(socket_dir, SUPERUSER, password, [users])


def _lock(folder: Folder, name: str, kind: int) -> int:
    """A descriptor that holds the lock until it is closed, by us or by the kernel."""
    descriptor = os.open(folder.locks / name, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    deadline = time.monotonic() + LOCK_SECONDS
    try:
        while True:
            try:
                fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
                return descriptor
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise EmbeddedError(
                        f"Another Praxis has been starting or stopping the database in "
                        f"{folder.data} for {LOCK_SECONDS} seconds: end it and try again, or "
                        "choose another folder with --data."
                    ) from None
            time.sleep(0.02)
    except BaseException:
        os.close(descriptor)
        raise


def _ensure_reaper(folder: Folder) -> None:
    """Leave a reaper running; it inherits its lock, so there is never a second one."""
    descriptor = os.open(folder.locks / "reaper", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        watch = [sys.executable, "-I", embedded_reaper.__file__, str(folder.data), str(descriptor)]
        # The shell leaves at once, so the reaper is nobody's child and hears no terminal.
        subprocess.run(
            ["/bin/sh", "-c", '"$@" </dev/null >/dev/null 2>&1 &', "sh", *watch],
            check=True,
            cwd="/",
            env=ENVIRONMENT,
            pass_fds=[descriptor],
            start_new_session=True,
        )
    except BlockingIOError:
        return
    finally:
        os.close(descriptor)


def _initialise(folder: Folder, engine: Path, password: str, starter: int) -> None:
    """Make the cluster aside and move it into place whole, so that a half-made one never counts."""
    fresh = folder.data / "cluster.new"
    shutil.rmtree(fresh, ignore_errors=True)
    make_private(fresh, folder.account)
    with tempfile.TemporaryFile(dir=folder.data) as secret:
        secret.write(password.encode())
        secret.flush()
        secret.seek(0)
        if folder.account.switch:
            os.fchown(secret.fileno(), folder.account.uid, folder.account.gid)
        command = [
            *(str(engine / "initdb"), "-D", str(fresh), "-U", SUPERUSER, "-E", "UTF8"),
            *("--auth=scram-sha-256", f"--pwfile=/dev/fd/{secret.fileno()}"),
            *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            "--no-instructions",
        ]
        code, said = run(folder.account, command, starter, pass_fds=[secret.fileno()])
    if code:
        shutil.rmtree(fresh, ignore_errors=True)
        raise EmbeddedError(_explain("make a database", folder, said))
    fresh.rename(folder.cluster)
    # Without this a power cut could undo the move, and the next start would clear the folder away.
    descriptor = os.open(folder.data, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _bring_up(
    folder: Folder, engine: Path, socket_dir: Path, options: Mapping[str, str], starter: int
) -> None:
    """Return once the server answers, starting it when no process of this cluster lives."""
    ask = [str(engine / "pg_isready"), "-q", "-h", str(socket_dir), "-p", "5432", "-U", SUPERUSER]
    deadline = time.monotonic() + START_SECONDS
    while True:
        code, said = run(folder.account, [*ask, "-d", "postgres"], starter)
        if code == ANSWERS:
            return
        if code not in (REFUSES, SILENT):
            raise EmbeddedError(_explain("start", folder, said))
        if time.monotonic() > deadline:
            raise EmbeddedError(
                f"The PostgreSQL of {folder.data} runs but does not answer: end its processes and "
                f"try again, or see {folder.log}."
            )
        main, _ = embedded_reaper.processes(folder.cluster)
        if code == SILENT and not main:
            _start_server(folder, engine, socket_dir, options, starter)
        else:
            time.sleep(0.1)


def _start_server(
    folder: Folder, engine: Path, socket_dir: Path, options: Mapping[str, str], starter: int
) -> None:
    # Deleting a pid file disarms PostgreSQL's own check for survivors of a killed main process,
    # which would write into the same files: so they must be gone first.
    if not embedded_reaper.end(folder.cluster, ((0, 5), (SIGKILL, 5))):
        raise EmbeddedError(
            f"Processes of a PostgreSQL that was killed still use {folder.data}: end them and try "
            "again, or restart the computer."
        )
    for file in (folder.cluster / "postmaster.pid", socket_dir / f"{SOCKET_FILE}.lock"):
        _drop_foreign_pid(file, folder)
    drop_other_engines(engine, folder)
    settings = {
        # Messages about statements can quote what was in them; the log keeps the server's own.
        "log_min_messages": "log",
        **options,
        "listen_addresses": "",
        "port": "5432",
        "unix_socket_directories": f'"{socket_dir}"',
        "cluster_name": embedded_reaper.cluster_name(folder.cluster),
    }
    chosen = shlex.join(word for pair in settings.items() for word in ("-c", "=".join(pair)))
    written = folder.log.stat().st_size if folder.log.exists() else 0
    command = [
        *(str(engine / "pg_ctl"), "start", "-s", "-w", "-t", str(START_SECONDS)),
        *("-D", str(folder.cluster), "-l", str(folder.log), "-o", chosen),
    ]
    code, said = run(folder.account, command, starter)
    if code:
        with folder.log.open("rb") as log:
            log.seek(written)
            said = log.read().decode(errors="replace").strip() or said
        raise EmbeddedError(_explain("start", folder, said))


def _drop_foreign_pid(file: Path, folder: Folder) -> None:
    """Delete a pid file whose number now belongs to a process that is not of this cluster.

    One whose process is dead stays: PostgreSQL clears it itself, with its own checks.
    """
    if not file.exists():
        return
    # A server that runs for one maintenance command writes its number as a negative one.
    number = file.read_text(errors="replace").partition("\n")[0].strip().lstrip("-")
    pid = int(number) if number.isdecimal() and len(number) < 10 else 0
    if embedded_reaper.is_opened_by(pid, folder.cluster):
        raise EmbeddedError(
            f"Another PostgreSQL, process {pid}, has the database in {folder.data} open: stop it "
            "and try again, or choose another folder with --data."
        )
    if pid == 0 or psutil.pid_exists(pid):
        file.unlink()


def _explain(what: str, folder: Folder, said: str) -> str:
    last = "\n".join(said.splitlines()[-LAST_LINES:])
    remedy = "mend what its last lines name"
    if "No space left on device" in said:
        remedy = "the disk is full, make room"
    return (
        f"PostgreSQL could not {what} in {folder.data}: {remedy}, or choose another folder "
        f"with --data.\n{last}"
    )


def _describe(error: OSError, data_dir: Path) -> str:
    return (
        f"The data folder {data_dir} cannot be used ({error.strerror}: "
        f"{error.filename or data_dir}): mend that, or choose another folder with --data."
    )
