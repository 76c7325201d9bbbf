"""Each slot knows when to remind of it, from what its client chose; of none without a choice."""

from datetime import date, time
from zoneinfo import ZoneInfo

import pytest

from app.choices.models import ReminderChoice
from app.core.clock import now
from app.core.ids import new_id
from tests.cast import Cast
from tests.homework.planned import DAILY, DAY, asked, change, do, given, session, slots
from tests.homework.scenes import assign
from tests.jobs.conftest import Admin
from tests.reminders.choosing import choose

BERLIN = ZoneInfo("Europe/Berlin")


async def chosen(cast: Cast, channel: str = "app", **other: object) -> None:
    await cast.write(
        ReminderChoice,
        id=new_id(),
        client_id=cast.client_ids["cleo"],
        channel=channel,
        remind_at=time(10, 30),
        **other,
    )


async def test_none_without_a_choice(harbour: Cast, admin: Admin) -> None:
    homework = await given(harbour, DAILY)
    await do(harbour, homework)
    assert {row["remind_at"] for row in await slots(admin, homework)} == {None}


async def test_at_the_hour_that_was_chosen(harbour: Cast, admin: Admin) -> None:
    await chosen(harbour)
    homework = await given(harbour, DAILY)
    await do(harbour, homework)
    ahead = [row for row in await slots(admin, homework) if row["opens_at"] > now()]
    assert {row["remind_at"].astimezone(BERLIN).time() for row in ahead} == {time(10, 30)}
    assert {row["remind_at"].astimezone(BERLIN).date() == row["local_on"] for row in ahead} == {
        True
    }


async def test_a_slot_that_moves_takes_its_reminder_along(harbour: Cast, admin: Admin) -> None:
    await chosen(harbour)
    homework = await given(harbour, DAILY)
    await do(harbour, homework)
    await change(harbour, homework, zone="Asia/Tokyo")
    tokyo = ZoneInfo("Asia/Tokyo")
    ahead = [row for row in (await asked(admin, homework)).values() if row["opens_at"] > now()]
    assert {row["remind_at"].astimezone(tokyo).time() for row in ahead} == {time(10, 30)}


async def test_one_that_waits_for_a_session_has_none_until_there_is_one(
    harbour: Cast, admin: Admin
) -> None:
    await chosen(harbour)
    homework = await given(harbour, {"kind": "after_session"})
    await do(harbour, homework)
    assert [row["remind_at"] for row in await slots(admin, homework)] == [None]
    await session(harbour, now() + 3 * DAY)
    await change(harbour, homework)
    (slot,) = await slots(admin, homework)
    assert slot["opens_at"] <= slot["remind_at"] < slot["closes_at"]


async def test_what_is_open_keeps_the_reminder_it_had(harbour: Cast, admin: Admin) -> None:
    await chosen(harbour)
    homework = await given(harbour, {"kind": "before_session", "each": True})
    await session(harbour, now() + 3 * DAY)
    await do(harbour, homework)
    before = await slots(admin, homework)
    await change(harbour, homework, zone="Pacific/Kiritimati")
    assert await slots(admin, homework) == before


@pytest.mark.parametrize("first", ["choice", "homework"])
async def test_three_times_a_week_are_reminded_of_on_three_days(
    harbour: Cast, admin: Admin, first: str
) -> None:
    if first == "choice":
        await chosen(harbour)
    made = await assign(harbour, schedule={"kind": "times_a_week", "times": 3})
    if first == "homework":
        answer = await choose(harbour.cleo, channel="app", at="10:30")
        assert answer.status_code == 200, answer.text
    weeks: dict[date, list[str]] = {}
    for row in await slots(admin, ("", made["id"])):
        if row["opens_at"] > now():
            day = row["remind_at"].astimezone(BERLIN)
            weeks.setdefault(row["local_on"], []).append(f"{day:%a %H:%M}")
    assert len(weeks) >= 3
    assert all(days == ["Tue 10:30", "Thu 10:30", "Sat 10:30"] for days in weeks.values())
