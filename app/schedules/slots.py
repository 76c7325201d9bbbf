"""The slots of a schedule: which there are on some local days, and when each is open."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Protocol

from app.schedules import recurring
from app.schedules.local import instant, local_day, midnight_after
from app.schedules.recurring import LAST_DAY
from app.schedules.rules import (
    AfterSessionSchedule,
    BeforeSessionSchedule,
    RecurringSchedule,
    Schedule,
    TimesAWeekSchedule,
    recurrence,
)

_DAY = timedelta(days=1)
_OF_WEEK = re.compile(r"\d{4}-W\d\d-(\d+)")


class Placed(Protocol):
    """A slot as it is to be: its key in the assignment, its local day, its window."""

    @property
    def key(self) -> str: ...
    @property
    def local_on(self) -> date: ...
    @property
    def opens_at(self) -> datetime | None: ...
    @property
    def due_at(self) -> datetime | None: ...
    @property
    def closes_at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Slot:
    """One time that homework is to be done.

    `key` names it within its assignment, whatever the zone: `2026-11-22`, or `2026-W47-1` where
    any days of a week will do. `local_on` is its local day, for those the last of their week.
    Instants are UTC; it is open from the first up to the last, which it does not include.
    """

    key: str
    local_on: date
    opens_at: datetime
    due_at: datetime | None
    closes_at: datetime | None


def slots(
    rule: Schedule, zone: str, *, starts_on: date, first_on: date, last_on: date
) -> list[Slot]:
    """The slots whose `local_on` lies in `first_on` to `last_on` (both included), in order.

    `starts_on` is the local day the schedule counts from (`rules.start`). The same slots come of
    one range as of its parts, and keys and local days are the same in every zone. Homework done
    once, on demand or around sessions has none here. Raises ValueError for an unknown zone.
    """
    if isinstance(rule, TimesAWeekSchedule):
        return [
            slot
            for first, last in _weeks(rule, starts_on, first_on, last_on)
            for slot in _week(rule, zone, first, last)
        ]
    days = recurrence(rule, starts_on)
    if days is None or not isinstance(rule, RecurringSchedule):
        return []
    opens = time.fromisoformat(rule.opens)
    due = None if rule.due is None else time.fromisoformat(rule.due)
    open_for = timedelta(days=rule.days_open - 1)
    made = []
    for day in recurring.days(days, first_on, last_on):
        opens_at = instant(day, opens, zone)
        due_at = None if due is None else instant(day, due, zone)
        closes_at = _end(day + open_for, opens_at, zone)
        made.append(Slot(day.isoformat(), day, opens_at, due_at, closes_at))
    return made


def next_after(rule: Schedule, *, starts_on: date, after: date) -> date | None:
    """The `local_on` of the first slot later than `after`, in any zone; None when there is none."""
    if after >= LAST_DAY:
        return None
    later = after + _DAY
    if isinstance(rule, TimesAWeekSchedule):
        return next((last for _, last in _weeks(rule, starts_on, later, LAST_DAY)), None)
    days = recurrence(rule, starts_on)
    return None if days is None else next(recurring.days(days, later, LAST_DAY), None)


def reminder_day(rule: Schedule, slot: Placed, zone: str) -> date | None:
    """The local day on which to remind of a slot: its own.

    Where any days of a week will do, the slots of a week share its days out evenly: three in a
    whole week come on Tuesday, Thursday and Saturday. None for one that would come on the same
    day as the one before it: once a day is enough. Raises ValueError for an unknown zone.
    """
    of_week = _OF_WEEK.fullmatch(slot.key)
    if not isinstance(rule, TimesAWeekSchedule) or slot.opens_at is None or of_week is None:
        return slot.local_on
    first = min(local_day(slot.opens_at, zone), slot.local_on)
    days, times = (slot.local_on - first).days + 1, _times(rule, first, slot.local_on)
    number = int(of_week[1])
    if number > times:  # It was one of more a week, before the schedule was changed.
        return slot.local_on
    day, before = (_share(one, times, days) for one in (number, number - 1))
    return None if number > 1 and day == before else first + day * _DAY


def session_window(
    rule: BeforeSessionSchedule | AfterSessionSchedule,
    sessions_start: datetime,
    minutes: int,
    zone: str,
    *,
    previous_end: datetime | None,
) -> tuple[datetime | None, datetime | None, datetime]:
    """When the slot of a session opens, is due and closes.

    Before it: from the previous session's end until this one starts; opens None means at once,
    there being no session before, or none that ends before this starts. After it: from its end,
    for `days_open` local days, the first of them being the one it ends on. Raises ValueError for
    an unknown zone.
    """
    if isinstance(rule, BeforeSessionSchedule):
        opens_at = previous_end
        if opens_at is not None and opens_at >= sessions_start:
            opens_at = None
        return opens_at, sessions_start, sessions_start
    ends_at = sessions_start + timedelta(minutes=minutes)
    last = local_day(ends_at, zone) + timedelta(days=rule.days_open - 1)
    return ends_at, None, midnight_after(last, zone)


def _weeks(
    rule: TimesAWeekSchedule, starts_on: date, first_on: date, last_on: date
) -> Iterator[tuple[date, date]]:
    """The first and last day in the schedule of each week whose last one lies in the range."""
    end = rule.ends_on or LAST_DAY
    begin = max(first_on, starts_on)
    monday = begin - timedelta(days=begin.weekday())
    for weeks in count():
        first = max(monday + timedelta(weeks=weeks), starts_on)
        last = min(monday + timedelta(weeks=weeks, days=6), end)
        if first > last or last > last_on:
            return
        if last >= first_on:
            yield first, last


def _week(rule: TimesAWeekSchedule, zone: str, first: date, last: date) -> Iterator[Slot]:
    year, week, _ = last.isocalendar()
    opens_at = instant(first, time(), zone)
    closes_at = _end(last, opens_at, zone)
    for number in range(1, _times(rule, first, last) + 1):
        yield Slot(f"{year}-W{week:02}-{number}", last, opens_at, None, closes_at)


def _times(rule: TimesAWeekSchedule, first: date, last: date) -> int:
    """A week cut short asks for its share of a whole one, to the nearest number, and for one at
    least."""
    days = (last - first).days + 1
    return max(1, (2 * rule.times * days + 7) // 14)


def _share(number: int, times: int, days: int) -> int:
    """The day, from 0, in the middle of this one's share of the days."""
    return (2 * number - 1) * days // (2 * times)


# 23:30 of an evening whose clocks jump from 23:00 to midnight is the midnight at which that day
# ends, and so is all of a day that a zone left out: then the day it opens on is the last.
def _end(last: date, opens_at: datetime, zone: str) -> datetime:
    return midnight_after(max(last, local_day(opens_at, zone)), zone)
