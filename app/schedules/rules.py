"""Schedules on the wire: when homework is to be done."""

import re
from datetime import date
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, Field, StrictBool, TypeAdapter, WithJsonSchema, model_validator

from app.core.wire import UNORDERED, WHOLE, Day, Input
from app.schedules import recurring
from app.schedules.recurring import FIRST_DAY, LAST_DAY, Recurrence

MOST: Final = 10_000
"""Occurrences a schedule with an end may have."""

_NEVER: Final = "none of the months it comes to has that day, so it would never occur"
_NEVER_BY_THEN: Final = "it would not occur once before it ends; choose a later ends_on"

Weekday = Literal["mo", "tu", "we", "th", "fr", "sa", "su"]
_WEEK: Final = ("mo", "tu", "we", "th", "fr", "sa", "su")
_TIME: Final = r"([01][0-9]|2[0-3]):[0-5][0-9]"


def _written_time(value: str) -> str:
    if not re.fullmatch(_TIME, value):
        raise ValueError("a local time is written as 09:00, from 00:00 to 23:59")
    return value


def _in_reach(value: date) -> date:
    if not FIRST_DAY <= value <= LAST_DAY:
        raise ValueError("a day here lies in the years 1900 to 2199")
    return value


def _different(value: list[Weekday]) -> list[Weekday]:
    if len(set(value)) != len(value):
        raise ValueError("name each day of the week once")
    return value


def _not_none(value: int) -> int:
    if value == 0:
        raise ValueError("day is 1 to 31, or -1 for the last day of the month")
    return value


LocalTime = Annotated[
    str,
    AfterValidator(_written_time),
    WithJsonSchema({"type": "string", "pattern": f"^{_TIME}$", "maxLength": 5}),
]
"""A time on the client's clock, HH:MM."""
ScheduleDay = Annotated[Day, AfterValidator(_in_reach)]
"""A local day in the years 1900 to 2199."""
MonthDay = Annotated[
    int,
    Field(strict=True, ge=-1, le=31, json_schema_extra={"not": {"const": 0}}),
    WHOLE,
    AfterValidator(_not_none),
]
"""1 to 31, or -1 for the last day of the month."""
DaysOpen = Annotated[
    int,
    Field(strict=True, ge=1, le=28, description="local days; 1 is until midnight of the first"),
    WHOLE,
]
"""Local days a slot stays open, its own the first: 1 is until midnight at that day's end."""
StartsOn = Annotated[ScheduleDay | None, Field(description="null: the local day it is agreed")]
EndsOn = Annotated[ScheduleDay | None, Field(description="the last day it may fall on")]


class _Recurring(Input):
    starts_on: StartsOn = None
    ends_on: EndsOn = None
    count: Annotated[int, Field(strict=True, ge=1, le=1000), WHOLE] | None = None
    opens: LocalTime = "00:00"
    due: Annotated[LocalTime | None, Field(description="on the day it opens")] = None
    days_open: DaysOpen = 1

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.due is not None and self.due <= self.opens:
            raise ValueError("due is a time after opens, on the same local day")
        if self.count is not None and self.ends_on is not None:
            raise ValueError("give ends_on or count, not both")
        return self


class OnceSchedule(Input):
    """Done once, in the assignment's own window."""

    kind: Literal["once"]


class DailySchedule(_Recurring):
    """Every n days, from the first."""

    kind: Literal["daily"]
    every: Annotated[int, Field(strict=True, ge=1, le=90), WHOLE] = 1


class WeekdaysSchedule(_Recurring):
    """Monday to Friday, every week."""

    kind: Literal["weekdays"]


class WeeklySchedule(_Recurring):
    """On these days of every n-th week; the first week is the one it starts in, from Monday."""

    kind: Literal["weekly"]
    every: Annotated[int, Field(strict=True, ge=1, le=12), WHOLE] = 1
    days: Annotated[
        list[Weekday], Field(min_length=1, max_length=7), AfterValidator(_different), UNORDERED
    ]


class MonthlySchedule(_Recurring):
    """On one day of every n-th month; -1 is its last.

    A month without that day has none, as in RFC 5545: the 31st comes seven times a year, and is
    not moved to the 30th. `count` counts the days that there are.
    """

    kind: Literal["monthly"]
    every: Annotated[int, Field(strict=True, ge=1, le=12), WHOLE] = 1
    day: MonthDay


class TimesAWeekSchedule(Input):
    """So many times a week, on any days: each week (from Monday) has that many slots, all open
    until it ends. A week that is begun late or ends early has its share of them, one at least."""

    kind: Literal["times_a_week"]
    times: Annotated[int, Field(strict=True, ge=1, le=14), WHOLE]
    starts_on: StartsOn = None
    ends_on: EndsOn = None


class BeforeSessionSchedule(Input):
    """Until the next session starts; `each`: and so before every one."""

    kind: Literal["before_session"]
    each: StrictBool = False


class AfterSessionSchedule(Input):
    """From the next session's end; `each`: and so after every one."""

    kind: Literal["after_session"]
    each: StrictBool = False
    days_open: DaysOpen = 7


class OnDemandSchedule(Input):
    """Whenever it helps: no slots."""

    kind: Literal["on_demand"]


RecurringSchedule = DailySchedule | WeekdaysSchedule | WeeklySchedule | MonthlySchedule
_AnySchedule = (
    OnceSchedule
    | RecurringSchedule
    | TimesAWeekSchedule
    | BeforeSessionSchedule
    | AfterSessionSchedule
    | OnDemandSchedule
)


def _occurring(rule: _AnySchedule) -> _AnySchedule:
    if isinstance(rule, RecurringSchedule | TimesAWeekSchedule) and rule.starts_on is not None:
        check(rule, rule.starts_on)
    return rule


Schedule = Annotated[_AnySchedule, Field(discriminator="kind"), AfterValidator(_occurring)]
"""When homework is to be done, by the clock of the assignment's zone."""

_SCHEDULE: Final[TypeAdapter[Schedule]] = TypeAdapter(Schedule)


def read(stored: Any) -> Schedule:
    """The schedule that `model_dump(mode="json")` wrote. Raises pydantic's ValidationError."""
    return _SCHEDULE.validate_python(stored)


def stored(column: Any) -> Schedule:
    """The schedule in a column that was read, parsed already or not. Raises as `read` does."""
    return read(getattr(column, "value", column))


def start(rule: Schedule, agreed_on: date) -> date:
    """The local day that `rule` counts from: its own first, or else the one it was agreed on."""
    return getattr(rule, "starts_on", None) or agreed_on


def recurrence(rule: Schedule, starts_on: date) -> Recurrence | None:
    """The days of `rule` counted from `starts_on`; None unless it is one of the recurring kinds."""
    if not isinstance(rule, RecurringSchedule):
        return None
    ends: dict[str, Any] = {"ends_on": rule.ends_on, "count": rule.count}
    match rule:
        case DailySchedule():
            return Recurrence("daily", rule.every, starts_on, **ends)
        case WeekdaysSchedule():
            return Recurrence("weekly", 1, starts_on, weekdays=(0, 1, 2, 3, 4), **ends)
        case WeeklySchedule():
            named = tuple(sorted(_WEEK.index(day) for day in rule.days))
            return Recurrence("weekly", rule.every, starts_on, weekdays=named, **ends)
        case MonthlySchedule():
            return Recurrence("monthly", rule.every, starts_on, month_day=rule.day, **ends)


def check(rule: Schedule, starts_on: date) -> None:
    """Whether `rule`, counted from `starts_on`, makes sense; the wire asks where it knows the day.

    Raises ValueError with a sentence: it ends before it starts, never occurs, starts or ends out
    of reach (1900 to 2199), or comes more than 10,000 times.
    """
    if not isinstance(rule, RecurringSchedule | TimesAWeekSchedule):
        return
    _in_reach(starts_on)
    if rule.ends_on is not None and rule.ends_on < starts_on:
        raise ValueError("ends_on comes before the day it starts")
    if isinstance(rule, TimesAWeekSchedule):
        found = 1 if rule.ends_on is None else (rule.ends_on - starts_on).days * rule.times // 7
    else:
        days = recurrence(rule, starts_on)
        assert days is not None
        if recurring.first(days) is None:
            raise ValueError(_NEVER if rule.ends_on is None else _NEVER_BY_THEN)
        found = 1 if rule.ends_on is None else recurring.total(days, rule.ends_on)
    if found > MOST:
        raise ValueError(f"it would come more than {MOST} times; choose an earlier ends_on")


def rrule(rule: Schedule) -> str | None:
    """The RFC 5545 RRULE of a recurring kind, for a DTSTART that is a date; None for the others.

    Its DTSTART is the first day the schedule has, which need not be the day it starts.
    """
    days = recurrence(rule, LAST_DAY)
    return None if days is None else recurring.text(days)
