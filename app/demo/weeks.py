"""Twelve whole weeks and the one that is now, in a practice's own time."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Self
from zoneinfo import ZoneInfo

HOW_MANY: Final = 12


@dataclass(frozen=True, slots=True)
class Weeks:
    """Weeks are counted from 0; week 12 is the one that is now. The past ends at `until`."""

    first_on: date
    zone: ZoneInfo
    until: datetime

    @classmethod
    def up_to(cls, until: datetime, zone: str) -> Self:
        """The weeks before `until` (aware), and its own."""
        place = ZoneInfo(zone)
        today = until.astimezone(place).date()
        monday = today - timedelta(days=today.weekday())
        return cls(monday - timedelta(weeks=HOW_MANY), place, until)

    def moment(self, week: int, day: int, hour: int, minute: int = 0) -> datetime:
        """That local time on that day (0 is Monday) of that week, in UTC."""
        on = self.first_on + timedelta(weeks=week, days=day)
        return datetime.combine(on, time(hour, minute), self.zone).astimezone(UTC)

    def week_of(self, moment: datetime) -> int:
        """The week a moment lies in; negative before the first."""
        return (moment.astimezone(self.zone).date() - self.first_on).days // 7
