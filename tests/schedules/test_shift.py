"""What is put off lasts as long, and comes as often."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.schedules import rules
from app.schedules.shift import shifted
from tests.schedules import oracle
from tests.schedules.making import recurring, times_a_week

BEGINS = date(2026, 3, 2)
LATER = st.integers(-10, 900).map(lambda days: BEGINS + timedelta(days=days))


def put_off(rule: dict[str, Any], today: date) -> tuple[Any, Any]:
    """A rule with a first day, before and after, as the wire writes them."""
    before = rules.read(rule | {"starts_on": BEGINS})
    return before, shifted(before, BEGINS, today)


def often(rule: Any) -> int:
    """How many days it has, walked one by one, as far as it is counted."""
    stored = rule.model_dump()
    return len(oracle.days(stored, rule.starts_on, rule.ends_on))


@settings(max_examples=200, deadline=None)
@given(recurring(BEGINS), LATER)
def test_it_comes_as_often_as_before(rule: dict[str, Any], today: date) -> None:
    try:
        before, after = put_off(rule, today)
    except ValueError:
        return  # what would never occur is no schedule
    assert before == after or after.starts_on >= max(BEGINS, today)
    assert after.model_dump(exclude={"starts_on", "ends_on"}) == before.model_dump(
        exclude={"starts_on", "ends_on"}
    )
    if before.ends_on is not None and rule["kind"] != "monthly":
        assert after.ends_on - after.starts_on == before.ends_on - before.starts_on
        assert often(after) == often(before)


@settings(max_examples=100, deadline=None)
@given(times_a_week(BEGINS), LATER)
def test_a_number_of_weeks_stays_that_number(rule: dict[str, Any], today: date) -> None:
    before, after = put_off(rule, today)
    assert after.starts_on.weekday() == before.starts_on.weekday()
    if before.ends_on is not None:
        assert after.ends_on - after.starts_on == before.ends_on - before.starts_on


@pytest.mark.parametrize(
    ("rule", "today", "days"),
    [
        ({"kind": "daily", "ends_on": "2026-03-15"}, "2026-06-01", (None, "2026-06-14")),
        ({"kind": "daily", "starts_on": "2026-03-02", "ends_on": "2026-03-15"}, "2026-06-03",
         ("2026-06-03", "2026-06-16")),
        ({"kind": "weekly", "days": ["mo"], "starts_on": "2026-03-02", "ends_on": "2026-03-23"},
         "2026-06-03", ("2026-06-08", "2026-06-29")),
        ({"kind": "monthly", "day": 15, "starts_on": "2026-03-02", "ends_on": "2026-05-20"},
         "2026-06-03", ("2026-07-02", "2026-09-20")),
        ({"kind": "daily", "count": 10, "starts_on": "2026-03-02"}, "2026-06-03",
         ("2026-06-03", None)),
        ({"kind": "daily", "starts_on": "2026-07-01", "ends_on": "2026-07-09"}, "2026-06-03",
         ("2026-07-01", "2026-07-09")),
    ],
)  # fmt: skip
def test_both_days_move_together(rule: dict[str, Any], today: str, days: tuple[Any, Any]) -> None:
    read: Any = rules.read(rule)
    begins = read.starts_on or BEGINS
    after: Any = shifted(read, begins, date.fromisoformat(today)).model_dump(mode="json")
    assert (after["starts_on"], after["ends_on"]) == days


@pytest.mark.parametrize("kind", ["once", "on_demand", "before_session", "after_session"])
def test_what_has_no_days_stays_as_it_is(kind: str) -> None:
    rule = rules.read({"kind": kind})
    assert shifted(rule, BEGINS, date(2026, 6, 3)) == rule
