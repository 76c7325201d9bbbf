"""When a client is reminded of a slot: at the hour they chose, on a clock where the slot is."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import Final, Literal, cast

from sqlalchemy import select

from app.choices.models import ReminderChoice
from app.core.clock import now
from app.core.statements import Query, p
from app.operation.work import Row, Work
from app.schedules.local import instant, local_day
from app.schedules.rules import Schedule
from app.schedules.slots import Placed, reminder_day

Channel = Literal["none", "app", "email"]

USUAL_HOUR: Final = time(9)
"""The hour of those who chose a channel and no hour."""
_DAY: Final = timedelta(days=1)

CHOSEN: Final = (
    ReminderChoice.id,
    ReminderChoice.client_id,
    ReminderChoice.assignment_id,
    ReminderChoice.channel,
    ReminderChoice.remind_at,
    ReminderChoice.quiet_from,
    ReminderChoice.quiet_to,
    ReminderChoice.is_digest,
    ReminderChoice.version,
)
_CHOICES = Query(
    select(*CHOSEN).where(
        ReminderChoice.practice_id == p("practice_id"), ReminderChoice.client_id == p("of_client")
    )
)


@dataclass(frozen=True, slots=True)
class Choice:
    """How to remind of one assignment: by which channel, when, and when not.

    Quiet from `quiet_from` up to `quiet_to`, over midnight where that is the earlier one; never
    where one of them is None or both are the same.
    """

    channel: Channel = "none"
    at: time = USUAL_HOUR
    quiet_from: time | None = None
    quiet_to: time | None = None


NEVER: Final = Choice()


def remind_at(choice: Choice, rule: Schedule, slot: Placed, zone: str) -> datetime | None:
    """The instant (UTC) at which to remind of a slot of this schedule; None for no reminder.

    That is the chosen hour on the slot's local day (`reminder_day`), the same hour on both sides
    of a clock change. Where the slot is not open then, or is due by then, it is that hour on the
    day after or the day before, or else the moment it opens. Within quiet hours it waits for their
    end, and falls away when the slot is due or has closed by then. A slot that waits for its
    session (`opens_at` None) has none yet. Raises ValueError for an unknown zone.
    """
    on = reminder_day(rule, slot, zone)
    if choice.channel == "none" or slot.opens_at is None or on is None:
        return None
    hours = (instant(day, choice.at, zone) for day in (on, on + _DAY, on - _DAY))
    found = next((one for one in hours if _is_in_time(one, slot)), slot.opens_at)
    found = _after_quiet(choice, found, zone)
    return found if _is_in_time(found, slot) else None


def _is_in_time(moment: datetime, slot: Placed) -> bool:
    """The slot is open then, and not due yet."""
    ends = (slot.due_at, slot.closes_at)
    is_open = slot.opens_at is not None and slot.opens_at <= moment
    return is_open and all(end is None or moment < end for end in ends)


def _after_quiet(choice: Choice, moment: datetime, zone: str) -> datetime:
    start, end = choice.quiet_from, choice.quiet_to
    if start is None or end is None or start == end:
        return moment
    day = local_day(moment, zone)
    # Last night's quiet may reach into this day, and where it is asked near midnight, today's.
    for begins_on in (day - _DAY, day):
        ends_on = begins_on if start < end else begins_on + _DAY
        ends_at = instant(ends_on, end, zone)
        if instant(begins_on, start, zone) <= moment < ends_at:
            return ends_at
    return moment


@dataclass(frozen=True, slots=True)
class Chooser:
    """A client's choices, and what follows from them for each slot. Without any: no reminders."""

    whole: Choice = NEVER
    is_digest: bool = False
    single: Mapping[str, Choice] = field(default_factory=dict)
    """By the id of the assignment, what is other there."""

    def choice(self, assignment_id: str) -> Choice:
        """How to remind of this assignment; of none at all while the whole is switched off."""
        if self.whole.channel == "none":
            return NEVER
        one = self.single.get(assignment_id, self.whole)
        # One mail for a whole day comes at one hour.
        return replace(one, at=self.whole.at) if self.is_digest else one

    def remind_at(
        self, assignment_id: str, rule: Schedule, slot: Placed, zone: str
    ) -> datetime | None:
        """As the function of that name, and None for an instant that has gone by already."""
        found = remind_at(self.choice(assignment_id), rule, slot, zone)
        return found if found is not None and found > now() else None


def chooser(rows: list[Row]) -> Chooser:
    """What these rows of one client's choices (`CHOSEN`) come to."""
    whole = next((row for row in rows if row["assignment_id"] is None), None)
    if whole is None:
        return Chooser()
    general = _choice(whole, NEVER)
    single = {row["assignment_id"]: _choice(row, general) for row in rows if row["assignment_id"]}
    return Chooser(general, whole["is_digest"], single)


def _choice(row: Row, general: Choice) -> Choice:
    own = row["assignment_id"] is None
    return Choice(
        channel=cast(Channel, row["channel"] or general.channel),
        at=row["remind_at"] or general.at,
        quiet_from=row["quiet_from"] if own else general.quiet_from,
        quiet_to=row["quiet_to"] if own else general.quiet_to,
    )


async def choices(work: Work, client_id: str) -> list[Row]:
    """The rows of one client's choices, for a caller who was found to have to do with them."""
    return await work.rows(_CHOICES, of_client=client_id)


async def remind_times(work: Work, client_id: str) -> Chooser:
    """What says, for each slot that is made or moved, when to remind of it: one statement for
    all of a client's slots. The caller was found to have to do with the client before."""
    return chooser(await choices(work, client_id))
