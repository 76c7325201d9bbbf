"""A client's draft: one for each slot, theirs alone, and never overwritten unseen."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import pytest

from app.core import embedded
from app.core.statements import Query
from app.homework.models import Occurrence
from tests.cast import Cast
from tests.homework.scenes import EXERCISE, assign, slot, submission

Left = Callable[[str], Awaitable[str]]
FIRST = {"If-None-Match": "*"}


@pytest.fixture
async def left(server: embedded.Server, database: str, harbour: Cast) -> Left:
    """All that a table holds of the practice, as text."""

    async def found(table: str) -> str:
        admin = await asyncpg.connect(server.dsn(database))
        try:
            rows = await admin.fetch(
                f"select t::text from {table} t where practice_id = $1", harbour.practice_id
            )
        finally:
            await admin.close()
        return "\n".join(row[0] for row in rows)

    return found


def draft(**other: Any) -> dict[str, Any]:
    return {
        "exercise_version_id": str(EXERCISE.version.id),
        "answers": {"age": "nearly nine", "what_happened": "The swing"},
    } | other


async def url_of(cast: Cast, client: str = "cleo") -> str:
    await assign(cast, client)
    return f"/v1/me/occurrences/{(await slot(cast.people[client]))['id']}/draft"


async def begun(cast: Cast, client: str = "cleo") -> str:
    url = await url_of(cast, client)
    made = await cast.people[client].http.put(url, json=draft(), headers=FIRST)
    assert made.status_code == 201, made.text
    return url


def seen(version: int) -> dict[str, str]:
    return {"If-Match": f'"v{version}"'}


async def row_of(cast: Cast, url: str) -> dict[str, Any]:
    work, transaction = cast.job()
    async with transaction:
        rows = await work.rows(Query(Occurrence.__table__.select()))
    return next(row for row in rows if row["id"] == url.split("/")[4])


async def test_what_was_put_comes_back_unchecked(harbour: Cast) -> None:
    url = await begun(harbour)
    read = await harbour.cleo.http.get(url)
    assert read.json()["answers"] == {"age": "nearly nine", "what_happened": "The swing"}
    assert (read.headers["etag"], read.json()["outcome"]) == ('"v1"', None)


async def test_it_is_saved_over_the_version_that_was_seen(harbour: Cast) -> None:
    url = await begun(harbour)
    said = draft(outcome="partial", engagement={"difficulty": 3}, obstacles=["too_busy"])
    saved = await harbour.cleo.http.put(url, json=said, headers=seen(1))
    assert (saved.status_code, saved.json()["version"]) == (200, 2)
    assert (await harbour.cleo.http.get(url)).json() == saved.json()


async def test_another_device_is_told_the_current_version_and_what_to_do(harbour: Cast) -> None:
    url = await begun(harbour)
    await harbour.cleo.http.put(url, json=draft(), headers=seen(1))
    for headers in (FIRST, seen(1)):
        refused = await harbour.cleo.http.put(url, json=draft(), headers=headers)
        assert (refused.status_code, refused.json()["current_version"]) == (412, 2)
        assert "bring both together" in refused.json()["detail"]
        assert refused.headers["etag"] == '"v2"'


async def test_without_a_version_it_is_428(harbour: Cast) -> None:
    url = await url_of(harbour)
    assert (await harbour.cleo.http.put(url, json=draft())).status_code == 428


async def test_there_is_none_to_go_on_with(harbour: Cast) -> None:
    url = await url_of(harbour)
    refused = await harbour.cleo.http.put(url, json=draft(), headers=seen(1))
    assert (refused.status_code, "Begin one" in refused.json()["detail"]) == (412, True)


async def test_deleted_is_gone_and_the_next_one_has_no_old_version(harbour: Cast) -> None:
    url = await begun(harbour)
    unsaid = await harbour.cleo.http.delete(url)
    assert (unsaid.status_code, "begin" in unsaid.json()["detail"]) == (428, False)
    assert (await harbour.cleo.http.delete(url, headers=seen(1))).status_code == 204
    assert (await harbour.cleo.http.get(url)).status_code == 404
    assert (await harbour.cleo.http.delete(url, headers=seen(1))).status_code == 404
    again = await harbour.cleo.http.put(url, json=draft(), headers=FIRST)
    assert (again.status_code, again.json()["version"]) == (201, 2)


async def test_the_slot_knows_of_it_and_its_version_does_not_move(harbour: Cast) -> None:
    url = await url_of(harbour)
    before = await row_of(harbour, url)
    await harbour.cleo.http.put(url, json=draft(), headers=FIRST)
    drafted = await row_of(harbour, url)
    await harbour.cleo.http.delete(url, headers=seen(1))
    assert (before["drafted_at"], bool(drafted["drafted_at"])) == (None, True)
    assert (await row_of(harbour, url))["drafted_at"] is None
    assert (drafted["version"], drafted["changed_at"]) == (before["version"], before["changed_at"])


async def test_it_ends_when_it_is_sent_and_may_begin_again_after(harbour: Cast) -> None:
    url = await begun(harbour)
    sent = await harbour.cleo.http.post(url.replace("draft", "submissions"), json=submission())
    assert sent.status_code == 201, sent.text
    assert (await harbour.cleo.http.get(url)).status_code == 404
    assert (await row_of(harbour, url))["drafted_at"] is None
    again = await harbour.cleo.http.put(url, json=draft(), headers=FIRST)
    assert (again.status_code, again.json()["version"]) == (201, 2)
    assert (await row_of(harbour, url))["status"] == "submitted"


async def test_the_same_submission_again_leaves_the_next_draft_alone(harbour: Cast) -> None:
    url = await begun(harbour)
    path, body = url.replace("draft", "submissions"), submission()
    await harbour.cleo.http.post(path, json=body)
    await harbour.cleo.http.put(url, json=draft(), headers=FIRST)
    assert (await harbour.cleo.http.post(path, json=body)).status_code == 200
    assert (await harbour.cleo.http.get(url)).status_code == 200


async def test_a_guardian_has_no_part_in_it(harbour: Cast) -> None:
    url = await begun(harbour, "kit")
    for answer in (
        await harbour.greta.http.get(url),
        await harbour.greta.http.put(url, json=draft(), headers=seen(1)),
        await harbour.greta.http.delete(url, headers=seen(1)),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "access.role")


async def test_what_a_guardian_sends_leaves_the_clients_draft(harbour: Cast) -> None:
    url = await begun(harbour, "kit")
    sent = await harbour.greta.http.post(url.replace("draft", "submissions"), json=submission())
    assert sent.status_code == 201, sent.text
    assert (await harbour.kit.http.get(url)).json()["version"] == 1
    assert (await row_of(harbour, url))["drafted_at"] is not None


async def test_another_exercises_version_is_refused(harbour: Cast) -> None:
    url = await url_of(harbour)
    other = (await harbour.thea.http.get("/v1/exercises")).json()["items"]
    version_id = next(one["exercise_version_id"] for one in other if one["id"] != str(EXERCISE.id))
    body = draft(exercise_version_id=version_id)
    refused = await harbour.cleo.http.put(url, json=body, headers=FIRST)
    assert refused.json()["errors"][0]["pointer"] == "/exercise_version_id"


async def test_it_leaves_no_event_no_audit_row_and_no_key(harbour: Cast, left: Left) -> None:
    url = await url_of(harbour)
    tables = ("events", "audit_events", "idempotency_keys")
    before = [await left(table) for table in tables]
    keyed = FIRST | {"Idempotency-Key": "a-key-of-mine"}
    await harbour.cleo.http.put(url, json=draft(), headers=keyed)
    await harbour.cleo.http.get(url)
    await harbour.cleo.http.delete(url, headers=seen(1))
    assert [await left(table) for table in tables] == before


async def test_it_is_sealed_under_the_clients_own_key(harbour: Cast, left: Left) -> None:
    await begun(harbour)
    assert ",private," in await left("client_keys")
    assert "swing" not in await left("drafts")


async def test_no_staff_door_says_that_one_is_there(harbour: Cast) -> None:
    made = await assign(harbour)
    paths = (
        f"/v1/assignments/{made['id']}",
        f"/v1/clients/{harbour.client_ids['cleo']}/assignments",
        f"/v1/clients/{harbour.client_ids['cleo']}/submissions",
    )
    before = [(await harbour.thea.http.get(path)).text for path in paths]
    url = f"/v1/me/occurrences/{(await slot(harbour.cleo))['id']}/draft"
    await harbour.cleo.http.put(url, json=draft(), headers=FIRST)
    assert [(await harbour.thea.http.get(path)).text for path in paths] == before


async def test_twenty_devices_begin_and_one_of_them_does(harbour: Cast) -> None:
    url = await url_of(harbour)
    answers = await asyncio.gather(
        *(
            harbour.cleo.http.put(url, json=draft(answers={"age": n}), headers=FIRST)
            for n in range(20)
        )
    )
    assert sorted(one.status_code for one in answers) == [201] + [412] * 19
    won = next(one for one in answers if one.status_code == 201)
    assert (await harbour.cleo.http.get(url)).json() == won.json()
