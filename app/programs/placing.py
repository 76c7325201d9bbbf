"""When a program's next step comes: decided from what was given, and from nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final

from app.programs.steps import AROUND_SESSIONS
from app.schedules.local import instant, local_day

OVER: Final = frozenset({"done", "ended", "withdrawn", "discarded"})
"""States of an assignment from which nothing more is expected of it."""


@dataclass(frozen=True, slots=True)
class Given:
    """A step that was given: when, in what state its assignment is, and whether its one slot was
    answered."""

    at: datetime
    status: str
    is_answered: bool

    @property
    def is_done(self) -> bool:
        """Nothing more is expected of it."""
        return self.is_answered or self.status in OVER


def waits_for(steps: Sequence[Any], given: Sequence[Given]) -> str | None:
    """What the next step waits for: previous_step, therapist (who was told no), day, session.

    None where it waits for nothing, and where there is none.
    """
    number = len(given)
    if number in (0, len(steps)):
        return None
    match steps[number]["comes"]["kind"]:
        case "after_previous":
            if given[-1].is_done:
                return None
            return "therapist" if given[-1].status == "declined" else "previous_step"
        case "after_delay":
            return "day"
        case "before_session" | "after_session":
            return "session" if turn(steps, number) is not None else None
    return None


def day(step: Any, previous: Given, zone: str) -> datetime:
    """When a step that comes after a delay comes: as its local day begins."""
    on = local_day(previous.at, zone) + timedelta(days=step["comes"]["days"])
    return instant(on, time(), zone)


def turn(steps: Sequence[Any], number: int) -> int | None:
    """Which earlier step a session must have come for, before the step `number` (from 0) around a
    session takes its turn; None when it waits for none."""
    earlier = [n for n in range(number) if steps[n]["comes"]["kind"] in AROUND_SESSIONS]
    if not earlier:
        return None
    kinds = (steps[earlier[-1]]["comes"]["kind"], steps[number]["comes"]["kind"])
    return None if kinds == ("before_session", "after_session") else earlier[-1]
