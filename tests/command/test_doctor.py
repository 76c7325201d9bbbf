"""`praxis doctor`: all is well, or it says what is not and how to mend it."""

import asyncio
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from app.core import embedded
from app.vault import keyfile
from tests.command.conftest import Said

Praxis = Callable[..., Said]
PRACTICE = (
    *("--name", "Harbour", "--zone", "Europe/Berlin", "--country", "DE"),
    *("--crisis-line", "Telefonseelsorge=0800 1110111"),
    *("--owner-name", "Ana", "--email", "ana@example.org", "--treats"),
)


@pytest.fixture(scope="module")
def server(data: Path) -> Iterator[embedded.Server]:
    """The folder's server, kept running between the commands that use it."""
    running = embedded.start(data)
    yield running
    running.close()


@pytest.fixture
def installed(server: embedded.Server, data: Path, praxis: Praxis, tmp_path: Path) -> Path:
    """The data folder, migrated, with a practice in it."""
    if not (data / "keys").exists():
        (tmp_path / "password").write_text("seven kettles on a windowsill\n")
        secret = ("--password-file", tmp_path / "password")
        assert praxis("create-practice", *PRACTICE, *secret, "--data", data).code == 0
    return data


@contextmanager
def changed(server: embedded.Server, forth: str, back: str) -> Iterator[None]:
    ask(server, forth)
    yield
    ask(server, back)


def ask(server: embedded.Server, statement: str) -> Any:
    async def once() -> Any:
        connection = await asyncpg.connect(server.dsn("praxis"))
        try:
            return await connection.execute(statement)
        finally:
            await connection.close()

    return asyncio.run(once())


def test_all_is_well(installed: Path, praxis: Praxis) -> None:
    said = praxis("doctor", "--data", installed)
    assert (said.code, said.out.count("well"), "mend" in said.out) == (0, 9, False)


@pytest.mark.parametrize(
    ("forth", "back", "words"),
    [
        (
            "alter role praxis_worker bypassrls",
            "alter role praxis_worker nobypassrls",
            "alter role praxis_worker nosuperuser nobypassrls",
        ),
        (
            "alter table goals no force row level security",
            "alter table goals force row level security",
            "alter table goals enable row level security, force row level security",
        ),
        (
            "update alembic_version set version_num = 'later'",
            "update alembic_version set version_num = '0001'",
            "older than the database",
        ),
    ],
)
def test_what_is_not_well_is_named_with_its_remedy(
    installed: Path, server: embedded.Server, praxis: Praxis, forth: str, back: str, words: str
) -> None:
    with changed(server, forth, back):
        said = praxis("doctor", "--data", installed)
    assert said.code == 1
    assert words in said.out


@pytest.fixture
def replaced(installed: Path) -> Iterator[Path]:
    """The folder with other keys than those its data was sealed under."""
    keys, right = installed / "keys", installed / "keys.right"
    keys.rename(right)
    keyfile.load_or_create(keys)
    yield installed
    shutil.rmtree(keys)
    right.rename(keys)


def test_keys_that_are_not_the_right_ones_are_noticed(replaced: Path, praxis: Praxis) -> None:
    said = praxis("doctor", "--data", replaced)
    assert said.code == 1
    assert "Restore the key folder" in said.out


def test_nothing_starts_on_keys_that_are_not_the_right_ones(replaced: Path, praxis: Praxis) -> None:
    said = praxis("migrate", "--data", replaced)
    assert (said.code, "does not open" in said.err) == (2, True)


def test_keys_that_are_gone_are_not_made_anew(installed: Path, praxis: Praxis) -> None:
    (installed / "keys").rename(installed / "keys.away")
    said = praxis("migrate", "--data", installed)
    assert not (installed / "keys").exists()
    (installed / "keys.away").rename(installed / "keys")
    assert (said.code, "backup of the keys" in said.err) == (2, True)


def test_a_database_ahead_is_not_touched(
    installed: Path, server: embedded.Server, praxis: Praxis
) -> None:
    statement = "update alembic_version set version_num = '{}'"
    with changed(server, statement.format("later"), statement.format("0001")):
        said = praxis("migrate", "--data", installed)
    assert (said.code, "older than the database" in said.err) == (2, True)


@pytest.mark.usefixtures("development")
@pytest.mark.parametrize("command", ["serve", "worker"])
def test_a_database_without_tables_is_not_served(
    installed: Path,
    server: embedded.Server,
    praxis: Praxis,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
) -> None:
    monkeypatch.setenv("PRAXIS_APPLICATION_DATABASE_URL", server.dsn("postgres"))
    monkeypatch.setenv("PRAXIS_WORKER_DATABASE_URL", server.dsn("postgres"))
    monkeypatch.setenv("PRAXIS_DATA", str(installed))
    said = praxis(command)
    assert (said.code, "run `praxis migrate`" in said.err) == (2, True)


def test_a_folder_without_anything_is_left_alone(temporary: Path, praxis: Praxis) -> None:
    said = praxis("doctor", "--data", temporary / "nothing")
    assert said.code == 1
    assert not (temporary / "nothing").exists()


def test_settings_that_are_wrong_are_a_finding(
    praxis: Praxis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRAXIS_PORT", "0")
    said = praxis("doctor")
    assert (said.code, "PRAXIS_PORT" in said.out) == (1, True)
