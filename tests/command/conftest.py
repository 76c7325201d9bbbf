"""Praxis as its users run it: commands, in this process or as processes of their own."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil  # type: ignore[import-untyped]
import pytest
from typer.testing import CliRunner

from app.cli import app
from app.core import logs
from app.core.embedded_reaper import processes

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No setting of whoever runs the tests, and no log lines after a test."""
    for name in list(os.environ):
        if name.startswith("PRAXIS_") or name == "DATABASE_URL":
            monkeypatch.delenv(name)
    yield
    logs.silence()


@pytest.fixture
def development(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing but a database is set up, as on a developer's machine."""
    monkeypatch.setenv("PRAXIS_ENVIRONMENT", "development")


def _words(process: Any) -> list[str]:
    """A process's command line; none when it ends while it is looked at."""
    try:
        words: list[str] = process.cmdline()
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return []
    return words


@pytest.fixture(scope="module")
def temporary() -> Iterator[Path]:
    """A folder the server's account may pass through, which pytest's own is not."""
    folder = Path(tempfile.mkdtemp()).resolve()
    folder.chmod(0o711)
    yield folder
    until(lambda: all(stopped(one) for one in folder.iterdir()))
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def data(temporary: Path) -> Path:
    """One data folder for a module's tests; whoever comes first makes it."""
    return temporary / "data"


@dataclass
class Said:
    """What a command said, and how it ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def praxis() -> Callable[..., Said]:
    """Runs a command in this process."""

    def run(*words: object, typed: str | None = None) -> Said:
        ended = CliRunner().invoke(app, [str(word) for word in words], input=typed)
        return Said(ended.exit_code, ended.stdout, ended.stderr)

    return run


class Up:
    """A running `praxis up` (or another command that serves), its output kept in files."""

    def __init__(
        self,
        folder: Path,
        *words: object,
        port: int | None = None,
        command: Sequence[str] = (sys.executable, "-m", "app.cli"),
        cwd: Path = REPOSITORY,
        **more: str,
    ) -> None:
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        name = f"{time.monotonic_ns()}"
        self._out, self._err = folder / f"{name}.out", folder / f"{name}.err"
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self.process = subprocess.Popen(
                [*command, *map(str, words), "--port", str(self.port)],
                cwd=cwd,
                env=os.environ | more,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
            )

    @property
    def out(self) -> str:
        return self._out.read_text()

    @property
    def err(self) -> str:
        return self._err.read_text()

    def ready(self) -> "Up":
        """Wait until it is ready."""
        until(lambda: self.process.poll() is not None or self._answers(), 60)
        assert self.process.poll() is None, self.err
        return self

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz").status_code == 200
        except httpx.TransportError:
            return False

    def workers(self) -> list[Any]:
        return [
            one for one in psutil.Process(self.process.pid).children() if "worker" in _words(one)
        ]

    def ask_to_end(self, signum: int = signal.SIGTERM) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signum)

    def end(self, signum: int = signal.SIGTERM) -> int:
        """Send a signal and wait for the end; the exit code."""
        self.ask_to_end(signum)
        return self.process.wait(40)


@pytest.fixture(scope="module")
def start(temporary: Path) -> Iterator[Callable[..., Up]]:
    """Starts processes, which are ended when the module's tests are over."""
    folder = temporary / "said"
    folder.mkdir()
    started: list[Up] = []

    def one(*words: object, **more: Any) -> Up:
        started.append(Up(folder, *words, **more))
        return started[-1]

    yield one
    for up in started:
        up.ask_to_end()
    for up in started:
        up.end()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def stopped(data: Path) -> bool:
    cluster = data / "cluster"
    return not cluster.exists() or not any(processes(cluster))


def until(true: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.05)
