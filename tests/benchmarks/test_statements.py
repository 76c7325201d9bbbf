"""How many statements each hot path sends: at most three for a read, three for a submission.

Counted is what the driver was given; entering the caller and the last words (audit, events,
commit) are one round trip each and stand apart.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest

from app.core import database
from app.core.clock import now
from app.core.ids import new_id
from app.homework.attention_notices import AttentionNotice
from app.main import create_app
from app.operation.house import House
from app.settings import Settings
from tests.cast import Cast, Clients, Person
from tests.homework.scenes import EXERCISE, assign, slot, submission, submit

Sent = list[str]
Asked = Callable[[Person], httpx.AsyncClient]


@pytest.fixture
def sent() -> Sent:
    """The statements sent so far, oldest first."""
    return []


@pytest.fixture
async def watched(
    settings: Settings, house: House, application_dsn: str, sent: Sent
) -> AsyncIterator[Asked]:
    """HTTP clients of the application, over a pool whose statements are written down."""

    async def prepare(connection: Any) -> None:
        await database._prepare(connection)
        connection.add_query_logger(lambda logged: sent.append(logged.query))

    pool = await database.open_pool(application_dsn, size=2, name="watched", prepare=prepare)
    app = create_app(settings)
    app.state.house = replace(house, pool=pool)
    made = Clients(app)
    yield lambda person: made.new(Authorization=f"Bearer {person.token}")
    await made.aclose()
    await pool.close()


async def counted(sent: Sent, ask: Callable[[], Awaitable[httpx.Response]]) -> int:
    """The statements of the second of two requests: the first brings keys and forms into use."""
    for _ in range(2):
        sent.clear()
        answer = await ask()
        assert answer.status_code in (200, 201), answer.text
    assert sent[0].startswith("begin; ")
    assert sent[-1].endswith("commit")
    return len(sent) - 2


async def test_today_is_three(harbour: Cast, watched: Asked, sent: Sent) -> None:
    await assign(harbour)
    await assign(harbour, agreed=False)
    http = watched(harbour.cleo)
    assert await counted(sent, lambda: http.get("/v1/me/today?zone=Europe/Berlin")) == 3


@pytest.mark.parametrize("rows", [1, 4])
async def test_a_page_of_assignments_is_one(
    harbour: Cast, watched: Asked, sent: Sent, rows: int
) -> None:
    for _ in range(rows):
        await assign(harbour)
    http, path = watched(harbour.thea), f"/v1/clients/{harbour.client_ids['cleo']}/assignments"
    assert await counted(sent, lambda: http.get(path)) == 1


@pytest.mark.parametrize("name", ["thea", "ana"])
async def test_the_caseload_is_one(harbour: Cast, watched: Asked, sent: Sent, name: str) -> None:
    http = watched(harbour.people[name])
    assert await counted(sent, lambda: http.get("/v1/clients")) == 1


async def test_a_note_is_one(harbour: Cast, watched: Asked, sent: Sent) -> None:
    made = await harbour.thea.http.post(
        f"/v1/clients/{harbour.client_ids['cleo']}/notes", json={"format": "SOAP"}
    )
    http = watched(harbour.thea)
    assert await counted(sent, lambda: http.get(f"/v1/notes/{made.json()['id']}")) == 1


async def test_a_submission_is_three(harbour: Cast, watched: Asked, sent: Sent) -> None:
    for _ in range(2):
        await assign(harbour)
    today = await harbour.cleo.http.get("/v1/me/today?zone=Europe/Berlin")
    slots = iter(today.json()["open"])
    http = watched(harbour.cleo)

    def ask() -> Awaitable[httpx.Response]:
        path = f"/v1/me/occurrences/{next(slots)['id']}/submissions"
        return http.post(path, json=submission(f"key-{new_id()}"))

    assert await counted(sent, ask) == 3


async def test_a_submission_that_ends_a_draft_is_three(
    harbour: Cast, watched: Asked, sent: Sent
) -> None:
    for _ in range(2):
        await assign(harbour)
    today = await harbour.cleo.http.get("/v1/me/today?zone=Europe/Berlin")
    slots = iter([one["id"] for one in today.json()["open"]])
    http = watched(harbour.cleo)
    body = {"exercise_version_id": str(EXERCISE.version.id)}

    async def ask() -> httpx.Response:
        url = f"/v1/me/occurrences/{next(slots)}"
        await http.put(f"{url}/draft", json=body, headers={"If-None-Match": "*"})
        sent.clear()
        return await http.post(f"{url}/submissions", json=submission(f"key-{new_id()}"))

    assert await counted(sent, ask) == 3


async def test_an_edit_is_three(harbour: Cast, watched: Asked, sent: Sent) -> None:
    done, versions = await submit(harbour), iter((1, 2))
    http, url = watched(harbour.cleo), f"/v1/me/submissions/{done['submission_id']}"

    def ask() -> Awaitable[httpx.Response]:
        headers = {"If-Match": f'"v{next(versions)}"'}
        return http.put(url, json=submission(f"key-{new_id()}"), headers=headers)

    assert await counted(sent, ask) == 3


async def test_an_urgent_submission_is_four(harbour: Cast, watched: Asked, sent: Sent) -> None:
    for _ in range(2):
        await assign(harbour)
    today = await harbour.cleo.http.get("/v1/me/today?zone=Europe/Berlin")
    slots = iter(today.json()["open"])
    http = watched(harbour.cleo)

    def ask() -> Awaitable[httpx.Response]:
        path = f"/v1/me/occurrences/{next(slots)['id']}/submissions"
        return http.post(path, json=submission(f"key-{new_id()}", obstacles=["unsafe"]))

    assert await counted(sent, ask) == 4


async def test_a_submission_is_read_in_two_and_an_urgent_one_opened_in_three(
    harbour: Cast, watched: Asked, sent: Sent
) -> None:
    url = f"/v1/submissions/{(await submit(harbour, obstacles=['unsafe']))['submission_id']}"
    http = watched(harbour.thea)
    assert await counted(sent, lambda: http.get(url)) == 2
    await harbour.write(
        AttentionNotice,
        id=new_id(),
        client_id=harbour.client_ids["cleo"],
        submission_id=url[-36:],
        subject_id=url[-36:],
        user_id=harbour.thea.user_id,
        why="treating",
        reasons=["unsafe"],
        client_name="Cleo",
        due_at=now(),
    )
    statements = []
    for _ in range(2):
        sent.clear()
        await http.get(url)
        statements.append(len(sent) - 2)
    assert statements == [3, 2]


async def test_a_draft_is_saved_in_three_and_read_in_two(
    harbour: Cast, watched: Asked, sent: Sent
) -> None:
    await assign(harbour)
    where = (await slot(harbour.cleo))["id"]
    http, url = watched(harbour.cleo), f"/v1/me/occurrences/{where}/draft"
    body = {"exercise_version_id": str(EXERCISE.version.id)}
    await http.put(url, json=body, headers={"If-None-Match": "*"})
    versions = iter((1, 2))

    def save() -> Awaitable[httpx.Response]:
        return http.put(url, json=body, headers={"If-Match": f'"v{next(versions)}"'})

    assert await counted(sent, save) == 3
    assert await counted(sent, lambda: http.get(url)) == 2


async def test_a_device_with_nothing_to_say_and_to_hear_is_two(
    harbour: Cast, watched: Asked, sent: Sent
) -> None:
    http, asked = watched(harbour.cleo), batch(harbour)
    assert await counted(sent, lambda: http.post("/v1/me/sync", json=asked)) == 2


async def test_an_item_of_a_device_is_three_and_its_savepoint(
    harbour: Cast, watched: Asked, sent: Sent
) -> None:
    assignment = (await assign(harbour))["id"]
    http = watched(harbour.cleo)

    def ask(many: int) -> Callable[[], Awaitable[httpx.Response]]:
        def fresh() -> list[dict[str, Any]]:
            return [repeated(f"key-{new_id()}", assignment) for _ in range(many)]

        return lambda: http.post("/v1/me/sync", json=batch(harbour, *fresh()))

    one, five = await counted(sent, ask(1)), await counted(sent, ask(5))
    assert five - one == 4 * (3 + len(("savepoint", "release")))


def batch(cast: Cast, *items: dict[str, Any]) -> dict[str, Any]:
    return {
        "client_id": cast.client_ids["cleo"],
        "zone": "Europe/Berlin",
        "sent_at": now().isoformat(),
        "items": list(items),
    }


def repeated(key: str, assignment_id: str) -> dict[str, Any]:
    body = submission(key)
    said = {name: body[name] for name in body if name not in ("client_key", "zone")}
    about = {"kind": "submission_extra", "client_key": key, "about_id": assignment_id}
    return about | {"body": said}
