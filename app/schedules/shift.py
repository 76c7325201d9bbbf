"""A schedule put off as a whole: its first and last day move together, so that it lasts as long."""

from datetime import date, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta

from app.schedules.recurring import LAST_DAY
from app.schedules.rules import (
    MonthlySchedule,
    RecurringSchedule,
    Schedule,
    TimesAWeekSchedule,
    WeekdaysSchedule,
    WeeklySchedule,
    read,
)


def shifted(rule: Schedule, begins: date, today: date) -> Schedule:
    """`rule`, which counted from `begins`, as it is from `today` on.

    One that begins today or later stays as it is. One with a first day of its own is put off by
    whole weeks or months where it goes by weekdays or days of a month, so that it comes as often
    as before, and begins today or as soon after as it can; without one it begins when it is
    agreed, and only its last day moves.
    """
    if begins >= today or not isinstance(rule, RecurringSchedule | TimesAWeekSchedule):
        return rule
    if rule.starts_on is None:
        later: Any = today - begins
    elif isinstance(rule, MonthlySchedule):
        months = (today.year - begins.year) * 12 + today.month - begins.month
        later = relativedelta(months=months + (begins + relativedelta(months=months) < today))
    elif isinstance(rule, WeeklySchedule | WeekdaysSchedule | TimesAWeekSchedule):
        later = timedelta(weeks=-((begins - today).days // 7))
    else:
        later = today - begins
    days = {
        name: min(day + later, LAST_DAY).isoformat()
        for name in ("starts_on", "ends_on")
        if (day := getattr(rule, name)) is not None
    }
    stored = rule.model_dump(mode="json")
    try:
        return read(stored | days)
    except ValueError:
        # Months differ in length: a last day may come before the one day it has.
        return read(stored | dict.fromkeys(days))
