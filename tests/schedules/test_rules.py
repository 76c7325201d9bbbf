"""What a schedule may say, what it may not, and its RRULE."""

from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from pydantic import ValidationError

from app.schedules import rules
from tests.schedules import oracle
from tests.schedules.making import scenes

DAY = date(2026, 3, 2)
OUT_OF_REACH = "the years 1900 to 2199"


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("once", {}),
        ("daily", {}),
        ("daily", {"every": 90, "opens": "06:30", "due": "23:59", "days_open": 28, "count": 1000}),
        ("weekdays", {"starts_on": "2026-03-02", "ends_on": "2026-03-02"}),
        ("weekly", {"days": ["su", "mo"], "every": 12}),
        ("monthly", {"day": -1}),
        ("monthly", {"day": 29, "every": 12, "starts_on": "2026-02-01"}),
        ("times_a_week", {"times": 14, "ends_on": None}),
        ("before_session", {"each": True}),
        ("after_session", {"days_open": 1}),
        ("on_demand", {}),
    ],
)
def test_it_is_read_again_as_it_was_written(kind: str, more: dict[str, Any]) -> None:
    rule = rules.read({"kind": kind} | more)
    assert rule.kind == kind
    assert rules.read(rule.model_dump(mode="json")) == rule


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ({"kind": "daily", "ends_on": "2026-03-01", "count": 3}, "ends_on or count, not both"),
        ({"kind": "daily", "opens": "09:00", "due": "08:59"}, "due is a time after opens"),
        ({"kind": "daily", "opens": "09:00", "due": "09:00"}, "due is a time after opens"),
        ({"kind": "daily", "due": "00:00"}, "due is a time after opens"),
        ({"kind": "daily", "opens": "24:00"}, "written as 09:00"),
        ({"kind": "daily", "opens": "9:00"}, "written as 09:00"),
        ({"kind": "daily", "opens": "09:00\n"}, "written as 09:00"),
        ({"kind": "daily", "opens": "09:00:00"}, "written as 09:00"),
        ({"kind": "daily", "opens": "\u0660\u0669:00"}, "written as 09:00"),
        ({"kind": "daily", "opens": 540}, "valid string"),
        ({"kind": "daily", "opens": None}, "valid string"),
        ({"kind": "daily", "every": 0}, "greater than or equal to 1"),
        ({"kind": "daily", "every": 91}, "less than or equal to 90"),
        ({"kind": "daily", "every": True}, "valid integer"),
        ({"kind": "daily", "every": "2"}, "valid integer"),
        ({"kind": "daily", "every": 1.5}, "valid integer"),
        ({"kind": "daily", "every": 1e300}, "less than or equal to 90"),
        ({"kind": "daily", "every": float("nan")}, "integer"),
        ({"kind": "daily", "days_open": 0}, "greater than or equal to 1"),
        ({"kind": "daily", "days_open": 29}, "less than or equal to 28"),
        ({"kind": "daily", "count": 1001}, "less than or equal to 1000"),
        ({"kind": "daily", "count": 0}, "greater than or equal to 1"),
        ({"kind": "daily", "starts_on": "2026-02-30"}, "valid date"),
        ({"kind": "daily", "starts_on": "1899-12-31"}, OUT_OF_REACH),
        ({"kind": "daily", "ends_on": "9999-12-31"}, OUT_OF_REACH),
        ({"kind": "daily", "starts_on": 20260301}, "written as 2026-03-01"),
        ({"kind": "daily", "days": ["mo"]}, "not permitted"),
        ({"kind": "daily", "zone": "Europe/Berlin"}, "not permitted"),
        ({"kind": "weekdays", "every": 2}, "not permitted"),
        ({"kind": "weekly"}, "required"),
        ({"kind": "weekly", "days": []}, "at least 1 item"),
        ({"kind": "weekly", "days": ["mo", "tu", "mo"]}, "name each day of the week once"),
        ({"kind": "weekly", "days": ["mo"] * 8}, "at most 7 items"),
        ({"kind": "weekly", "days": ["MO"]}, "should be 'mo'"),
        ({"kind": "weekly", "days": "mo"}, "valid list"),
        ({"kind": "weekly", "days": ["mo"], "every": 13}, "less than or equal to 12"),
        ({"kind": "monthly", "day": 0}, "or -1 for the last day"),
        ({"kind": "monthly", "day": -2}, "greater than or equal to -1"),
        ({"kind": "monthly", "day": 32}, "less than or equal to 31"),
        ({"kind": "monthly", "day": 31, "count": 5, "ends_on": "2030-01-01"}, "not both"),
        ({"kind": "times_a_week", "times": 0}, "greater than or equal to 1"),
        ({"kind": "times_a_week", "times": 15}, "less than or equal to 14"),
        ({"kind": "times_a_week", "times": 3, "days_open": 2}, "not permitted"),
        ({"kind": "once", "opens": "09:00"}, "not permitted"),
        ({"kind": "before_session", "each": "yes"}, "valid boolean"),
        ({"kind": "after_session", "each": 1}, "valid boolean"),
        ({"kind": "on_demand", "count": 3}, "not permitted"),
        ({"kind": "yearly"}, "does not match"),
        ({"kind": None}, "does not match"),
        ({}, "discriminator"),
        ([], "valid dict"),
        ("daily", "valid dict"),
        (None, "valid dict"),
    ],
)
def test_what_makes_no_sense_is_refused(rule: object, says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        rules.read(rule)


NEVER = [
    ({"kind": "daily", "ends_on": "2026-03-01"}, "ends_on comes before the day it starts"),
    ({"kind": "times_a_week", "times": 1, "ends_on": "2026-03-01"}, "ends_on comes before"),
    ({"kind": "weekly", "days": ["su"], "ends_on": "2026-03-07"}, "not occur once before it ends"),
    ({"kind": "monthly", "day": 1, "ends_on": "2026-03-31"}, "not occur once before it ends"),
    ({"kind": "daily", "ends_on": "2053-07-19"}, "more than 10000 times"),
    ({"kind": "weekdays", "ends_on": "2199-12-31"}, "more than 10000 times"),
    ({"kind": "times_a_week", "times": 14, "ends_on": "2040-01-01"}, "more than 10000 times"),
]


@pytest.mark.parametrize(("rule", "says"), NEVER)
def test_what_never_or_always_occurs_is_refused_where_the_start_is_known(
    rule: dict[str, Any], says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        rules.check(rules.read(rule), DAY)
    with pytest.raises(ValidationError, match=says):
        rules.read(rule | {"starts_on": DAY.isoformat()})


@pytest.mark.parametrize(
    ("day", "every", "starts_on"),
    [
        (30, 12, "2026-02-01"),
        (31, 12, "2026-04-30"),
        (31, 12, "2027-02-01"),
        (30, 12, "2199-02-01"),
    ],
)
def test_the_31st_of_a_month_without_one_never_comes(day: int, every: int, starts_on: str) -> None:
    rule = rules.read({"kind": "monthly", "day": day, "every": every})
    with pytest.raises(ValueError, match="none of the months it comes to has that day"):
        rules.check(rule, date.fromisoformat(starts_on))


def test_a_start_out_of_reach_is_refused_wherever_it_comes_from() -> None:
    with pytest.raises(ValueError, match=OUT_OF_REACH):
        rules.check(rules.read({"kind": "daily"}), date(2200, 1, 1))


@pytest.mark.parametrize("kind", ["once", "on_demand", "before_session", "after_session"])
def test_other_kinds_always_make_sense(kind: str) -> None:
    rules.check(rules.read({"kind": kind}), DAY)
    assert rules.rrule(rules.read({"kind": kind})) is None


def test_ten_thousand_times_are_as_many_as_there_may_be() -> None:
    last = DAY + timedelta(days=9_999)
    rules.check(rules.read({"kind": "daily", "ends_on": last}), DAY)
    with pytest.raises(ValueError, match="choose an earlier ends_on"):
        rules.check(rules.read({"kind": "daily", "ends_on": last + timedelta(days=1)}), DAY)


def test_it_starts_where_it_says_or_else_where_it_was_agreed() -> None:
    own = rules.read({"kind": "daily", "starts_on": "2026-05-01"})
    assert rules.start(own, DAY) == date(2026, 5, 1)
    assert rules.start(rules.read({"kind": "daily"}), DAY) == DAY
    assert rules.start(rules.read({"kind": "once"}), DAY) == DAY


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ({"kind": "daily"}, "FREQ=DAILY"),
        ({"kind": "daily", "every": 3, "count": 10}, "FREQ=DAILY;INTERVAL=3;COUNT=10"),
        ({"kind": "weekdays"}, "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;WKST=MO"),
        (
            {"kind": "weekly", "every": 2, "days": ["su", "we"], "ends_on": "2026-12-31"},
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE,SU;UNTIL=20261231;WKST=MO",
        ),
        ({"kind": "monthly", "day": -1}, "FREQ=MONTHLY;BYMONTHDAY=-1"),
        ({"kind": "times_a_week", "times": 2}, None),
    ],
)
def test_its_rrule_reads(rule: dict[str, Any], text: str | None) -> None:
    assert rules.rrule(rules.read(rule)) == text


@settings(max_examples=150, deadline=None)
@given(scenes())
def test_its_rrule_means_the_same_to_others(scene: tuple[Any, str, date, date]) -> None:
    rule, _, starts_on, near = scene
    text = rules.rrule(rules.read(rule))
    begins = datetime.combine(starts_on, datetime.min.time())
    days = oracle.days(rule, starts_on, near)
    found = [one.date() for one in islice(rrulestr(str(text), dtstart=begins), len(days))]
    assert found == days
