"""Slots against the oracle: none twice, none left out, local time kept, windows in order."""

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from math import floor
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.schedules import rules
from app.schedules.local import midnight_after
from app.schedules.slots import Slot, next_after, reminder_day, slots
from tests.schedules import oracle
from tests.schedules.making import LEAPING, every_change, scenes, zones
from tests.schedules.oracle import DAY

MANY = settings(max_examples=200, deadline=None)
AHEAD = timedelta(days=27)
DAILY = {"kind": "daily", "opens": "23:30", "due": "23:45"}


def made(rule: dict[str, Any], zone: str, starts_on: date, first: date, last: date) -> list[Slot]:
    return slots(rules.read(rule), zone, starts_on=starts_on, first_on=first, last_on=last)


def owed(times: int, days: int) -> int:
    """The share of a week's times that so many of its days are asked for, half of one counting."""
    return max(1, floor(Fraction(times * days, 7) + Fraction(1, 2)))


def told(rule: dict[str, Any], zone: str, starts_on: date, first: date, last: date) -> list[Slot]:
    """The oracle's slots."""
    if rule["kind"] == "times_a_week":
        return [
            Slot(
                f"{week[-1]:%G-W%V}-{number}", week[-1], *oracle.window({}, zone, week[0], week[-1])
            )
            for week in oracle.weeks(rule, starts_on, last)
            if week[-1] >= first
            for number in range(1, owed(rule["times"], len(week)) + 1)
        ]
    open_for = timedelta(days=rule["days_open"] - 1)
    return [
        Slot(f"{day:%Y-%m-%d}", day, *oracle.window(rule, zone, day, day + open_for))
        for day in oracle.days(rule, starts_on, last)
        if day >= first
    ]


@MANY
@given(scenes())
def test_recurring_days_are_as_the_oracle_says(scene: tuple[Any, str, date, date]) -> None:
    rule, zone, starts_on, near = scene
    asked = (rule, zone, starts_on, near - AHEAD / 2, near + AHEAD / 2)
    assert made(*asked) == told(*asked)


@MANY
@given(scenes(weekly=True))
def test_times_a_week_are_as_the_oracle_says(scene: tuple[Any, str, date, date]) -> None:
    rule, zone, starts_on, near = scene
    asked = (rule, zone, starts_on, near - AHEAD / 2, near + AHEAD / 2)
    assert made(*asked) == told(*asked)


def test_in_every_zone_and_around_every_change_as_the_oracle_says() -> None:
    rule = {"kind": "daily", "due": "23:59", "days_open": 1}
    for one in every_change():
        day = one.after.date()
        for opens in (f"{min(one.before, one.after):%H:%M}", "09:00"):
            asked = (rule | {"opens": opens}, one.zone, day - 9 * DAY, day - DAY, day + DAY)
            assert made(*asked) == told(*asked), one


def test_in_every_zone_nine_is_nine_all_year() -> None:
    rule = {"kind": "weekly", "days": ["we", "su"], "opens": "09:00", "due": "21:30"}
    for zone in zones():
        found = made(rule, zone, date(2025, 1, 1), date(2026, 1, 1), date(2026, 12, 31))
        assert len(found) == 104
        for slot in found:
            assert slot.due_at is not None
            assert f"{oracle.shown(slot.opens_at, zone):%F %R}" == f"{slot.local_on} 09:00"
            assert f"{oracle.shown(slot.due_at, zone):%F %R}" == f"{slot.local_on} 21:30"


@MANY
@given(st.one_of(scenes(), scenes(weekly=True)), st.integers(0, 27))
def test_two_generators_agree(scene: tuple[Any, str, date, date], apart: int) -> None:
    rule, zone, starts_on, near = scene
    middle, last = near + timedelta(days=apart), near + AHEAD
    one = made(rule, zone, starts_on, near, last)
    other = made(rule, zone, starts_on, near, middle)
    assert one == other + made(rule, zone, starts_on, middle + DAY, last)
    earlier = made(rule, zone, starts_on, near - AHEAD, middle)
    assert [slot for slot in earlier if slot.local_on >= near] == other


@MANY
@given(st.one_of(scenes(), scenes(weekly=True)))
def test_windows_are_in_order_and_keys_differ(scene: tuple[Any, str, date, date]) -> None:
    rule, zone, starts_on, near = scene
    found = made(rule, zone, starts_on, near - AHEAD, near + AHEAD)
    assert len({slot.key for slot in found}) == len(found)
    for slot in found:
        assert slot.closes_at is not None
        assert slot.opens_at <= (slot.due_at or slot.opens_at) <= slot.closes_at
        assert slot.opens_at < slot.closes_at
    for one, two in pairwise(found):
        assert (one.local_on, one.opens_at) <= (two.local_on, two.opens_at)


@MANY
@given(st.one_of(scenes(), scenes(weekly=True)), st.sampled_from(LEAPING))
def test_another_zone_keeps_the_local_days(
    scene: tuple[Any, str, date, date], elsewhere: str
) -> None:
    rule, zone, starts_on, near = scene
    here = made(rule, zone, starts_on, near - AHEAD, near)
    there = made(rule, elsewhere, starts_on, near - AHEAD, near)
    assert [(one.key, one.local_on) for one in here] == [(one.key, one.local_on) for one in there]


@MANY
@given(st.one_of(scenes(), scenes(weekly=True)))
def test_the_next_is_the_first_of_those_to_come(scene: tuple[Any, str, date, date]) -> None:
    rule, _, starts_on, near = scene
    until = near + timedelta(days=800)
    if rule["kind"] == "times_a_week":
        days = [week[-1] for week in oracle.weeks(rule, starts_on, until)]
    else:
        days = oracle.days(rule, starts_on, until)
    found = next_after(rules.read(rule), starts_on=starts_on, after=near)
    assert (found if found and found <= until else None) == next(
        (day for day in days if day > near), None
    )


def test_what_a_zone_left_out_costs_no_slot() -> None:
    apia = made(DAILY, "Pacific/Apia", date(2011, 12, 1), date(2011, 12, 29), date(2011, 12, 31))
    assert [(slot.key, f"{slot.opens_at:%d %R}", f"{slot.closes_at:%d %R}") for slot in apia] == [
        ("2011-12-29", "30 09:30", "30 10:00"),
        ("2011-12-30", "30 10:00", "31 10:00"),
        ("2011-12-31", "31 09:30", "31 10:00"),
    ]


def test_an_evening_that_clocks_leap_over_is_open_the_day_after() -> None:
    day = date(2026, 3, 28)
    (slot,) = made(DAILY, "America/Nuuk", day, day, day)
    assert slot.opens_at == slot.due_at == midnight_after(day, "America/Nuuk")
    assert slot.closes_at == midnight_after(day + DAY, "America/Nuuk")


@pytest.mark.parametrize(("day", "owed"), [(23, 3), (25, 2), (26, 2), (27, 1), (29, 1)])
def test_a_week_begun_late_asks_for_its_share(day: int, owed: int) -> None:
    begins = date(2026, 11, day)
    rule = {"kind": "times_a_week", "times": 3}
    found = made(rule, "Europe/Berlin", begins, begins, date(2026, 11, 29))
    assert [slot.key for slot in found] == [f"2026-W48-{n + 1}" for n in range(owed)]


@MANY
@given(scenes(weekly=True))
def test_reminders_of_a_week_share_its_days_out(scene: tuple[Any, str, date, date]) -> None:
    rule, zone, starts_on, near = scene
    weeks: dict[date, list[date]] = {}
    for slot in (found := made(rule, zone, starts_on, near - AHEAD / 2, near + AHEAD / 2)):
        days = weeks.setdefault(slot.local_on, [])
        if (day := reminder_day(rules.read(rule), slot, zone)) is not None:
            days.append(day)
    for last, days in weeks.items():
        first = max(starts_on, last - last.weekday() * DAY)
        asked = sum(slot.local_on == last for slot in found)
        assert len(days) == min(asked, (last - first).days + 1)
        assert days == sorted(set(days))
        assert first <= days[0] <= days[-1] <= last
        gaps = {(after - before).days for before, after in pairwise(days)}
        assert not gaps or max(gaps) - min(gaps) <= 1


def test_a_slot_of_another_schedule_keeps_its_own_day_for_reminders() -> None:
    rule, day = rules.read({"kind": "times_a_week", "times": 2}), date(2026, 11, 29)
    opens_at = midnight_after(date(2026, 11, 22), "Europe/Berlin")
    for key in ("2026-11-29", "once", "before-1", "2026-W48-3"):
        assert reminder_day(rule, Slot(key, day, opens_at, None, None), "Europe/Berlin") == day


def test_a_week_cut_short_asks_for_no_more_than_it_has_days() -> None:
    rule = {"kind": "times_a_week", "times": 5, "ends_on": "2026-12-01"}
    found = made(rule, "Europe/Berlin", date(2026, 11, 20), date(2026, 11, 20), date(2026, 12, 31))
    assert [slot.key for slot in found] == [
        *(f"2026-W47-{n}" for n in (1, 2)),
        *(f"2026-W48-{n}" for n in (1, 2, 3, 4, 5)),
        "2026-W49-1",
    ]
    assert {slot.local_on.day for slot in found} == {22, 29, 1}


def test_a_week_belongs_to_the_year_that_iso_says() -> None:
    rule = {"kind": "times_a_week", "times": 1}
    day = date(2026, 12, 28)
    (slot,) = made(rule, "Europe/Berlin", day, day, day + 6 * DAY)
    assert (slot.key, slot.local_on) == ("2026-W53-1", date(2027, 1, 3))


@pytest.mark.parametrize("kind", ["once", "on_demand", "before_session", "after_session"])
def test_other_kinds_have_no_slots_of_their_own(kind: str) -> None:
    day = date(2026, 3, 1)
    assert made({"kind": kind}, "Europe/Berlin", day, day, day + AHEAD) == []
    assert next_after(rules.read({"kind": kind}), starts_on=day, after=day) is None
