"""When a client is reminded of a slot: the chosen hour on the wall, whatever the clocks do."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.choices.reminding import Choice, remind_at
from app.core.zones import available_zones
from app.schedules import rules
from app.schedules.local import instant, midnight_after
from app.schedules.slots import Slot

DAY = date(2026, 12, 1)
ZONE = "Europe/Berlin"
ZONES = st.sampled_from(sorted(available_zones()))
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
HOURS = st.times().map(lambda at: at.replace(second=0, microsecond=0, fold=0))


ONCE = rules.read({"kind": "once"})


def reminder(
    choice: Choice,
    day: date,
    zone: str,
    opens_at: datetime | None,
    closes_at: datetime | None,
    due_at: datetime | None = None,
) -> datetime | None:
    """The reminder of what is done once, in this window."""
    slot: Any = Slot("once", day, opens_at, due_at, closes_at)  # type: ignore[arg-type]
    return remind_at(choice, ONCE, slot, zone)


def daily(choice: Choice, day: date = DAY, zone: str = ZONE) -> datetime | None:
    """The reminder of a slot that is open all through this local day."""
    return reminder(choice, day, zone, instant(day, time(), zone), midnight_after(day, zone))


def on_the_wall(moment: datetime | None, zone: str = ZONE) -> str | None:
    return None if moment is None else f"{moment.astimezone(ZoneInfo(zone)):%m-%d %H:%M}"


def window(opens: str, closes: str) -> tuple[datetime, datetime]:
    """Two moments of December 2026 on the wall, as 01 10:00."""
    here = ZoneInfo(ZONE)
    first, last = (datetime.strptime(f"2026-12-{one}", "%Y-%m-%d %H:%M") for one in (opens, closes))  # noqa: DTZ007
    return first.replace(tzinfo=here), last.replace(tzinfo=here)


def test_nobody_is_reminded_who_chose_no_channel() -> None:
    assert daily(Choice("none", time(9))) is None


def test_a_slot_without_a_time_yet_has_no_reminder() -> None:
    assert reminder(Choice("app"), DAY, ZONE, None, None) is None


@given(DAYS, ZONES, HOURS)
def test_the_hour_on_the_wall_is_kept(day: date, zone: str, at: time) -> None:
    if instant(day, time(), zone) < midnight_after(day, zone):
        assert daily(Choice("app", at), day, zone) == instant(day, at, zone)


@pytest.mark.parametrize(
    ("day", "utc"),
    [
        (date(2027, 3, 27), "01:30"),
        (date(2027, 3, 28), "01:00"),  # 02:30 is left out: clocks go from 02:00 to 03:00
        (date(2027, 3, 29), "00:30"),
        (date(2027, 10, 30), "00:30"),
        (date(2027, 10, 31), "00:30"),  # 02:30 comes twice: the first of the two
        (date(2027, 11, 1), "01:30"),
    ],
)
def test_on_nights_when_clocks_change(day: date, utc: str) -> None:
    found = daily(Choice("email", time(2, 30)), day)
    assert found is not None
    assert f"{found:%H:%M}" == utc


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        ("06:30", "12-01 07:00"),
        ("07:00", "12-01 07:00"),
        ("21:59", "12-01 21:59"),
        ("22:00", None),  # quiet until the slot is over
        ("00:00", "12-01 07:00"),
    ],
)
def test_quiet_hours_put_it_off_or_let_it_fall_away(at: str, shown: str | None) -> None:
    choice = Choice("app", time.fromisoformat(at), time(22), time(7))
    assert on_the_wall(daily(choice)) == shown


def test_quiet_hours_within_a_day() -> None:
    choice = Choice("app", time(13), time(12, 30), time(14))
    assert on_the_wall(daily(choice)) == "12-01 14:00"


def test_quiet_over_midnight_waits_for_the_morning_of_a_slot_still_open() -> None:
    opens_at, closes_at = window("01 00:00", "03 00:00")
    found = reminder(Choice("app", time(23), time(22), time(7)), DAY, ZONE, opens_at, closes_at)
    assert on_the_wall(found) == "12-02 07:00"


def test_quiet_hours_end_on_the_wall_after_the_clocks_went_forward() -> None:
    choice = Choice("app", time(1), time(22), time(3))
    found = daily(choice, date(2027, 3, 28))
    assert found == datetime(2027, 3, 28, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("opens", "closes", "at", "shown"),
    [
        ("01 16:50", "08 00:00", "09:00", "12-02 09:00"),  # after a session: the next morning
        ("01 16:50", "02 00:00", "09:00", "12-01 16:50"),  # the hour never comes: as it opens
        ("01 16:50", "02 00:00", "20:00", "12-01 20:00"),
        ("24 10:00", "01 10:00", "18:00", "11-30 18:00"),  # before a session: the evening before
    ],
)
def test_the_hour_at_which_the_slot_is_open(opens: str, closes: str, at: str, shown: str) -> None:
    opens_at, closes_at = window(opens, closes)
    if opens_at > closes_at:
        opens_at -= timedelta(days=30)
    found = reminder(Choice("app", time.fromisoformat(at)), DAY, ZONE, opens_at, closes_at)
    assert on_the_wall(found) == shown


@pytest.mark.parametrize(
    ("due", "at", "shown"),
    [
        ("01 08:00", "09:00", "11-30 09:00"),  # it would be over by then: the day before
        ("01 10:00", "09:00", "12-01 09:00"),
        ("01 09:00", "09:00", "11-30 09:00"),
    ],
)
def test_nobody_is_reminded_after_it_was_due(due: str, at: str, shown: str) -> None:
    closes_at, due_at = window("08 00:00", due)
    opens_at = closes_at - timedelta(days=14)
    choice = Choice("app", time.fromisoformat(at))
    assert on_the_wall(reminder(choice, DAY, ZONE, opens_at, closes_at, due_at)) == shown


HOURS_LATER = st.none() | st.integers(1, 96)


@given(DAYS, ZONES, HOURS, HOURS, HOURS, st.integers(-48, 48), HOURS_LATER, HOURS_LATER)
def test_a_reminder_lies_in_its_slot_before_it_is_due_and_outside_quiet_hours(
    day: date,
    zone: str,
    at: time,
    start: time,
    end: time,
    opens: int,
    hours: int | None,
    until_due: int | None,
) -> None:
    opens_at = instant(day, time(12), zone) + timedelta(hours=opens)
    closes_at = None if hours is None else opens_at + timedelta(hours=hours)
    due_at = None if until_due is None else opens_at + timedelta(hours=until_due)
    found = reminder(Choice("app", at, start, end), day, zone, opens_at, closes_at, due_at)
    if found is not None:
        shown = found.astimezone(ZoneInfo(zone))
        quiet = start <= shown.time() < end or (end < start and not end <= shown.time() < start)
        assert opens_at <= found
        assert closes_at is None or found < closes_at
        assert due_at is None or found < due_at
        assert not quiet or _near_a_change(found, zone)


def _near_a_change(moment: datetime, zone: str) -> bool:
    """Clocks change within a day of it: then what is quiet is not what the wall alone says."""
    here, day = ZoneInfo(zone), timedelta(days=1)
    return len({(moment + n * day).astimezone(here).utcoffset() for n in (-1, 0, 1)}) > 1
