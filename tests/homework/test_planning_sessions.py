"""Homework before and after sessions goes where its session goes, and waits where there is none."""

from typing import Any

import pytest

import app.worker  # noqa: F401 - puts every room's handlers in place
from app.core.clock import now
from app.homework import planning
from app.jobs.delivering import drain
from app.operation.house import House
from tests.cast import Cast
from tests.homework.planned import (
    DAY,
    HOUR,
    asked,
    by_key,
    do,
    given,
    put_session,
    session,
    touch,
)
from tests.homework.scenes import assign
from tests.jobs.conftest import Admin

BEFORE: dict[str, Any] = {"kind": "before_session"}
AFTER: dict[str, Any] = {"kind": "after_session", "days_open": 3}
EACH = {"each": True}


async def again(cast: Cast, homework: tuple[str, str]) -> None:
    await do(cast, homework, planning.replan)


async def booked(cast: Cast, worker: House, days: int) -> dict[str, Any]:
    """A session that Thea plans, and the worker hears of."""
    body = {"starts_at": (now() + days * DAY).isoformat(), "setting": "video"}
    url = f"/v1/clients/{cast.client_ids['cleo']}/sessions"
    made: dict[str, Any] = (await cast.thea.http.post(url, json=body)).json()
    await drain(worker)
    return made


async def altered(cast: Cast, worker: House, one: dict[str, Any], **changes: Any) -> None:
    seen = {"If-Match": f'"v{one["version"]}"'}
    done = await cast.thea.http.patch(f"/v1/sessions/{one['id']}", json=changes, headers=seen)
    assert done.status_code == 200, done.text
    await drain(worker)


@pytest.mark.parametrize("schedule", [BEFORE, BEFORE | EACH, AFTER, AFTER | EACH])
async def test_events_of_a_session_move_its_slot(
    harbour: Cast, admin: Admin, worker: House, schedule: dict[str, Any]
) -> None:
    homework = ("", (await assign(harbour, schedule=schedule))["id"])
    first = await booked(harbour, worker, 5)
    (slot,) = (await asked(admin, homework)).values()
    assert slot["session_id"] == first["id"]
    await altered(harbour, worker, first, starts_at=(now() + 7 * DAY).isoformat())
    (moved,) = (await asked(admin, homework)).values()
    edge = "closes_at" if schedule["kind"] == "before_session" else "opens_at"
    assert (moved["id"], moved["session_id"]) == (slot["id"], first["id"])
    assert moved[edge] - slot[edge] > DAY
    seen = first | {"version": 2}
    await altered(harbour, worker, seen, attendance="cancelled_by_client")
    (waiting,) = (await asked(admin, homework)).values()
    assert (waiting["id"], waiting["session_id"]) == (slot["id"], None)
    second = await booked(harbour, worker, 9)
    (gone_on,) = (await asked(admin, homework)).values()
    assert (gone_on["id"], gone_on["session_id"]) == (slot["id"], second["id"])


async def test_after_waits_until_a_session_is_planned(harbour: Cast, admin: Admin) -> None:
    made = await assign(harbour, schedule=AFTER)
    (slot,) = (await asked(admin, ("", made["id"]))).values()
    shown = (await harbour.cleo.http.get(f"/v1/me/occurrences/{slot['id']}")).json()
    assert (shown["state"], shown["opens_at"], shown["closes_at"]) == ("upcoming", None, None)


async def test_before_can_be_done_while_no_session_is_planned(harbour: Cast, admin: Admin) -> None:
    made = await assign(harbour, schedule=BEFORE)
    (slot,) = (await asked(admin, ("", made["id"]))).values()
    shown = (await harbour.cleo.http.get(f"/v1/me/occurrences/{slot['id']}")).json()
    assert (shown["state"], shown["closes_at"]) == ("open", None)


async def test_each_has_a_slot_for_every_session_of_the_next_weeks(
    harbour: Cast, admin: Admin
) -> None:
    starts = [now() + days * DAY for days in (2, 9, 16, 40)]
    ids = [await session(harbour, one) for one in starts]
    homework = await given(harbour, BEFORE | EACH)
    await do(harbour, homework)
    found = await asked(admin, homework)
    assert [(key, row["session_id"]) for key, row in found.items()] == [
        ("before-1", ids[0]), ("before-2", ids[1]), ("before-3", ids[2])
    ]  # fmt: skip
    assert [row["opens_at"] for row in found.values()][1:] == [
        one + 50 * HOUR / 60 for one in starts[:2]
    ]
    assert [row["closes_at"] for row in found.values()] == starts[:3]


async def test_without_each_it_is_the_next_session_whenever_that_is(
    harbour: Cast, admin: Admin
) -> None:
    far = await session(harbour, now() + 60 * DAY)
    homework = await given(harbour, AFTER)
    await do(harbour, homework)
    (slot,) = (await asked(admin, homework)).values()
    assert slot["session_id"] == far
    near = await session(harbour, now() + 2 * DAY)
    await again(harbour, homework)
    assert (await asked(admin, homework))[slot["slot"]]["session_id"] == near


async def test_two_sessions_at_once_have_a_slot_each(harbour: Cast, admin: Admin) -> None:
    same = now() + 3 * DAY
    ids = {await session(harbour, same), await session(harbour, same)}
    homework = await given(harbour, AFTER | EACH)
    await do(harbour, homework)
    assert {row["session_id"] for row in (await asked(admin, homework)).values()} == ids


@pytest.mark.parametrize("attendance", ["scheduled", "attended", "late"])
async def test_a_session_under_way_keeps_the_slot_after_it(
    harbour: Cast, admin: Admin, attendance: str
) -> None:
    one = await session(harbour, now() + DAY)
    homework = await given(harbour, AFTER | EACH)
    await do(harbour, homework)
    (slot,) = (await asked(admin, homework)).values()
    starts_at = now() - HOUR / 4
    await put_session(harbour, one, starts_at=starts_at)
    await touch(harbour, slot["id"], opens_at=starts_at + 50 * HOUR / 60)
    await put_session(harbour, one, attendance=attendance)
    await session(harbour, now() + 7 * DAY)
    await again(harbour, homework)
    found = await asked(admin, homework)
    assert found["after-1"]["session_id"] == one
    assert len(found) == 2


async def test_one_that_is_marked_as_held_early_keeps_its_slot(harbour: Cast, admin: Admin) -> None:
    one = await session(harbour, now() + HOUR / 12, attendance="scheduled")
    homework = await given(harbour, BEFORE | EACH)
    await do(harbour, homework)
    await session(harbour, now() + 7 * DAY)
    await put_session(harbour, one, attendance="attended")
    await again(harbour, homework)
    assert (await asked(admin, homework))["before-1"]["session_id"] == one


async def test_once_it_was_held_there_is_no_second_slot(harbour: Cast, admin: Admin) -> None:
    homework = await given(harbour, BEFORE, opens_at=now() - 3 * DAY)
    one = await session(harbour, now() + DAY)
    await do(harbour, homework)
    await put_session(harbour, one, starts_at=now() - HOUR, attendance="attended")
    await session(harbour, now() + 7 * DAY)
    await again(harbour, homework)
    assert list(await asked(admin, homework)) == ["before-1"]


async def test_a_draft_stays_with_its_session(harbour: Cast, admin: Admin) -> None:
    ids = [await session(harbour, now() + days * DAY) for days in (2, 9, 16)]
    homework = await given(harbour, BEFORE | EACH)
    await do(harbour, homework)
    slot = (await asked(admin, homework))["before-2"]
    await touch(harbour, slot["id"], drafted_at=now())
    await put_session(harbour, ids[0], attendance="cancelled_by_client")
    await again(harbour, homework)
    found = await asked(admin, homework)
    assert {key: row["session_id"] for key, row in found.items()} == {
        "before-2": ids[1], "before-1": ids[2]
    }  # fmt: skip


@pytest.mark.parametrize("schedule", [BEFORE, BEFORE | EACH, AFTER, AFTER | EACH])
async def test_a_draft_goes_on_to_the_next_session_with_its_slot(
    harbour: Cast, admin: Admin, schedule: dict[str, Any]
) -> None:
    first = await session(harbour, now() + 2 * DAY)
    homework = await given(harbour, schedule)
    await do(harbour, homework)
    (slot,) = (await asked(admin, homework)).values()
    await touch(harbour, slot["id"], drafted_at=now())
    await put_session(harbour, first, attendance="cancelled_by_therapist")
    second = await session(harbour, now() + 9 * DAY)
    await again(harbour, homework)
    (kept,) = (await asked(admin, homework)).values()
    assert (kept["id"], kept["session_id"]) == (slot["id"], second)
    assert kept["drafted_at"] is not None


async def test_an_answer_stays_with_its_session(harbour: Cast, admin: Admin) -> None:
    first = await session(harbour, now() + 2 * DAY)
    homework = await given(harbour, BEFORE | EACH)
    await do(harbour, homework)
    slot = (await asked(admin, homework))["before-1"]
    await touch(harbour, slot["id"], status="submitted")
    before = (await by_key(admin, homework))["before-1"]["whole"]
    await put_session(harbour, first, attendance="cancelled_by_client")
    second = await session(harbour, now() + 5 * DAY)
    await again(harbour, homework)
    found = await by_key(admin, homework)
    assert found["before-1"]["whole"] == before
    assert found["before-2"]["session_id"] == second


async def test_answered_early_the_next_slot_opens_after_the_session(
    harbour: Cast, admin: Admin
) -> None:
    starts_at = now() + 2 * DAY
    await session(harbour, starts_at)
    homework = await given(harbour, BEFORE | EACH)
    await do(harbour, homework)
    await touch(harbour, (await asked(admin, homework))["before-1"]["id"], status="submitted")
    await again(harbour, homework)
    waiting = (await asked(admin, homework))["before-2"]
    assert waiting["opens_at"] == starts_at + 50 * HOUR / 60
    assert waiting["session_id"] is None


async def test_from_before_to_after_begins_anew(harbour: Cast, admin: Admin) -> None:
    one = await session(harbour, now() + 2 * DAY)
    made = await assign(harbour, schedule=BEFORE)
    homework = ("", made["id"])
    await touch(harbour, (await asked(admin, homework))["before-1"]["id"], status="submitted")
    seen = {"If-Match": f'"v{made["version"]}"'}
    await harbour.thea.http.patch(
        f"/v1/assignments/{made['id']}", json={"schedule": AFTER}, headers=seen
    )
    found = await asked(admin, homework)
    assert (found["before-1"]["status"], found["after-1"]["session_id"]) == ("submitted", one)


async def test_a_later_one_is_asked_for_when_it_was_asked_for_later(
    harbour: Cast, admin: Admin
) -> None:
    one = await session(harbour, now() + HOUR)
    homework = await given(harbour, BEFORE | EACH, opens_at=now() - 9 * DAY)
    await do(harbour, homework)
    await put_session(harbour, one, starts_at=now() - HOUR, attendance="attended")
    following = await session(harbour, now() + 7 * DAY)
    work, transaction = harbour.job()
    async with transaction:
        held = await planning.needed(work, *homework)
        await planning.replan(work, held | {"schedule": BEFORE, "opens_at": now()})
    assert (await asked(admin, homework))["before-2"]["session_id"] == following


async def test_one_that_opened_goes_along_however_far_its_session_moves(
    harbour: Cast, admin: Admin
) -> None:
    """Of two at the same hour it is the second one's, whose session is not the next any more."""
    for _ in range(2):
        await session(harbour, now() + HOUR)
    homework = await given(harbour, BEFORE | EACH)
    await do(harbour, homework)
    second = (await asked(admin, homework))["before-2"]
    far = now() + 40 * DAY
    await put_session(harbour, second["session_id"], starts_at=far)
    await again(harbour, homework)
    moved = (await asked(admin, homework))["before-2"]
    assert (moved["id"], moved["closes_at"]) == (second["id"], far)
