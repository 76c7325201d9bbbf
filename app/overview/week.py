"""A client's week: what happened, what is open, and when the rest comes next."""

from datetime import date, datetime, time, timedelta
from typing import Final

from app.core.clock import now
from app.core.ids import first_id
from app.homework import sizes
from app.operation.work import Row, Work
from app.overview import showing, weekly
from app.practices import help as crisis_help
from app.schedules import rules
from app.schedules.local import instant, local_day
from app.schedules.rules import OnceSchedule
from app.schedules.slots import next_after


async def week(work: Work, zone: str, *, passed: bool) -> Row:
    """This week, Monday to Sunday, of the client acted for, by the local days of `zone`.

    What happened stands on the day it was done, a slot on its own day. Slots that passed without
    an answer are shown only where `passed` asks for them.
    """
    moment = now()
    today = local_day(moment, zone)
    monday = today - timedelta(days=today.weekday())
    begins_at, ends_at, day_ends_at = (
        instant(day, time(), zone) for day in (monday, monday + _WEEK, today + timedelta(days=1))
    )
    slots = await work.rows(
        weekly.SLOTS[work.actor.capacity],
        first_on=monday,
        last_on=monday + timedelta(days=6),
        from_on=monday - timedelta(days=weekly.AROUND_DAYS),
        to_on=monday + timedelta(days=6 + weekly.AROUND_DAYS),
    )
    happened = await work.rows(
        weekly.HAPPENED[work.actor.capacity],
        first_id=first_id(begins_at),
        begins_at=begins_at,
        ends_at=ends_at,
    )
    active = await work.rows(weekly.ACTIVE)
    days: dict[date, Row] = {
        monday + timedelta(days=n): {"happened": [], "open": [], "passed": []} for n in range(7)
    }
    for row in happened:
        days[local_day(row["at"], zone)]["happened"].append(_done(row))
    met: set[str] = set()
    also_open: list[Row] = []
    turns = [day_ends_at]
    for row in sorted(slots, key=_in_order):
        met.add(row["assignment_id"])
        place = _place(row, passed=passed)
        if place is None:
            continue
        turns += [at for at in (row["opens_at"], row["due_at"], row["closes_at"]) if at]
        on = days.get(row["local_on"])
        (also_open if on is None else on[place]).append(_slot(row))
    return {
        "zone": zone,
        "today": today,
        "days": [{"on": on} | shown for on, shown in days.items()],
        "also_open": also_open,
        "coming": [
            one
            for row in active
            if row["id"] and row["id"] not in met
            for one in _coming(row, monday)
        ],
        "valid_until": min(at for at in turns if at > moment),
        "help": crisis_help.shown(active[0]["crisis_resources"]),
    }


_WEEK: Final = timedelta(days=7)
_OPEN_STATES: Final = frozenset({"open", "upcoming"})
_PASSED_STATES: Final = frozenset({"no_response", "excused"})


def _in_order(row: Row) -> tuple[date, bool, datetime, str]:
    at = row["due_at"] or row["closes_at"]
    return row["local_on"], at is None, at or row["opens_at"] or now(), row["id"]


def _place(row: Row, *, passed: bool) -> str | None:
    """Where in its day a slot stands; None: what was sent for it stands there already, it was
    called off, or its time has passed and nobody asked."""
    if row["assigned_as"] == "active" and row["state"] in _OPEN_STATES:
        return "open"
    return "passed" if passed and row["state"] in _PASSED_STATES else None


def _slot(row: Row) -> Row:
    return {name: row.get(name) for name in _SLOT} | {"step_text": sizes.step_text(row)}


_SLOT: Final = (
    "id",
    "assignment_id",
    "exercise_version_id",
    "title",
    "minimum_version",
    "size",
    "step",
    "state",
    "local_on",
    "opens_at",
    "due_at",
    "closes_at",
    "version",
)


def _done(row: Row) -> Row:
    del row["client_id"]
    exercise = showing.exercise(row)
    row["title"] = showing.assignment(row) or exercise
    return row


def _coming(row: Row, monday: date) -> list[Row]:
    """When an assignment without a slot this week comes next; nothing, if it does not."""
    rule = rules.read(row["schedule"].value)
    agreed_on = local_day(row["opens_at"], row["zone"])
    if isinstance(rule, OnceSchedule):
        next_on = agreed_on if agreed_on >= monday + _WEEK else None
    else:
        starts_on = row["starts_on"] or rules.start(rule, agreed_on)
        sunday = monday + timedelta(days=6)
        next_on = next_after(rule, starts_on=starts_on, after=sunday)
    if next_on is None and rule.kind not in _UNDATED:
        return []
    return [
        {
            "assignment_id": row["id"],
            "title": row["title"],
            "kind": rule.kind,
            "next_on": next_on,
        }
    ]


_UNDATED: Final = ("before_session", "after_session", "on_demand")
"""Schedules whose next day nobody knows yet."""
