"""Practice: any number of times, for homework or for none, stored once."""

import asyncio
from typing import Any

import httpx
import pytest

from app.core.clock import now
from tests.cast import Cast
from tests.homework.scenes import EXERCISE, assign, slot


def practice(key: str = "device-1-r001", **other: Any) -> dict[str, Any]:
    return {
        "client_key": key,
        "exercise_version_id": str(EXERCISE.version.id),
        "occurred_at": now().isoformat(),
        "zone": "Europe/Berlin",
    } | other


async def log(cast: Cast, **other: Any) -> httpx.Response:
    return await cast.cleo.http.post("/v1/me/repetitions", json=practice(**other))


async def test_practice_needs_no_homework(harbour: Cast) -> None:
    made = await log(harbour, times=12, minutes=5, note="On the bus.", distress_before=8,
                     distress_after=5)  # fmt: skip
    assert (made.status_code, made.json()["times"]) == (201, 12)
    assert made.json()["help"]["resources"][0]["phone"] == "116 123"
    read = await harbour.thea.http.get(f"/v1/repetitions/{made.json()['repetition_id']}")
    shown = {name: read.json()[name] for name in ("note", "distress_after", "episode_id")}
    assert shown == {
        "note": "On the bus.", "distress_after": 5, "episode_id": harbour.episode_ids["cleo"],
    }  # fmt: skip
    mine = await harbour.cleo.http.get(made.headers["location"])
    assert (mine.json()["title"], "needs_attention" in mine.json()) == (read.json()["title"], False)


async def test_it_belongs_to_the_homework_of_its_slot(harbour: Cast) -> None:
    made = await assign(harbour)
    where = (await slot(harbour.cleo))["id"]
    logged = await log(harbour, occurrence_id=where)
    assert (logged.json()["assignment_id"], logged.json()["occurrence_id"]) == (made["id"], where)


async def test_fifty_equal_ones_are_one(harbour: Cast) -> None:
    body = practice()
    answers = await asyncio.gather(
        *(harbour.cleo.http.post("/v1/me/repetitions", json=body) for _ in range(50))
    )
    assert sorted(one.status_code for one in answers) == [200] * 49 + [201]
    assert all(one.json() == answers[0].json() for one in answers)
    assert len((await harbour.cleo.http.get("/v1/me/repetitions")).json()["items"]) == 1


async def test_other_content_under_the_key_is_refused(harbour: Cast) -> None:
    await log(harbour)
    other = await log(harbour, times=2)
    assert (other.status_code, other.json()["code"]) == (422, "client_key.other_body")


@pytest.mark.parametrize("obstacle", ["unsafe", "felt_worse"])
async def test_what_worries_needs_attention(harbour: Cast, obstacle: str) -> None:
    made = await log(harbour, obstacles=["too_busy", obstacle])
    await log(harbour, client_key="device-1-r002")
    path = f"/v1/clients/{harbour.client_ids['cleo']}/repetitions"
    pressing = (await harbour.thea.http.get(path + "?only_attention=true")).json()["items"]
    assert [one["id"] for one in pressing] == [made.json()["repetition_id"]]
    assert len((await harbour.thea.http.get(path)).json()["items"]) == 2


@pytest.mark.parametrize("times", [0, 1001, 1.5, "3"])
async def test_it_is_done_once_to_a_thousand_times(harbour: Cast, times: object) -> None:
    assert (await log(harbour, times=times)).status_code == 422


async def test_what_is_not_the_clients_cannot_be_named(harbour: Cast) -> None:
    theirs = (await assign(harbour, "kit"))["id"]
    where = (await slot(harbour.kit))["id"]
    nowhere = "01890000-0000-7000-8000-000000000000"
    for field, value in (
        ("assignment_id", theirs),
        ("occurrence_id", where),
        ("exercise_version_id", nowhere),
    ):
        refused = await log(harbour, **{field: value})
        assert (refused.status_code, refused.json()["code"]) == (422, "homework.repetition")
        assert refused.json()["errors"][0]["pointer"] == f"/{field}"


async def test_a_slot_is_of_the_homework_it_is_named_with(harbour: Cast) -> None:
    await assign(harbour)
    where = (await slot(harbour.cleo))["id"]
    other = await assign(harbour)
    refused = await log(harbour, assignment_id=other["id"], occurrence_id=where)
    assert refused.json()["errors"][0]["pointer"] == "/occurrence_id"


async def test_a_clock_ten_years_off_is_no_reason_to_refuse(harbour: Cast) -> None:
    made = await log(harbour, occurred_at="2016-01-01T10:00:00Z", sent_at="2016-01-01T10:05:00Z")
    mine = await harbour.cleo.http.get(made.headers["location"])
    assert mine.json()["occurred_at"] == "2016-01-01T10:00:00Z"


async def test_a_guardian_logs_for_the_child(harbour: Cast) -> None:
    made = await harbour.greta.http.post("/v1/me/repetitions", json=practice())
    read = await harbour.thea.http.get(f"/v1/repetitions/{made.json()['repetition_id']}")
    assert read.json()["sent_by"] == "guardian"
