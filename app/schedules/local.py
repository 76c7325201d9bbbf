"""Local days and times: when, in UTC, a clock on the wall shows them."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.core import zones
from app.core.zones import local_day as local_day

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


def instant(day: date, at: time, zone: str) -> datetime:
    """The first instant (UTC) at which a clock in `zone` shows `at` on `day`.

    09:00 is 09:00 on both sides of a clock change. Where clocks go back over a time, the first of
    the two is meant; where they go forward over it, the instant at which they do, as if it were
    02:30 and they jump from 02:00 to 03:00: 03:00. The same holds for a day that a zone left out.
    Raises ValueError for an unknown zone.
    """
    here = zones.zone(zone)
    wanted = datetime.combine(day, at)
    found = wanted.replace(tzinfo=here).astimezone(UTC)
    if _shown(found, here) == wanted:
        return found
    # Clocks jump over it. Read by the offset after the jump it lies before the jump, by the one
    # before it, after: between the two, find the first second that shows something later.
    early = wanted.replace(tzinfo=here, fold=1).astimezone(UTC).replace(microsecond=0)
    late = found.replace(microsecond=0)
    while late - early > _SECOND:
        middle = (early + (late - early) / 2).replace(microsecond=0)
        if _shown(middle, here) > wanted:
            late = middle
        else:
            early = middle
    return late


def midnight_after(day: date, zone: str) -> datetime:
    """The instant (UTC) at which `day` ends in `zone`: the first one of the next day.

    Where clocks go forward at midnight that is the instant they do. Raises ValueError for an
    unknown zone.
    """
    return instant(day + _DAY, time(), zone)


def _shown(moment: datetime, here: ZoneInfo) -> datetime:
    return moment.astimezone(here).replace(tzinfo=None)
