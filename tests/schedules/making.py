"""Zones, and schedules to be drawn from."""

from datetime import date, timedelta
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from hypothesis import strategies as st

from tests.schedules.oracle import Change, changes

LEAPING = (
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/Havana",
    "America/Nuuk",
    "America/Santiago",
    "America/Scoresbysund",
    "Antarctica/Casey",
    "Antarctica/Troll",
    "Asia/Beirut",
    "Asia/Gaza",
    "Australia/Lord_Howe",
    "Europe/Berlin",
    "Europe/Dublin",
    "Pacific/Chatham",
)
"""Zones whose clocks change at midnight, over midnight, by 30 minutes or by two hours, and more."""


@cache
def zones() -> tuple[str, ...]:
    """Every zone there is, in order; the machine's own is none."""
    return tuple(sorted(available_timezones() - {"localtime"}))


@cache
def every_change() -> tuple[Change, ...]:
    """The clock changes of 2020 to 2035 in all zones."""
    return tuple(
        change for zone in zones() for change in changes(zone) if 2020 <= change.at.year <= 2035
    )


@cache
def kinds_of_change() -> tuple[Change, ...]:
    """One clock change of every kind: from this time of day to that."""
    return tuple(
        {(one.before.time(), one.after.time(), one.zone in LEAPING): one for one in every_change()}
        .values()
    )  # fmt: skip


times = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.sampled_from([0, 1, 15, 30, 45, 59]))
weekdays = st.lists(
    st.sampled_from(["mo", "tu", "we", "th", "fr", "sa", "su"]), min_size=1, unique=True
)


@st.composite
def scenes(draw: st.DrawFn, *, weekly: bool = False) -> tuple[dict[str, Any], str, date, date]:
    """A rule, a zone, the day the rule starts and a day beside a clock change of that zone."""
    aimed = draw(st.sampled_from(every_change()))
    zone = draw(st.sampled_from([aimed.zone, aimed.zone, *LEAPING]))
    near = aimed.after.date() + timedelta(days=draw(st.integers(-3, 3)))
    starts_on = max(near - timedelta(days=draw(st.integers(-5, 900))), date(2019, 12, 1))
    return draw(times_a_week(starts_on) if weekly else recurring(starts_on)), zone, starts_on, near


@st.composite
def recurring(draw: st.DrawFn, starts_on: date) -> dict[str, Any]:
    """A rule that recurs on days."""
    rule: dict[str, Any] = {
        "kind": draw(st.sampled_from(["daily", "weekdays", "weekly", "monthly"])),
        "opens": draw(times),
        "days_open": draw(st.sampled_from([1, 1, 2, 7, 28])),
    }
    if rule["kind"] == "weekly":
        rule |= {"every": draw(st.integers(1, 12)), "days": draw(weekdays)}
    if rule["kind"] == "monthly":
        rule |= {"every": draw(st.integers(1, 12))}
        rule |= {"day": draw(st.sampled_from([1, 2, 15, 28, 29, 30, 31, -1]))}
    if rule["kind"] == "daily":
        rule |= {"every": draw(st.sampled_from([1, 1, 1, 2, 3, 7, 30, 90]))}
    if (due := draw(times)) > rule["opens"]:
        rule["due"] = due
    ends: dict[str, Any] = draw(st.one_of(st.just({}), counts, _ends(starts_on)))
    return rule | ends


@st.composite
def times_a_week(draw: st.DrawFn, starts_on: date) -> dict[str, Any]:
    """A rule of so many times a week."""
    ends: dict[str, Any] = draw(st.one_of(st.just({}), _ends(starts_on)))
    return ends | {"kind": "times_a_week", "times": draw(st.integers(1, 14))}


counts = st.builds(lambda count: {"count": count}, st.integers(1, 700))


def _ends(starts_on: date) -> st.SearchStrategy[dict[str, Any]]:
    return st.integers(0, 900).map(lambda days: {"ends_on": starts_on + timedelta(days=days)})
