"""The account the embedded PostgreSQL runs as, and how its tools are run."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

OWN: Final = "praxis-postgres"
"""An account of its own, so that no other program's process reads the database's files."""
SHARED: Final = "nobody"
"""Where no account can be made; other programs without one run as it too."""

# Nothing of the caller's environment: PG* would redirect the tools, and secrets would leak.
ENVIRONMENT = {"LC_ALL": "C", "TZ": "UTC", "PATH": os.defpath} | {
    name: value for name, value in os.environ.items() if name == "LD_LIBRARY_PATH"
}


class EmbeddedError(Exception):
    """The embedded PostgreSQL cannot be used; the text says why and what to do next."""


@dataclass(frozen=True)
class Account:
    """The account PostgreSQL runs as; `switch` when that is not the caller, who then is root."""

    name: str
    uid: int
    gid: int
    switch: bool


def account(run_as: str | None, data: Path) -> Account:
    """Return the account to run the PostgreSQL in `data` as.

    It is the caller's own. For root it is `run_as`; or the one that the database there was made
    under; or one of its own, which is made if it can be; or else `nobody`.
    """
    if os.geteuid() != 0:
        own = Account(user_name(os.geteuid()), os.geteuid(), os.getegid(), switch=False)
        if run_as not in (None, own.name):
            raise EmbeddedError(
                f"Only root can run PostgreSQL as {run_as}: leave the account out, "
                f"or start Praxis as {run_as}."
            )
        return own
    name = run_as or _usual(data)
    try:
        found = pwd.getpwnam(name)
    except KeyError:
        raise EmbeddedError(
            f"There is no account {name} here for PostgreSQL to run as: "
            "name another account, or set DATABASE_URL."
        ) from None
    if found.pw_uid == 0:
        raise EmbeddedError(
            "PostgreSQL refuses to run as root: name another account, or set DATABASE_URL."
        )
    return Account(name, found.pw_uid, found.pw_gid, switch=True)


def _usual(data: Path) -> str:
    try:
        if user_name((data / "cluster").stat().st_uid) == SHARED:
            return SHARED
    except OSError:
        pass
    return OWN if _exists(OWN) or _make(OWN) else SHARED


def _make(name: str) -> bool:
    """Make a system account that nobody signs in to. Whether it is there then."""
    tool = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if tool is not None:
        words = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
        subprocess.run(
            [tool, *words, "--shell", "/usr/sbin/nologin", name],
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=ENVIRONMENT,
        )
    return _exists(name)


def _exists(name: str) -> bool:
    try:
        return pwd.getpwnam(name).pw_uid != 0
    except KeyError:
        return False


def run(
    who: Account,
    command: Sequence[str],
    lock: int = subprocess.DEVNULL,
    pass_fds: Sequence[int] = (),
) -> tuple[int, str]:
    """Run a tool as `who` and return its exit code and everything it said.

    A tool that outlives a killed caller keeps `lock` until it ends: the shell around it holds the
    lock as its own input, where the tool, and a server it leaves behind, do not inherit it.
    """
    with tempfile.TemporaryFile() as said:
        try:
            tool = subprocess.Popen(
                ["/bin/sh", "-c", '"$@" </dev/null; exit $?', "sh", *command],
                stdin=lock,
                stdout=said,
                stderr=subprocess.STDOUT,
                cwd="/",
                env=ENVIRONMENT,
                pass_fds=pass_fds,
                start_new_session=True,
                user=who.uid if who.switch else None,
                group=who.gid if who.switch else None,
                extra_groups=[] if who.switch else None,
                umask=0o077,
            )
        except PermissionError:
            raise EmbeddedError(
                f"PostgreSQL cannot be run as {who.name} from here: start Praxis as an ordinary "
                "user, or set DATABASE_URL."
            ) from None
        code = tool.wait()
        said.seek(0)
        return code, said.read().decode(errors="replace").strip()


def admit(who: Account, folders: Sequence[Path]) -> None:
    """Raise EmbeddedError, naming it, for the first folder the account may not pass through."""
    if not who.switch:
        return
    script = 'for folder do test -x "$folder" || { printf %s "$folder"; exit 1; }; done'
    code, barred = run(who, ["/bin/sh", "-c", script, "sh", *map(str, folders)])
    if code:
        raise EmbeddedError(
            f"PostgreSQL runs as {who.name}, which may not enter {barred}: "
            "choose another folder with --data."
        )


def user_name(uid: int) -> str:
    """The name of an account, also of one that has none here."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"
