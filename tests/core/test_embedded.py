"""The embedded PostgreSQL: one server for all who use a folder, none once they are gone."""

import asyncio
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import asyncpg
import psutil  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.engine import make_url

from app.core.embedded import Server, start
from app.core.embedded_account import account
from app.core.embedded_reaper import processes

REPOSITORY = Path(__file__).parents[2]
# Whom PostgreSQL runs as in these tests: root's servers run as an account of their own.
ACCOUNT = account(None, Path("/nowhere")).name if os.geteuid() == 0 else None
QUICK = {"fsync": "off"}
USER = """
import sys
from pathlib import Path
from app.core.embedded import start
server = start(Path(sys.argv[1]))
print(server.dsn(), flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def temporary() -> Iterator[Path]:
    """A folder the server's account may pass through, which pytest's own is not."""
    folder = Path(tempfile.mkdtemp()).resolve()
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def server(temporary: Path) -> Iterator[Server]:
    """A running server for tests that only look at it."""
    running = start(temporary / "shared", options=QUICK)
    yield running
    running.close()
    until(lambda: stopped(temporary / "shared"))


@pytest.fixture(scope="module")
def made(temporary: Path) -> Path:
    """A data folder whose database was made and has stopped."""
    start(temporary / "made", options=QUICK).close()
    until(lambda: stopped(temporary / "made"))
    return temporary / "made"


@pytest.fixture
def data(made: Path) -> Iterator[Path]:
    """The made folder, which each test finds and leaves without a running server."""
    yield made
    until(lambda: stopped(made))


@pytest.fixture
def fresh(temporary: Path) -> Iterator[Path]:
    """A data folder of the test's own that does not exist yet."""
    folder = Path(tempfile.mkdtemp(dir=temporary))
    folder.chmod(0o711)
    yield folder / "data"
    until(lambda: stopped(folder / "data"))


@pytest.fixture
def opened() -> Iterator[Callable[[Path], Server]]:
    """Starts or joins a folder's server; all are closed when the test ends."""
    servers: list[Server] = []

    def open_one(folder: Path) -> Server:
        servers.append(start(folder, options=QUICK))
        return servers[-1]

    yield open_one
    for one in servers:
        one.close()


def ask(dsn: str | None, statement: str = "select pg_postmaster_start_time()", **more: Any) -> Any:
    async def once() -> Any:
        connection = await asyncpg.connect(dsn, **more)
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()

    return asyncio.run(once())


def until(true: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.02)


def stopped(data: Path) -> bool:
    cluster = data / "cluster"
    return not cluster.exists() or not any(processes(cluster))


def kill_postgres(data: Path) -> None:
    (main,), _ = processes(data / "cluster")
    main.kill()


def user_process(data: Path, **environment: str) -> subprocess.Popen[str]:
    """Another process that uses the server, and does so by now."""
    process = subprocess.Popen(
        [sys.executable, "-c", USER, str(data)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), **environment},
    )
    assert process.stdout is not None
    assert process.stdout.readline().startswith("postgresql://")
    return process


def kill_user(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def reapers_of(data: Path) -> list[psutil.Process]:
    commands = {one: one.info["cmdline"] for one in psutil.process_iter(["cmdline"])}
    return [one for one, words in commands.items() if words and str(data) in words[3:]]


@pytest.fixture
def bystander() -> Iterator[int]:
    """The number of a living process of the server's account that is no PostgreSQL."""
    with subprocess.Popen(["sleep", "60"], user=ACCOUNT) as process:
        yield process.pid
        process.kill()


def test_it_answers_through_asyncpg(server: Server) -> None:
    assert ask(server.dsn(), "select 1") == 1


def test_sqlalchemy_reads_its_address_the_same(server: Server) -> None:
    url = make_url(server.dsn()).set(drivername="postgresql+asyncpg")
    _, arguments = url.get_dialect()().create_connect_args(url)
    assert ask(None, "select 1", **arguments) == 1


def test_it_is_utf8_and_sorts_the_same_everywhere(server: Server) -> None:
    found = ask(
        server.dsn(),
        "select concat_ws(' ', datlocprovider, datlocale, datcollate, pg_encoding_to_char(encoding)"
        ") from pg_database where datname = 'postgres'",
    )
    assert found == "b C.UTF-8 C UTF8"


@pytest.mark.parametrize(("setting", "value"), [("listen_addresses", ""), *QUICK.items()])
def test_its_settings(server: Server, setting: str, value: str) -> None:
    assert ask(server.dsn(), f"show {setting}") == value


def test_no_password_no_entry(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PGPASSWORD", raising=False)
    with pytest.raises(asyncpg.InvalidPasswordError):
        ask(f"postgresql://postgres@/postgres?host={server.socket_dir}&port=5432", passfile="/none")


def test_wrong_password_no_entry(server: Server) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        ask(server.dsn(password="wrong"))


def test_the_password_is_its_owners_alone(server: Server, temporary: Path) -> None:
    file = temporary / "shared" / "password"
    assert (stat.S_IMODE(file.stat().st_mode), file.read_text()) == (0o600, server.password)


@pytest.mark.parametrize("part", ["cluster", "socket", "log", "locks"])
def test_folders_are_closed_to_others(server: Server, temporary: Path, part: str) -> None:
    assert stat.S_IMODE((temporary / "shared" / part).stat().st_mode) == 0o700


def test_the_password_is_not_in_its_repr(server: Server) -> None:
    assert server.password not in repr(server)


def test_another_role_never_gets_the_superusers_password(server: Server) -> None:
    assert server.password not in server.dsn(user="someone")


@given(
    *[st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)] * 3
)
def test_any_name_survives_the_address(
    server: Server, database: str, user: str, password: str
) -> None:
    url = make_url(server.dsn(database, user, password))
    assert (url.database, url.username, url.password) == (database, user, password)


def test_a_second_start_joins(data: Path, opened: Callable[[Path], Server]) -> None:
    assert ask(opened(data).dsn()) == ask(opened(data).dsn())


def test_starts_at_the_same_moment_start_one(fresh: Path, opened: Callable[[Path], Server]) -> None:
    with ThreadPoolExecutor(3) as pool:
        found = [one.result() for one in [pool.submit(opened, fresh) for _ in range(3)]]
    assert len({ask(one.dsn()) for one in found}) == 1


def test_it_stops_after_the_last_close(data: Path, opened: Callable[[Path], Server]) -> None:
    opened(data).close()
    until(lambda: stopped(data))


def test_closing_again_does_nothing(data: Path, opened: Callable[[Path], Server]) -> None:
    first, second = opened(data), opened(data)
    first.close()
    first.close()
    assert ask(second.dsn(), "select 1") == 1


@pytest.mark.parametrize("language", ["tr_TR.UTF-8", "POSIX"])
def test_it_stops_when_the_last_user_is_killed(data: Path, language: str) -> None:
    kill_user(user_process(data, LANG=language, LC_ALL=language))
    until(lambda: stopped(data))


def test_it_outlives_one_killed_user(data: Path, opened: Callable[[Path], Server]) -> None:
    killed, ours = user_process(data), opened(data)
    kill_user(killed)
    assert ask(ours.dsn(), "select 1") == 1


def test_it_stops_though_its_first_reaper_was_killed(
    data: Path, opened: Callable[[Path], Server]
) -> None:
    first = opened(data)
    reapers_of(data)[0].kill()
    until(lambda: not reapers_of(data))
    opened(data).close()
    first.close()
    until(lambda: stopped(data))


def test_what_was_committed_survives_a_killed_server(
    data: Path, opened: Callable[[Path], Server]
) -> None:
    ask(opened(data).dsn(), "create table kept as select 7 as seven")
    kill_postgres(data)
    assert ask(opened(data).dsn(), "select seven from kept") == 7


def test_a_pid_that_now_is_another_process_does_not_matter(
    data: Path, opened: Callable[[Path], Server], bystander: int
) -> None:
    opened(data)
    kill_postgres(data)
    for file in (data / "cluster" / "postmaster.pid", data / "socket" / ".s.PGSQL.5432.lock"):
        file.write_text("\n".join([str(bystander), *file.read_text().splitlines()[1:], ""]))
    assert ask(opened(data).dsn(), "select 1") == 1


def test_an_empty_pid_file_does_not_matter(data: Path, opened: Callable[[Path], Server]) -> None:
    (data / "cluster" / "postmaster.pid").touch()
    assert ask(opened(data).dsn(), "select 1") == 1


def test_a_half_made_database_is_made_anew(fresh: Path, opened: Callable[[Path], Server]) -> None:
    fresh.mkdir(mode=0o700)
    (fresh / "cluster.new" / "base").mkdir(parents=True)
    assert ask(opened(fresh).dsn(), "select 1") == 1


def test_a_long_path_works(fresh: Path, opened: Callable[[Path], Server]) -> None:
    server = opened(fresh / ("long" * 30) / "data, too")
    found = ask(server.dsn(), "select 1")
    server.close()
    until(lambda: stopped(fresh / ("long" * 30) / "data, too"))
    server.socket_dir.rmdir()
    assert found == 1
