"""What schedules come to, worked out the slow way: no code in common with app/schedules.

Clocks: the only question asked of a zone is what it shows at an instant. Days: each is walked
past and asked whether it belongs.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

FROM = datetime(2019, 11, 1, tzinfo=UTC)
TO = datetime(2036, 3, 1, tzinfo=UTC)
STEP = timedelta(days=5)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Change:
    """A clock change: at the instant `at`, what a clock shows goes from `before` to `after`."""

    zone: str
    at: datetime
    before: datetime
    after: datetime


def shown(moment: datetime, zone: str) -> datetime:
    """What a clock in the zone shows, without its offset."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def offset(moment: datetime, zone: str) -> timedelta:
    """How far a clock in the zone is ahead of UTC."""
    return shown(moment, zone) - moment.replace(tzinfo=None)


@cache
def changes(zone: str) -> tuple[Change, ...]:
    """Every clock change from the end of 2019 to the spring of 2036, to the second."""
    found = []
    early, was = FROM, offset(FROM, zone)
    while early < TO:
        late = early + STEP
        becomes = offset(late, zone)
        if becomes != was:
            low, high = int(early.timestamp()), int(late.timestamp())
            while high - low > 1:
                middle = (low + high) // 2
                same = offset(datetime.fromtimestamp(middle, UTC), zone) == was
                low, high = (middle, high) if same else (low, middle)
            at = datetime.fromtimestamp(high, UTC)
            plain = at.replace(tzinfo=None)
            found.append(Change(zone, at, plain + was, plain + becomes))
        early, was = late, becomes
    return tuple(found)


@cache
def _stretches(zone: str) -> tuple[tuple[datetime, datetime, timedelta], ...]:
    starts = [FROM, *(change.at for change in changes(zone)), TO]
    return tuple((start, end, offset(start, zone)) for start, end in pairwise(starts))


def first_shown(day: date, at: time, zone: str) -> datetime:
    """The first instant whose clock shows this; else the change that leaps over it."""
    wanted = datetime.combine(day, at)
    stretches = _stretches(zone)
    for start, end, ahead in stretches:
        if start <= (found := (wanted - ahead).replace(tzinfo=UTC)) < end:
            return found
    return next(
        start for start, _, ahead in stretches if start.replace(tzinfo=None) + ahead > wanted
    )


def days(rule: dict[str, Any], starts_on: date, last: date) -> list[date]:
    """Every day of a recurring rule up to `last`, walking from the day it starts."""
    found: list[date] = []
    end = min(last, rule.get("ends_on") or last)
    day = starts_on
    while day <= end and len(found) < (rule.get("count") or 10**6):
        if _belongs(rule, starts_on, day):
            found.append(day)
        day += DAY
    return found


def _belongs(rule: dict[str, Any], starts_on: date, day: date) -> bool:
    every: int = rule.get("every", 1)
    match rule["kind"]:
        case "daily":
            return (day - starts_on).days % every == 0
        case "weekdays":
            return day.isoweekday() <= 5
        case "weekly":
            first = starts_on.toordinal() - starts_on.weekday()
            weeks = (day.toordinal() - first) // 7
            named = ["mo", "tu", "we", "th", "fr", "sa", "su"][day.weekday()]
            return weeks % every == 0 and named in rule["days"]
        case _:
            months = (day.year - starts_on.year) * 12 + day.month - starts_on.month
            last = monthrange(day.year, day.month)[1]
            wanted: int = last if rule["day"] == -1 else rule["day"]
            return months % every == 0 and day.day == wanted


def weeks(rule: dict[str, Any], starts_on: date, last: date) -> list[list[date]]:
    """The days of each ISO week, within the rule, whose last one comes by `last`."""
    found: dict[tuple[int, int], list[date]] = {}
    end = rule.get("ends_on") or date.max
    day = starts_on
    while day <= min(end, last + 7 * DAY):
        found.setdefault(day.isocalendar()[:2], []).append(day)
        day += DAY
    return [week for week in found.values() if week[-1] <= last]


def window(rule: dict[str, Any], zone: str, first: date, last: date) -> tuple[Any, Any, datetime]:
    """When what opens on the first day and stays open through the last opens, is due and closes."""
    opens_at = first_shown(first, time.fromisoformat(rule.get("opens", "00:00")), zone)
    due = rule.get("due")
    due_at = due and first_shown(first, time.fromisoformat(due), zone)
    if shown(opens_at, zone).date() > last:
        last = shown(opens_at, zone).date()
    return opens_at, due_at, first_shown(last + DAY, time(), zone)
