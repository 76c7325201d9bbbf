"""A device that was offline: each item by itself, each once, and what changed comes back."""

from datetime import timedelta
from typing import Any

import httpx

from app.core.clock import now
from tests.cast import Cast
from tests.homework.scenes import ANSWERS, EXERCISE, assign, slot

ZONE = "Europe/Berlin"


def done(key: str, where: str, **body: Any) -> dict[str, Any]:
    """One slot's work, as a device keeps it until it is online."""
    said = {
        "outcome": "completed",
        "answers": ANSWERS,
        "exercise_version_id": str(EXERCISE.version.id),
        "occurred_at": now().isoformat(),
    }
    return {"kind": "submission", "client_key": key, "about_id": where, "body": said | body}


async def sync(cast: Cast, *items: dict[str, Any], **other: Any) -> httpx.Response:
    asked = {
        "client_id": cast.client_ids["cleo"],
        "zone": ZONE,
        "sent_at": now().isoformat(),
        "items": list(items),
    }
    return await cast.cleo.http.post("/v1/me/sync", json=asked | other)


async def outcomes(cast: Cast, *items: dict[str, Any]) -> list[str]:
    answer = await sync(cast, *items)
    assert answer.status_code == 200, answer.text
    return [one["outcome"] for one in answer.json()["results"]]


async def test_an_item_is_stored_once_however_often_it_comes(harbour: Cast) -> None:
    await assign(harbour)
    item = done("device-a-1", (await slot(harbour.cleo))["id"])
    assert await outcomes(harbour, item, item) == ["stored", "duplicate"]
    assert await outcomes(harbour, item) == ["duplicate"]


async def test_an_unknown_field_refuses_its_item_alone(harbour: Cast) -> None:
    await assign(harbour)
    where = (await slot(harbour.cleo))["id"]
    wrong = done("device-a-1", where, colour="blue")
    answer = await sync(harbour, wrong, done("device-a-2", where))
    first, second = answer.json()["results"]
    assert (first["outcome"], second["outcome"]) == ("refused", "stored")
    assert first["problem"]["errors"][0]["pointer"] == "/items/0/body/colour"


async def test_an_item_that_is_no_item_is_refused_by_itself(harbour: Cast) -> None:
    await assign(harbour)
    where = (await slot(harbour.cleo))["id"]
    assert await outcomes(harbour, {"kind": 3}, done("device-a-1", where)) == ["refused", "stored"]


async def test_a_kind_nobody_knows_names_those_there_are(harbour: Cast) -> None:
    answer = await sync(harbour, {"kind": "horoscope", "client_key": "device-a-1"})
    assert "submission" in answer.json()["results"][0]["problem"]["detail"]


async def test_the_batch_of_another_client_stores_nothing(harbour: Cast) -> None:
    await assign(harbour)
    item = done("device-a-1", (await slot(harbour.cleo))["id"])
    answer = await sync(harbour, item, client_id=harbour.client_ids["carl"])
    assert (answer.status_code, answer.json()["code"]) == (409, "sync.other_client")
    assert await outcomes(harbour, item) == ["stored"]


async def test_a_key_nothing_was_stored_under_yet_waits(harbour: Cast) -> None:
    item = {"kind": "assignment_accept", "client_key": "device-a-1", "about_key": "device-b-77"}
    assert await outcomes(harbour, item) == ["again_later"]


async def test_a_change_of_what_was_changed_meanwhile_is_a_conflict(harbour: Cast) -> None:
    made = await assign(harbour, agreed=False)
    seen = {"about_id": made["id"], "base_version": made["version"] + 1}
    item = {"kind": "assignment_accept", "client_key": "device-a-1", **seen}
    answer = await sync(harbour, item)
    (result,) = answer.json()["results"]
    assert (result["outcome"], result["current_version"]) == ("conflict", made["version"])


async def test_a_change_without_the_version_seen_is_refused(harbour: Cast) -> None:
    made = await assign(harbour, agreed=False)
    item = {"kind": "assignment_accept", "client_key": "device-a-1", "about_id": made["id"]}
    answer = await sync(harbour, item)
    assert answer.json()["results"][0]["problem"]["code"] == "versions.required"


async def test_what_changed_comes_back_and_later_only_what_is_new(harbour: Cast) -> None:
    await assign(harbour)
    first = (await sync(harbour)).json()
    assert first["start_over"]
    assert {one["kind"] for one in first["changes"]} >= {"occurrence"}
    assert (await sync(harbour, cursor=first["cursor"])).json()["start_over"] is False


async def test_a_cursor_of_someone_else_is_refused(harbour: Cast) -> None:
    cursor = (await sync(harbour)).json()["cursor"]
    asked = {
        "client_id": harbour.client_ids["carl"],
        "zone": ZONE,
        "sent_at": now().isoformat(),
        "cursor": cursor,
    }
    answer = await harbour.carl.http.post("/v1/me/sync", json=asked)
    assert answer.json()["code"] == "paging.cursor"
    assert "send the same without a cursor" in answer.json()["detail"]


async def test_a_second_try_is_sent_later_and_says_the_same(harbour: Cast) -> None:
    await assign(harbour)
    item = done("device-a-1", (await slot(harbour.cleo))["id"])
    await sync(harbour, item)
    later = (now() + timedelta(hours=3)).isoformat()
    answer = await sync(harbour, item, sent_at=later)
    assert answer.json()["results"][0]["outcome"] == "duplicate"


async def test_a_guardian_without_the_scope_is_refused_what_it_opens(harbour: Cast) -> None:
    item = {"kind": "profile", "client_key": "device-g-1", "base_version": 1, "body": {}}
    asked = {
        "client_id": harbour.client_ids["kit"],
        "zone": ZONE,
        "sent_at": now().isoformat(),
        "items": [item],
    }
    acting = {"Acting-For": harbour.client_ids["kit"]}
    answer = await harbour.greta.http.post("/v1/me/sync", json=asked, headers=acting)
    assert answer.json()["results"][0]["problem"]["code"] == "access.scope"
