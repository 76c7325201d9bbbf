"""`praxis up`, as a process of its own: started, stopped and killed in every way."""

import signal
import socket
from collections.abc import Callable
from pathlib import Path

import httpx
import psutil  # type: ignore[import-untyped]
import pytest

from tests.command.conftest import Said, Up, stopped, until

Start = Callable[..., Up]
Praxis = Callable[..., Said]


@pytest.fixture(scope="module")
def up(start: Start, data: Path) -> Up:
    """One that runs for the tests that only look at it."""
    return start("up", "--data", data).ready()


def test_it_says_where_to_go_next(up: Up, data: Path) -> None:
    until(lambda: "Ctrl-C" in up.out)
    places = (up.url, f"{up.url}/docs", str(data), str(data / "mail"), str(data / "keys"))
    assert all(place in up.out for place in places)


def test_it_serves_the_document(up: Up) -> None:
    assert httpx.get(f"{up.url}/openapi.json").json()["openapi"].startswith("3.1")


def test_keys_and_data_are_closed_to_others(up: Up, data: Path) -> None:
    modes = {path.name: path.stat().st_mode & 0o777 for path in (data / "keys").iterdir()}
    assert set(modes.values()) == {0o600}
    assert (data / "keys").stat().st_mode & 0o777 == 0o700


def test_a_second_one_on_the_folder_is_told_who_has_it(up: Up, data: Path, praxis: Praxis) -> None:
    said = praxis("up", "--data", data, "--port", up.port)
    assert said.code == 2
    assert f"running on {data} already (process {up.process.pid}, at {up.url})" in said.err


def test_a_taken_port_is_named_and_another_offered(up: Up, temporary: Path, praxis: Praxis) -> None:
    said = praxis("up", "--data", temporary / "other", "--port", up.port)
    assert said.code == 2
    assert f"Port {up.port} on 127.0.0.1 is taken by another program" in said.err
    assert "such as --port" in said.err


def test_a_practice_is_made_while_it_runs(
    up: Up, data: Path, praxis: Praxis, tmp_path: Path
) -> None:
    secret = tmp_path / "password"
    secret.write_text("seven kettles on a windowsill\n")
    words = ("--name", "Harbour", "--zone", "Europe/Berlin", "--country", "DE")
    owner = ("--owner-name", "Ana", "--email", "ana@example.org", "--password-file", secret)
    line = ("--crisis-line", "Telefonseelsorge=0800 1110111")
    made = praxis("create-practice", *words, *owner, *line, "--data", data)
    assert made.code == 0, made.err
    signed_in = httpx.post(
        f"{up.url}/v1/auth/sign-in",
        json={"email": "ana@example.org", "password": "seven kettles on a windowsill"},
    )
    assert signed_in.json()["context"]["practice_name"] == "Harbour"


def test_a_killed_worker_is_started_again(up: Up) -> None:
    until(lambda: len(up.workers()) == 1)
    killed = up.workers()[0]
    killed.kill()
    until(lambda: [one.pid for one in up.workers()] not in ([], [killed.pid]))


def test_a_killed_database_is_started_again(up: Up, data: Path) -> None:
    before = int((data / "cluster" / "postmaster.pid").read_text().split()[0])
    psutil.Process(before).kill()
    until(lambda: psutil.pid_exists(before) is False or stopped(data))
    up.ready()
    after = int((data / "cluster" / "postmaster.pid").read_text().split()[0])
    assert after != before


def test_killed_it_leaves_nothing_running_and_starts_again(start: Start, temporary: Path) -> None:
    data = temporary / "killed"
    first = start("up", "--data", data).ready()
    until(lambda: len(first.workers()) == 1)
    worker = first.workers()[0]
    first.end(signal.SIGKILL)
    until(lambda: not worker.is_running() or worker.status() == psutil.STATUS_ZOMBIE)
    until(lambda: stopped(data))
    assert start("up", "--data", data, port=first.port).ready().end(signal.SIGINT) == 0


def test_a_request_that_runs_is_finished_before_it_stops(start: Start, temporary: Path) -> None:
    up = start("up", "--data", temporary / "graceful").ready()
    body = b'{"refresh_token": "' + b"x" * 43 + b'"}'
    head = (
        f"POST /v1/auth/refresh HTTP/1.1\r\nHost: praxis\r\nContent-Length: {len(body)}\r\n"
        "Content-Type: application/json\r\nExpect: 100-continue\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", up.port), timeout=20) as caller:
        caller.sendall(head.encode())
        assert b"100 Continue" in caller.recv(4096)
        up.process.send_signal(signal.SIGTERM)
        until(lambda: "Shutting down" in up.err)
        caller.sendall(body)
        assert b"401 Unauthorized" in caller.recv(4096).splitlines()[0]
    assert up.end() == 0
    assert "Praxis has stopped." in up.out
