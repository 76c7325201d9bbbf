"""Slots exist 28 local days ahead, whoever makes them, once each."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from app.core import clock
from app.core.clock import now
from app.core.zones import zone
from app.homework import generating, planning
from app.operation.house import House
from app.schedules import rules
from app.schedules.local import local_day
from app.schedules.slots import slots as expected
from tests.cast import Cast
from tests.homework.assigning import done
from tests.homework.planned import DAILY, DAY, KINDS, asked, by_key, change, do, given, job, slots
from tests.homework.scenes import assign
from tests.jobs.conftest import Admin

TODAY = "/v1/me/today?zone=Europe/Berlin"


def days_ago(days: int) -> datetime:
    """The same time of day in Berlin so many days ago, also across a clock change."""
    return (now().astimezone(zone("Europe/Berlin")) - days * DAY).astimezone(UTC)


def keys(schedule: dict[str, Any], *, since: int = 0, in_zone: str = "Europe/Berlin") -> list[str]:
    """The keys of the slots that should exist, counted from so many days ago."""
    rule, today = rules.read(schedule), local_day(now(), in_zone)
    begins, last = today - since * DAY, today + 28 * DAY
    if rule.kind == "times_a_week":
        last += (6 - last.weekday()) * DAY
    found = expected(rule, in_zone, starts_on=begins, first_on=begins, last_on=last)
    return sorted(slot.key for slot in found)


@pytest.mark.parametrize("schedule", KINDS, ids=lambda one: one["kind"])
async def test_agreeing_makes_them(harbour: Cast, admin: Admin, schedule: dict[str, Any]) -> None:
    made = await assign(harbour, schedule=schedule)
    assert sorted(await asked(admin, ("", made["id"]))) == keys(schedule)


@pytest.mark.parametrize("schedule", KINDS, ids=lambda one: one["kind"])
async def test_accepting_makes_them(harbour: Cast, admin: Admin, schedule: dict[str, Any]) -> None:
    made = await assign(harbour, schedule=schedule, agreed=False)
    await done(harbour.cleo, made["id"], "accept", {})
    assert sorted(await asked(admin, ("", made["id"]))) == keys(schedule)


@pytest.mark.parametrize("schedule", KINDS, ids=lambda one: one["kind"])
async def test_the_chore_goes_on(
    harbour: Cast, admin: Admin, worker: House, schedule: dict[str, Any]
) -> None:
    with clock.at(days_ago(10)):
        homework = await given(harbour, schedule)
        await do(harbour, homework)
    await generating.plan_slots_ahead(job(worker))
    assert sorted(await asked(admin, homework)) == keys(schedule, since=10)


@pytest.mark.parametrize("schedule", KINDS, ids=lambda one: one["kind"])
async def test_today_does_not_wait_for_the_worker(
    harbour: Cast, admin: Admin, schedule: dict[str, Any]
) -> None:
    with clock.at(days_ago(50)):
        homework = await given(harbour, schedule)
        await do(harbour, homework)
    shown = await harbour.cleo.http.get(TODAY)
    assert shown.status_code == 200, shown.text
    assert sorted(await asked(admin, homework)) == keys(schedule, since=50)


async def test_a_guardians_today_does_not_wait_either(harbour: Cast, admin: Admin) -> None:
    with clock.at(days_ago(50)):
        homework = await given(harbour, DAILY, "kit")
        await do(harbour, homework)
    shown = await harbour.greta.http.get(TODAY)
    assert shown.status_code == 200, shown.text
    assert sorted(await asked(admin, homework)) == keys(DAILY, since=50)


async def test_what_passed_while_paused_is_not_asked_for_later(harbour: Cast, admin: Admin) -> None:
    with clock.at(days_ago(50)):
        homework = await given(harbour, DAILY)
        await do(harbour, homework)
    await do(harbour, homework, planning.replan)
    days = {row["local_on"] for row in await slots(admin, homework)}
    today = local_day(now(), "Europe/Berlin")
    assert not days & {today - back * DAY for back in range(1, 22)}
    assert {today + ahead * DAY for ahead in range(29)} <= days


async def test_a_schedule_that_begins_later_has_none_until_then(
    harbour: Cast, admin: Admin
) -> None:
    begins = local_day(now(), "Europe/Berlin") + 40 * DAY
    homework = await given(harbour, DAILY | {"starts_on": begins.isoformat()})
    await do(harbour, homework)
    assert await slots(admin, homework) == []
    with clock.at(now() + 15 * DAY):
        await do(harbour, homework)
    assert [row["local_on"] for row in await slots(admin, homework)] == [
        begins + ahead * DAY for ahead in range(4)
    ]


@pytest.mark.parametrize("many", [2, 5])
async def test_several_generators_make_one_set(harbour: Cast, admin: Admin, many: int) -> None:
    homework = [await given(harbour, schedule) for schedule in KINDS * 3]
    works = [job(harbour.house) for _ in range(many)]
    await asyncio.gather(*(_plan_all(work, harbour, homework) for work in works))
    for one, schedule in zip(homework, KINDS * 3, strict=True):
        assert sorted(await by_key(admin, one)) == keys(schedule)


async def _plan_all(work: Any, cast: Cast, homework: list[tuple[str, str]]) -> None:
    async with work.visit(capacity="job", practice_id=cast.practice_id):
        for one in homework:
            await planning.plan(work, await planning.needed(work, *one))


async def test_the_chore_a_change_and_the_client_at_once(harbour: Cast, admin: Admin) -> None:
    with clock.at(days_ago(40)):
        homework = [await given(harbour, schedule) for schedule in KINDS]
        for one in homework:
            await do(harbour, one)
    answers: list[Any] = await asyncio.gather(
        *(generating.plan_some(job(harbour.house), harbour.practice_id) for _ in range(3)),
        *(harbour.cleo.http.get(TODAY) for _ in range(3)),
        *(change(harbour, one, schedule=KINDS[0]) for one in homework),
        *(change(harbour, one, schedule=KINDS[2]) for one in reversed(homework)),
    )
    assert {answer.status_code for answer in answers[3:6]} == {200}
    for one in homework:
        await change(harbour, one, schedule=KINDS[0])
        ahead = [row for row in await slots(admin, one) if row["opens_at"] > now()]
        days = [row["local_on"] for row in ahead if row["status"] == "upcoming"]
        assert len(days) == len(set(days)) in (28, 29)


async def test_one_that_ends_meanwhile_gets_no_more(harbour: Cast, admin: Admin) -> None:
    with clock.at(days_ago(20)):
        homework = await given(harbour, DAILY)
        await do(harbour, homework)
    ended, planned = await asyncio.gather(
        harbour.thea.http.post(f"/v1/assignments/{homework[1]}/end", headers={"If-Match": '"v1"'}),
        generating.plan_some(job(harbour.house), harbour.practice_id),
    )
    assert (ended.status_code, planned) == (200, None)
    ahead = [row for row in await slots(admin, homework) if row["opens_at"] > now()]
    assert {row["status"] for row in ahead} == {"cancelled"}


async def test_one_that_cannot_be_planned_is_in_no_others_way(
    harbour: Cast, admin: Admin, worker: House
) -> None:
    past = (now() - 10 * DAY).date()
    broken = await given(harbour, DAILY, zone="Mars/Olympus_Mons", planned_through=past)
    worse = await given(harbour, {"kind": "fortnightly"}, planned_through=past)
    whole = await given(harbour, DAILY, planned_through=past)
    with capture_logs() as logs:
        await generating.plan_slots_ahead(job(worker))
    assert len(await asked(admin, whole)) == 1 + 28
    told = [one for one in logs if one["event"] == "assignment_not_planned"]
    assert {(one["assignment_id"], one["code"]) for one in told} == {
        (broken[1], "fault.ValueError"),
        (worse[1], "fault.ValidationError"),
    }
    assert (await harbour.cleo.http.get(TODAY)).status_code == 200


async def test_a_day_of_planning_is_three_statements(house: House, harbour: Cast) -> None:
    homework = await given(harbour, DAILY)
    work = job(house)
    async with work.visit(capacity="job", practice_id=harbour.practice_id):
        assignment = await planning.needed(work, *homework)
        before = work.statements
        await planning.plan(work, assignment)
        assert work.statements - before <= 3
        again = await planning.needed(work, *homework)
        before = work.statements
        await planning.plan(work, again)
        assert work.statements == before


async def test_zones_are_planned_when_it_is_their_turn(harbour: Cast, admin: Admin) -> None:
    zones = ["Pacific/Kiritimati", "Pacific/Pago_Pago"]
    with clock.at(now() - timedelta(days=3)):
        homework = [await given(harbour, DAILY, zone=zone) for zone in zones]
        for one in homework:
            await do(harbour, one)
    await generating.plan_some(job(harbour.house), harbour.practice_id)
    last = [(await slots(admin, one))[-1]["local_on"] for one in homework]
    assert last == [local_day(now(), zone) + 28 * DAY for zone in zones]
