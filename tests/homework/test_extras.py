"""Work that no slot asked for, and work for slots that are over: it is stored, and right."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from app.core.clock import now
from app.homework.models import Assignment, Occurrence
from tests.cast import Cast
from tests.homework.scenes import assign, slot, submission


async def extra(cast: Cast, assignment_id: str, **other: Any) -> httpx.Response:
    body = submission(**other)
    return await cast.cleo.http.post(f"/v1/me/assignments/{assignment_id}/submissions", json=body)


async def put(cast: Cast, assignment_id: str, status: str) -> None:
    work, transaction = cast.job()
    async with transaction:
        await work.alter(Assignment, assignment_id, status=status)


async def test_it_makes_a_slot_of_its_own(harbour: Cast) -> None:
    made = await assign(harbour)
    done = await extra(harbour, made["id"], occurred_at="2026-10-03T23:30:00Z")
    assert (done.status_code, done.json()["in_window"]) == (201, True)
    found = await harbour.cleo.http.get(f"/v1/me/occurrences/{done.json()['occurrence_id']}")
    assert (found.json()["state"], found.json()["local_on"]) == ("submitted", "2026-10-04")
    read = await harbour.thea.http.get(f"/v1/submissions/{done.json()['submission_id']}")
    assert read.json()["assignment_id"] == made["id"]


async def test_the_slot_that_is_open_stays_open(harbour: Cast) -> None:
    made = await assign(harbour)
    await extra(harbour, made["id"])
    assert (await slot(harbour.cleo))["assignment_id"] == made["id"]


@pytest.mark.parametrize(
    "status", ["proposed", "active", "paused", "done", "ended", "declined", "withdrawn"]
)
async def test_work_is_never_refused(harbour: Cast, status: str) -> None:
    made = await assign(harbour)
    await put(harbour, made["id"], status)
    assert (await extra(harbour, made["id"])).status_code == 201


@pytest.mark.parametrize("status", ["draft", "discarded"])
async def test_what_the_client_never_saw_takes_none(harbour: Cast, status: str) -> None:
    made = await assign(harbour)
    await put(harbour, made["id"], status)
    assert (await extra(harbour, made["id"])).status_code == 404


async def test_fifty_equal_ones_are_one(harbour: Cast) -> None:
    made, body = await assign(harbour), submission()
    url = f"/v1/me/assignments/{made['id']}/submissions"
    answers = await asyncio.gather(*(harbour.cleo.http.post(url, json=body) for _ in range(50)))
    assert sorted(one.status_code for one in answers) == [200] * 49 + [201]
    assert all(one.json() == answers[0].json() for one in answers)
    assert len((await harbour.cleo.http.get("/v1/me/submissions")).json()["items"]) == 1


async def test_another_key_is_another_one(harbour: Cast) -> None:
    made = await assign(harbour)
    first = (await extra(harbour, made["id"])).json()
    second = (await extra(harbour, made["id"], client_key="device-1-0002")).json()
    assert first["occurrence_id"] != second["occurrence_id"]


async def test_an_extra_withdrawn_opens_no_slot(harbour: Cast) -> None:
    made = await assign(harbour)
    done = (await extra(harbour, made["id"])).json()
    url = f"/v1/me/submissions/{done['submission_id']}/withdraw"
    await harbour.cleo.http.post(url, headers={"If-Match": '"v1"'})
    found = await harbour.cleo.http.get(f"/v1/me/occurrences/{done['occurrence_id']}")
    assert found.json()["state"] == "cancelled"


async def test_an_extra_can_be_edited(harbour: Cast) -> None:
    made = await assign(harbour)
    done = (await extra(harbour, made["id"])).json()
    url = f"/v1/me/submissions/{done['submission_id']}"
    body = submission("device-1-0002", outcome="partial")
    edited = await harbour.cleo.http.put(url, json=body, headers={"If-Match": '"v1"'})
    assert (edited.status_code, edited.json()["version"]) == (200, 2)


@pytest.mark.parametrize("years", [-10, 10])
async def test_a_clock_ten_years_off_is_set_right(harbour: Cast, years: int) -> None:
    made = await assign(harbour)
    wrong = now() + timedelta(days=365 * years)
    done = await extra(
        harbour, made["id"], occurred_at=wrong.isoformat(), sent_at=wrong.isoformat()
    )
    found = await harbour.cleo.http.get(f"/v1/me/occurrences/{done.json()['occurrence_id']}")
    opened = datetime.fromisoformat(found.json()["opens_at"])
    assert abs(opened - now()) < timedelta(minutes=1)


async def test_a_slot_that_waits_for_a_session_takes_work(harbour: Cast) -> None:
    await assign(harbour)
    where = (await slot(harbour.cleo))["id"]
    work, transaction = harbour.job()
    async with transaction:
        await work.alter(Occurrence, where, opens_at=None, due_at=None, closes_at=None)
    url = f"/v1/me/occurrences/{where}/submissions"
    sent = await harbour.cleo.http.post(url, json=submission())
    assert (sent.status_code, sent.json()["in_window"]) == (201, True)
