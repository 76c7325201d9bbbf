"""Days that recur, over long times and without walking them."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.schedules import recurring, rules
from app.schedules.slots import next_after, slots
from tests.schedules import making, oracle

START = date(2024, 1, 30)
LONG = settings(max_examples=60, deadline=None)


@LONG
@given(making.recurring(START), st.integers(0, 7000), st.integers(0, 400))
def test_years_later_it_is_where_a_walk_would_be(
    rule: dict[str, object], far: int, on: int
) -> None:
    first = START + timedelta(days=far)
    last = first + timedelta(days=on)
    days = rules.recurrence(rules.read(rule), START)
    assert days is not None
    walked = oracle.days(rule, START, last)
    assert list(recurring.days(days, first, last)) == [day for day in walked if day >= first]
    assert recurring.total(days, last) == len(walked)


@pytest.mark.parametrize("day", [-1, 1, 15, 28, 29, 30, 31])
@pytest.mark.parametrize("every", [1, 5, 12])
def test_it_counts_months_as_a_walk_does_over_1900_2000_and_2100(day: int, every: int) -> None:
    for start in (date(1896, 2, 29), date(1996, 8, 30), date(2096, 1, 15)):
        for years in (3, 9):
            last = start + timedelta(days=365 * years)
            days = recurring.Recurrence("monthly", every, start, month_day=day, count=years * 11)
            rule = {"kind": "monthly", "every": every, "day": day, "count": years * 11}
            walked = oracle.days(rule, start, last)
            assert recurring.total(days, last) == len(walked)
            tail = list(recurring.days(days, last - timedelta(days=99), last))
            assert tail == walked[len(walked) - len(tail) :]


@LONG
@given(making.recurring(START), st.integers(0, 60_000))
def test_it_never_walks_more_than_a_period(rule: dict[str, object], far: int) -> None:
    first = START + timedelta(days=far)
    days = rules.recurrence(rules.read(rule), START)
    assert days is not None
    anchor, _ = recurring._jump(days, first)
    period = {"daily": 1, "weekly": 7, "monthly": 31}[days.unit]
    assert timedelta(0) <= first - anchor <= timedelta(days=period * days.every)


def test_months_without_the_day_are_left_out_and_not_counted() -> None:
    days = recurring.Recurrence("monthly", 1, date(2026, 1, 31), count=4, month_day=31)
    found = [f"{day:%m-%d}" for day in recurring.days(days, date(2026, 1, 1), date(2027, 1, 1))]
    assert found == ["01-31", "03-31", "05-31", "07-31"]


def test_the_29th_of_february_comes_in_leap_years() -> None:
    days = recurring.Recurrence("monthly", 12, date(2096, 2, 1), month_day=29)
    found = recurring.days(days, date(2096, 1, 1), date(2105, 1, 1))
    assert list(found) == [date(2096, 2, 29), date(2104, 2, 29)]


def test_the_first_week_is_the_one_it_starts_in() -> None:
    days = recurring.Recurrence("weekly", 2, date(2026, 3, 4), weekdays=(0, 2))
    found = recurring.days(days, date(2026, 3, 1), date(2026, 3, 31))
    assert [day.day for day in found] == [4, 16, 18, 30]


@pytest.mark.parametrize("kind", ["daily", "weekdays", "times_a_week"])
def test_nothing_recurs_after_the_last_day_there_is(kind: str) -> None:
    rule = rules.read({"kind": kind} | ({"times": 2} if kind == "times_a_week" else {}))
    assert next_after(rule, starts_on=START, after=recurring.LAST_DAY) is None
    assert next_after(rule, starts_on=START, after=date.max) is None
    late = slots(
        rule,
        "Asia/Tokyo",
        starts_on=START,
        first_on=recurring.LAST_DAY,
        last_on=date(2200, 3, 1),
    )
    assert {slot.local_on for slot in late} == {recurring.LAST_DAY}
    assert next_after(rule, starts_on=START, after=date.min) is not None


@LONG
@given(making.recurring(START), st.integers(0, 36_000))
def test_the_first_day_by_arithmetic_is_the_one_a_walk_finds(
    rule: dict[str, object], far: int
) -> None:
    start = START + timedelta(days=far)
    days = rules.recurrence(rules.read({**rule, "ends_on": None}), start)
    assert days is not None
    walked = recurring.days(days, start, min(start + timedelta(days=3660), recurring.LAST_DAY))
    assert recurring.first(days) == next(walked, None)


@pytest.mark.parametrize("day", [-1, 1, 28, 29, 30, 31])
def test_the_first_day_is_found_from_every_month_and_step(day: int) -> None:
    for month, year in ((month, year) for month in range(1, 13) for year in (2027, 2095, 2096)):
        for every in range(1, 13):
            days = recurring.Recurrence("monthly", every, date(year, month, 15), month_day=day)
            last = date(year + 13, month, 15)
            assert recurring.first(days) == next(recurring.days(days, days.starts_on, last), None)


def test_a_schedule_that_never_occurs_is_refused_without_a_walk(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(recurring, "expanded", None)
    february = {"kind": "monthly", "every": 12, "day": 30, "starts_on": "2027-02-01"}
    with pytest.raises(ValueError, match="it would never occur"):
        rules.read(february)
