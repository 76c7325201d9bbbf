"""Which days recur: RFC 5545, reached without walking through the years before."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from math import gcd
from typing import Final, Literal

from dateutil.rrule import DAILY, MO, MONTHLY, WEEKLY
from dateutil.rrule import rrule as expanded

FIRST_DAY: Final = date(1900, 1, 1)
LAST_DAY: Final = date(2199, 12, 31)
"""Schedules live between these days; nothing recurs after the last one."""

_NAMES: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_LENGTHS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_FREQUENCIES: Final[dict[str, Literal[1, 2, 3]]] = {
    "daily": DAILY,
    "weekly": WEEKLY,
    "monthly": MONTHLY,
}


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Every n days, weeks (which begin on Monday) or months, counted from `starts_on`.

    `weekdays` (0 is Monday) belong to weekly, `month_day` (1 to 31, or -1 for the last) to
    monthly. `starts_on` itself is a day of it only where it fits. Both ends are included.
    """

    unit: Literal["daily", "weekly", "monthly"]
    every: int
    starts_on: date
    ends_on: date | None = None
    count: int | None = None
    weekdays: tuple[int, ...] = ()
    month_day: int = 1


def text(recurrence: Recurrence) -> str:
    """Its RFC 5545 RRULE, for a DTSTART that is a date (hence UNTIL is one)."""
    parts = [f"FREQ={recurrence.unit.upper()}"]
    if recurrence.every != 1:
        parts.append(f"INTERVAL={recurrence.every}")
    if recurrence.unit == "weekly":
        parts.append("BYDAY=" + ",".join(_NAMES[day] for day in recurrence.weekdays))
    if recurrence.unit == "monthly":
        parts.append(f"BYMONTHDAY={recurrence.month_day}")
    if recurrence.count is not None:
        parts.append(f"COUNT={recurrence.count}")
    if recurrence.ends_on is not None:
        parts.append(f"UNTIL={recurrence.ends_on:%Y%m%d}")
    if recurrence.unit == "weekly":
        parts.append("WKST=MO")
    return ";".join(parts)


def days(recurrence: Recurrence, first: date, last: date) -> Iterator[date]:
    """Its days from `first` to `last`, both included, in order."""
    last = min(last, recurrence.ends_on or LAST_DAY)
    first = max(first, recurrence.starts_on)
    if first > last:
        return
    anchor, before = _jump(recurrence, first)
    left = None if recurrence.count is None else max(recurrence.count - before, 0)
    rule = expanded(
        _FREQUENCIES[recurrence.unit],
        dtstart=datetime.combine(anchor, time()),
        interval=recurrence.every,
        wkst=MO,
        until=datetime.combine(last, time()),
        byweekday=recurrence.weekdays or None,
        bymonthday=recurrence.month_day if recurrence.unit == "monthly" else None,
    )
    for moment in islice(rule, left):
        if moment.date() >= first:
            yield moment.date()


def first(recurrence: Recurrence) -> date | None:
    """Return its first day, by arithmetic: a walk to the last day takes 80 ms where there is none.

    None when it never occurs before it ends.
    """
    found = _first(recurrence)
    return None if found is None or found > (recurrence.ends_on or LAST_DAY) else found


def _first(recurrence: Recurrence) -> date | None:
    start, every = recurrence.starts_on, recurrence.every
    if recurrence.unit == "daily":
        return start
    if recurrence.unit == "weekly":
        monday = start - timedelta(days=start.weekday())
        this_week = [day for day in recurrence.weekdays if day >= start.weekday()]
        if this_week:
            return monday + timedelta(days=min(this_week))
        return monday + timedelta(weeks=every, days=min(recurrence.weekdays))
    # After twelve steps every month it comes to has been there, and of Februaries a leap year's.
    for step in range(13):
        month = _month(start) + step * every
        if _has(month, recurrence.month_day):
            found = _day_of(month, recurrence.month_day)
            if found >= start:
                return found
    return None


def total(recurrence: Recurrence, last: date) -> int:
    """How many days it has up to and including `last`."""
    last = min(last, recurrence.ends_on or last)
    anchor, before = _jump(recurrence, max(last, recurrence.starts_on))
    found = before + sum(1 for _ in days(recurrence, anchor, last))
    return found if recurrence.count is None else min(found, recurrence.count)


def _jump(recurrence: Recurrence, first: date) -> tuple[date, int]:
    """A day from which it goes on as from its start, at or before `first`, and how many days it
    had before that one."""
    start, every = recurrence.starts_on, recurrence.every
    if recurrence.unit == "daily":
        periods = (first - start).days // every
        return start + timedelta(days=periods * every), periods
    if recurrence.unit == "weekly":
        monday = start - timedelta(days=start.weekday())
        periods = (first - monday).days // (7 * every)
        early = sum(1 for day in recurrence.weekdays if day < start.weekday())
        before = periods * len(recurrence.weekdays) - early
        anchor = monday + timedelta(days=7 * every * periods)
    else:
        month = _month(start)
        periods = (_month(first) - month) // every
        before = periods - _without(recurrence.month_day, month, every, periods)
        before -= 0 < recurrence.month_day < start.day
        year, index = divmod(month + periods * every, 12)
        anchor = date(year, index + 1, 1)
    return (anchor, before) if periods else (start, 0)


def _without(month_day: int, month: int, every: int, periods: int) -> int:
    """Count those of the months, `every` apart from `month` on, that do not have the day."""
    round_trip = 12 // gcd(12, every)
    missing = 0
    for step in range(min(round_trip, periods)):
        same = range(month + step * every, month + periods * every, round_trip * every)
        if month_day == 29:
            missing += sum(not _has(one, 29) for one in same) if same[0] % 12 == 1 else 0
        elif not _has(same[0], month_day):
            missing += len(same)
    return missing


def _day_of(month: int, month_day: int) -> date:
    year, index = divmod(month, 12)
    if month_day > 0:
        return date(year, index + 1, month_day)
    return date(year, index + 1, monthrange(year, index + 1)[1])


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _has(month: int, day: int) -> bool:
    year, index = divmod(month, 12)
    leap = index == 1 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return day <= _LENGTHS[index] + leap
