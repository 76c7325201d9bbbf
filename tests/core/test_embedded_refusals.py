"""Where the embedded PostgreSQL cannot run, one sentence says why and what to do next."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core import embedded_account
from app.core.embedded import EmbeddedError, start
from app.core.embedded_account import account

# Whom PostgreSQL runs as in these tests: root's servers run as an account of their own.
ACCOUNT = account(None, Path("/nowhere")).name if os.geteuid() == 0 else None
root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs it as others (2026-11-22)")


@pytest.fixture
def fresh() -> Iterator[Path]:
    """A data folder that does not exist yet, where the server's account may go."""
    folder = Path(tempfile.mkdtemp()).resolve()
    folder.chmod(0o711)
    yield folder / "data"
    shutil.rmtree(folder)


def pretend_cluster(data: Path, major: str) -> None:
    (data / "cluster").mkdir(parents=True)
    (data / "cluster" / "PG_VERSION").write_text(f"{major}\n")
    if ACCOUNT is not None:
        shutil.chown(data / "cluster", ACCOUNT)


def test_another_major_is_named(fresh: Path) -> None:
    pretend_cluster(fresh, "16")
    with pytest.raises(EmbeddedError, match=r"PostgreSQL 16.*dump it with that version"):
        start(fresh)


def test_a_lost_password_file_is_named(fresh: Path) -> None:
    pretend_cluster(fresh, "18")
    with pytest.raises(EmbeddedError, match=r"password is gone.*backup"):
        start(fresh)


def test_a_server_somebody_else_started_is_left_alone(fresh: Path) -> None:
    pretend_cluster(fresh, "18")
    (fresh / "password").write_text("secret")
    with subprocess.Popen(
        ["postgres", "60"], executable="/bin/sleep", cwd=fresh / "cluster"
    ) as one:
        (fresh / "cluster" / "postmaster.pid").write_text(f"{one.pid}\n")
        with pytest.raises(EmbeddedError, match=f"process {one.pid}, has the database.*open: stop"):
            start(fresh)
        one.kill()


def test_a_refused_setting_is_quoted_from_the_log(fresh: Path) -> None:
    with pytest.raises(EmbeddedError, match=r'(?s)--data.*parameter "no_such_setting"'):
        start(fresh, options={"no_such_setting": "on"})


def test_a_path_that_shells_would_read_is_refused(fresh: Path) -> None:
    with pytest.raises(EmbeddedError, match="--data"):
        start(fresh / "$(id)")


def test_a_file_in_the_way_is_named(fresh: Path) -> None:
    fresh.touch()
    with pytest.raises(EmbeddedError, match=f"File exists: {fresh}.*--data"):
        start(fresh)


@root_only
def test_a_folder_the_account_may_not_enter_is_named(fresh: Path) -> None:
    fresh.mkdir(mode=0o700)
    with pytest.raises(EmbeddedError, match=f"{ACCOUNT}, which may not enter {fresh}: .*--data"):
        start(fresh / "data")


@root_only
@pytest.mark.parametrize("name", ["root", "no-such-account"])
def test_an_account_it_cannot_run_as_is_named(fresh: Path, name: str) -> None:
    with pytest.raises(EmbeddedError, match=f"{name}.*DATABASE_URL"):
        start(fresh, run_as=name)


@root_only
def test_another_accounts_database_is_left_alone(fresh: Path) -> None:
    pretend_cluster(fresh, "18")
    with pytest.raises(EmbeddedError, match=f"belongs to {ACCOUNT}, not to daemon"):
        start(fresh, run_as="daemon")


@root_only
def test_root_leaves_another_persons_folder_alone(fresh: Path) -> None:
    fresh.mkdir()
    shutil.chown(fresh, "daemon")
    with pytest.raises(EmbeddedError, match="belongs to daemon: start Praxis as daemon"):
        start(fresh)


@root_only
def test_roots_postgres_runs_as_an_account_of_its_own(fresh: Path) -> None:
    assert account(None, fresh).name == embedded_account.OWN


@root_only
def test_a_database_made_as_nobody_stays_nobodys(fresh: Path) -> None:
    pretend_cluster(fresh, "18")
    shutil.chown(fresh / "cluster", "nobody")
    assert account(None, fresh).name == "nobody"


@root_only
def test_where_no_account_can_be_made_it_is_nobody(
    fresh: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A name that is there already, and is root's, cannot be made.
    monkeypatch.setattr(embedded_account, "OWN", "root")
    assert account(None, fresh).name == "nobody"
