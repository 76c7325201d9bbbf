"""Local times are the instants at which clocks show them."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from app.schedules.local import instant, local_day, midnight_after
from tests.schedules import oracle
from tests.schedules.making import every_change, kinds_of_change, zones

MINUTE = timedelta(minutes=1)


def test_the_changes_are_those_of_sixteen_years_in_all_zones() -> None:
    changed = {change.zone for change in every_change()}
    assert len(zones()) > 400
    assert len(changed) > 200
    assert len(every_change()) > 6000
    assert {change.at.year for change in every_change()} == set(range(2020, 2036))
    assert len(kinds_of_change()) > 25


def test_each_minute_is_the_first_that_a_walk_along_utc_meets() -> None:
    for one in kinds_of_change():
        walk = [one.at + minutes * MINUTE for minutes in range(-2880, 2880)]
        clocks = [(moment, oracle.shown(moment, one.zone)) for moment in walk]
        met = {clock: moment for moment, clock in reversed(clocks)}
        for minutes in range(-780, 780):
            wanted = one.after + minutes * MINUTE
            later = (moment for moment, clock in clocks if clock > wanted)
            found = instant(wanted.date(), wanted.time(), one.zone)
            assert found == (met.get(wanted) or next(later)), (one, wanted)


def test_around_every_change_times_are_as_the_oracle_says() -> None:
    for one in every_change():
        for wanted in (
            one.before - MINUTE,
            one.before,
            one.after - MINUTE,
            one.after,
            one.before + (one.after - one.before) / 2,
            one.before.replace(hour=9, minute=0),
        ):
            found = instant(wanted.date(), wanted.time(), one.zone)
            assert found == oracle.first_shown(wanted.date(), wanted.time(), one.zone), one


def test_around_every_change_days_end_where_the_next_begins() -> None:
    for one in every_change():
        day = one.after.date()
        ends_at = midnight_after(day, one.zone)
        assert local_day(ends_at, one.zone) == day + oracle.DAY
        assert local_day(ends_at - timedelta(seconds=1), one.zone) == day
        assert ends_at == instant(day + oracle.DAY, time(), one.zone)


@pytest.mark.parametrize(
    ("zone", "local", "utc"),
    [
        ("Europe/Berlin", "2026-03-28T09:00", "2026-03-28T08:00"),
        ("Europe/Berlin", "2026-03-30T09:00", "2026-03-30T07:00"),
        ("Europe/Berlin", "2026-03-29T02:00", "2026-03-29T01:00"),
        ("Europe/Berlin", "2026-03-29T02:30", "2026-03-29T01:00"),
        ("Europe/Berlin", "2026-10-25T02:30", "2026-10-25T00:30"),
        ("Pacific/Apia", "2011-12-29T09:00", "2011-12-29T19:00"),
        ("Pacific/Apia", "2011-12-30T00:00", "2011-12-30T10:00"),
        ("Pacific/Apia", "2011-12-30T09:00", "2011-12-30T10:00"),
        ("Pacific/Apia", "2011-12-31T00:00", "2011-12-30T10:00"),
        ("Pacific/Kwajalein", "1993-08-21T12:00", "1993-08-21T12:00"),
        ("America/Sao_Paulo", "2018-11-04T00:00", "2018-11-04T03:00"),
        ("America/Sao_Paulo", "2018-11-04T00:59", "2018-11-04T03:00"),
        ("America/Sao_Paulo", "2018-02-17T23:30", "2018-02-18T01:30"),
        ("Asia/Beirut", "2026-03-29T00:00", "2026-03-28T22:00"),
        ("Africa/Cairo", "2026-04-24T00:30", "2026-04-23T22:00"),
        ("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:30"),
        ("Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-04T14:45"),
        ("America/St_Johns", "2010-11-07T00:00", "2010-11-07T02:30"),
        ("Asia/Pyongyang", "2018-05-04T23:45", "2018-05-04T15:00"),
        ("Europe/Istanbul", "2016-10-30T03:30", "2016-10-30T00:30"),
        ("America/Caracas", "2016-05-01T02:45", "2016-05-01T07:00"),
        ("UTC", "2026-03-29T02:30", "2026-03-29T02:30"),
    ],
)  # fmt: skip
def test_local_times_that_are_known(zone: str, local: str, utc: str) -> None:
    wanted = datetime.fromisoformat(local)
    found = instant(wanted.date(), wanted.time(), zone)
    assert found == datetime.fromisoformat(f"{utc}:00+00:00")
    assert found.tzinfo is UTC


def test_seconds_and_their_parts_are_kept_and_leap_too() -> None:
    late = time(9, 0, 30, 250_000)
    assert instant(date(2026, 3, 29), late, "Europe/Berlin").time() == time(7, 0, 30, 250_000)
    leapt = instant(date(2026, 3, 29), time(2, 59, 59, 999_999), "Europe/Berlin")
    assert leapt == datetime(2026, 3, 29, 1, tzinfo=UTC)


def test_a_day_that_a_zone_left_out_is_over_as_it_begins() -> None:
    ends_at = midnight_after(date(2011, 12, 29), "Pacific/Apia")
    assert ends_at == midnight_after(date(2011, 12, 30), "Pacific/Apia")
    assert local_day(ends_at, "Pacific/Apia") == date(2011, 12, 31)


@pytest.mark.parametrize(
    "name", ["", "Mars/Olympus", "europe/berlin", "../passwd", "America", "x" * 500, "UTC\0", "+01"]
)
def test_an_unknown_zone_is_named_as_such(name: str) -> None:
    with pytest.raises(ValueError, match="not a known IANA time zone"):
        instant(date(2026, 3, 29), time(9), name)
