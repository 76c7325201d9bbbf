"""Slots go by the client's clock, wherever it goes, and by the same hour all year."""

from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import app.worker  # noqa: F401 - puts every room's handlers in place
from app.core import clock
from app.core.clock import now
from app.jobs.delivering import drain
from app.operation.house import House
from tests.cast import Cast
from tests.homework.planned import DAILY, DAY, HOUR, asked, at, change, do, given, slots
from tests.homework.scenes import assign
from tests.jobs.conftest import Admin

TOKYO = "Asia/Tokyo"


async def travel(cast: Cast, worker: House, zone: str = TOKYO) -> None:
    """Cleo lives in another zone from now on."""
    url = f"/v1/clients/{cast.client_ids['cleo']}"
    seen = (await cast.thea.http.get(url)).json()["version"]
    changed = await cast.thea.http.patch(
        url, json={"zone": zone}, headers={"If-Match": f'"v{seen}"'}
    )
    assert changed.status_code == 200, changed.text
    await drain(worker)


def hours(rows: list[Any], zone: str) -> set[time]:
    """At what times of the day those that are ahead open, on a clock of that zone."""
    ahead = [row for row in rows if row["opens_at"] > now() and row["status"] == "upcoming"]
    return {row["opens_at"].astimezone(ZoneInfo(zone)).time() for row in ahead}


async def test_it_follows_the_client(harbour: Cast, admin: Admin, worker: House) -> None:
    made = await assign(harbour, schedule=DAILY)
    await travel(harbour, worker)
    assert hours(await slots(admin, ("", made["id"])), TOKYO) == {time(9)}
    shown = (await harbour.thea.http.get(f"/v1/assignments/{made['id']}")).json()
    assert (shown["zone"], shown["zone_follows"]) == (TOKYO, True)


async def test_a_zone_that_was_given_stays(harbour: Cast, admin: Admin, worker: House) -> None:
    made = await assign(harbour, schedule=DAILY, zone="Europe/Lisbon")
    before = await slots(admin, ("", made["id"]))
    await travel(harbour, worker)
    assert await slots(admin, ("", made["id"])) == before


async def test_what_is_proposed_follows_too(harbour: Cast, admin: Admin, worker: House) -> None:
    made = await assign(harbour, schedule=DAILY, agreed=False)
    await travel(harbour, worker)
    shown = (await harbour.thea.http.get(f"/v1/assignments/{made['id']}")).json()
    assert shown["zone"] == TOKYO
    assert await slots(admin, ("", made["id"])) == []


async def test_being_told_twice_changes_nothing(harbour: Cast, admin: Admin, worker: House) -> None:
    made = await assign(harbour, schedule=DAILY)
    await travel(harbour, worker)
    before = await slots(admin, ("", made["id"]))
    await travel(harbour, worker)
    assert await slots(admin, ("", made["id"])) == before


async def test_one_that_was_unknown_is_left_behind(
    harbour: Cast, admin: Admin, worker: House
) -> None:
    broken = await given(harbour, DAILY, zone="Mars/Olympus_Mons")
    whole = await given(harbour, DAILY)
    await travel(harbour, worker)
    for one in (broken, whole):
        assert hours(await slots(admin, one), TOKYO) == {time(9)}


async def test_nine_is_nine_on_both_sides_of_a_clock_change(harbour: Cast, admin: Admin) -> None:
    with clock.at(at("2026-10-12T05:00")):
        homework = await given(harbour, DAILY | {"due": "21:00"})
        await do(harbour, homework)
    found = await asked(admin, homework)
    assert [found[f"2026-10-{day}"]["opens_at"] for day in (24, 25, 26)] == [
        at("2026-10-24T07:00"), at("2026-10-25T08:00"), at("2026-10-26T08:00")
    ]  # fmt: skip
    whole_day = found["2026-10-25"]
    assert whole_day["closes_at"] - whole_day["opens_at"] == 15 * HOUR
    assert whole_day["due_at"] == at("2026-10-25T20:00")
    assert len(found) == 29


@pytest.mark.parametrize(
    ("zone", "opens"),
    [
        ("America/Los_Angeles", "09:00"),
        ("Pacific/Kiritimati", "23:30"),
        ("Asia/Kathmandu", "00:00"),
    ],
)
async def test_a_day_gained_or_lost_is_asked_for_once(
    harbour: Cast, admin: Admin, zone: str, opens: str
) -> None:
    homework = await given(harbour, DAILY | {"opens": opens})
    with clock.at(at("2026-09-01T20:00")):
        await do(harbour, homework)
        await change(harbour, homework, zone=zone)
    days = [row["local_on"] for row in (await asked(admin, homework)).values()]
    assert len(days) == len(set(days))
    assert (max(days) - min(days)) / DAY + 1 == len(days)
