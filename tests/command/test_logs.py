"""What people write never reaches a log line, whatever becomes of their request."""

import dataclasses
import logging
from collections.abc import Callable

import httpx
import orjson
import pytest
import structlog

from app.core import logs
from app.main import create_app
from app.operation.house import House
from tests.cast import Cast

CANARY = "Wellensittich"
CANCELLED = "Cancel %s running task(s), timeout graceful shutdown exceeded"

Lines = Callable[[], list[dict[str, object]]]


@pytest.fixture
def lines(capfdbinary: pytest.CaptureFixture[bytes]) -> Lines:
    """The log lines written since the last call; fails when one holds the canary."""
    logs.configure(logging.DEBUG)

    def read() -> list[dict[str, object]]:
        out, err = capfdbinary.readouterr()
        assert CANARY.lower().encode() not in (out + err).lower()
        return [orjson.loads(line) for line in err.splitlines()]

    return read


@pytest.fixture
async def caller(harbour: Cast) -> httpx.AsyncClient:
    """Thea, who puts the canary into every header she may."""
    http = harbour.thea.http
    http.headers.update({"User-Agent": CANARY, "X-Request-Id": CANARY, "Acting-For": CANARY})
    return http


async def test_a_request_leaves_its_template(
    lines: Lines, caller: httpx.AsyncClient, harbour: Cast
) -> None:
    answer = await caller.get(f"/v1/clients/{harbour.client_ids['cleo']}/goals")
    (line,) = lines()
    assert line["route"] == "/v1/clients/{client_id}/goals"
    assert (line["operation"], line["status"], line["method"]) == ("list_goals", 200, "GET")
    assert line["request_id"] == answer.headers["x-request-id"]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        (f"/v1/goals/{CANARY}", None, 422),
        (f"/v1/auth/me?{CANARY}={CANARY}", None, 400),
        (f"/{CANARY}/{CANARY}?q={CANARY}", None, 404),
        ("/v1/auth/sign-in", {"email": f"{CANARY}@example.org", "password": CANARY}, 401),
        ("/v1/auth/sign-in", {CANARY: CANARY}, 422),
    ],
)
async def test_refusals_leave_none_of_it(
    lines: Lines, caller: httpx.AsyncClient, path: str, body: object, status: int
) -> None:
    answer = await caller.request("POST" if body else "GET", path, json=body)
    assert answer.status_code == status
    (line,) = lines()
    assert line["status"] == status
    assert line["code"] == answer.json()["code"]


async def test_line_of_a_request_names_practice_and_actor_by_their_ids(
    lines: Lines, harbour: Cast
) -> None:
    answer = await harbour.abe.http.get(f"/v1/clients/{harbour.client_ids['cleo']}/goals")
    (line,) = lines()
    assert answer.status_code == 403
    assert (line["practice_id"], line["actor_id"]) == (harbour.practice_id, harbour.abe.user_id)
    assert line["code"] == "access.role"


async def test_line_of_a_stranger_names_nobody(lines: Lines, harbour: Cast) -> None:
    await harbour.clients.new(Authorization=f"Bearer {CANARY}").get("/v1/goals")
    (line,) = lines()
    assert not {"practice_id", "actor_id"} & line.keys()


async def test_a_fault_leaves_its_place_only(lines: Lines, house: House) -> None:
    app = create_app(house.settings)
    # A house that cannot work: whatever touches its tokens ends in a fault.
    app.state.house = dataclasses.replace(house, tokens=None)  # type: ignore[arg-type]
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://praxis.test") as http:
        answer = await http.get(
            f"/v1/auth/me?{CANARY}", headers={"Authorization": f"Bearer {CANARY}"}
        )
    fault, request = lines()
    assert (answer.status_code, fault["kind"], request["status"]) == (500, "AttributeError", 500)
    assert any("frame.py" in str(frame) for frame in fault["frames"])  # type: ignore[attr-defined]


def test_only_listed_fields_are_written(lines: Lines) -> None:
    structlog.get_logger("praxis.test").info("happened", count=3, email=CANARY, name=CANARY)
    (line,) = lines()
    assert set(line) == {"at", "level", "logger", "event", "count"}


def test_a_failure_leaves_its_kind(lines: Lines) -> None:
    try:
        raise ValueError(CANARY)
    except ValueError:
        structlog.get_logger("praxis.test").exception("happened")
    assert lines()[0]["kind"] == "ValueError"


@pytest.mark.parametrize("name", ["uvicorn.error", "asyncpg", "pgqueuer", "py.warnings"])
def test_of_a_librarys_line_its_place_is_left(lines: Lines, name: str) -> None:
    logging.getLogger(name).error(f"what {CANARY} did: %s", CANARY)
    (line,) = lines()
    assert str(line["place"]).startswith("test_logs:")


def test_a_librarys_failure_leaves_no_words(lines: Lines) -> None:
    try:
        raise KeyError(CANARY)
    except KeyError:
        logging.getLogger("asyncio").exception("Task exception: %r", CANARY)
    assert lines()[0]["kind"] == "KeyError"


def test_a_plain_line_of_a_library_is_kept(lines: Lines) -> None:
    logging.getLogger("uvicorn.error").info("Shutting down")
    assert lines()[0]["event"] == "Shutting down"


def test_plain_line_of_a_library_has_its_numbers_put_in(lines: Lines) -> None:
    logging.getLogger("uvicorn.error").info("Started server process [%d]", 4711)
    logging.getLogger("uvicorn.error").info(CANCELLED, CANARY)
    assert [line["event"] for line in lines()] == [
        "Started server process [4711]",
        CANCELLED,
    ]
