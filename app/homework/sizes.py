"""How much of an assignment is taken: all of it, its minimum version, or one of its steps.

Smaller is never for good: each way down has a way up again.
"""

from typing import Any, Final

from app.core.errors import Conflict
from app.operation.work import Row

LOW_CONFIDENCE: Final = 6
"""At this or less, of 10, something smaller is offered."""


def taken(current: Row, take: str | None) -> Row:
    """The size and step that are taken; nothing without `take`.

    Raises Conflict `homework.nothing_smaller` or `homework.nothing_larger` where there is none.
    """
    if take is None:
        return {}
    if take == "whole":
        return {"size": "whole", "step": None}
    if take == "step_up":
        return _taken_up(current)
    if take == "minimum":
        if current["minimum_version"] is None:
            raise _nothing_smaller("It has no minimum version.")
        return {"size": "minimum"}
    lower = _lower(current)
    if lower is None:
        raise _nothing_smaller("There is no lower step.")
    return {"size": "whole", "step": lower}


def smaller(row: Row) -> Row | None:
    """What would be smaller, for a client who is not sure to manage; None where nothing is."""
    confidence = row["confidence"]
    if row["status"] != "active" or confidence is None or confidence > LOW_CONFIDENCE:
        return None
    minimum = row["minimum_version"] if row["size"] == "whole" else None
    number = _lower(row)
    if minimum is None and number is None:
        return None
    return {"minimum_version": minimum, "step": _text(row, number), "step_number": number}


def larger(row: Row) -> Row | None:
    """What comes next on the way back up to all of it; None where that is taken."""
    if row["status"] != "active" or (row["size"] == "whole" and row["step"] is None):
        return None
    number = _taken_up(row)["step"]
    return {"step": _text(row, number), "step_number": number}


def step_text(row: Row) -> str | None:
    """What the step that is taken says; None for all of it, and for its minimum version."""
    return _text(row, row["step"]) if row["size"] == "whole" else None


def _taken_up(row: Row) -> Row:
    """From the minimum version the step it was taken of; from a step the next, from the last all
    of it."""
    number = row["step"]
    if row["size"] == "minimum":
        return {"size": "whole", "step": number}
    if number is None:
        raise Conflict("homework.nothing_larger", "It is taken as a whole already.")
    return {"size": "whole", "step": number + 1 if number < len(row["steps"]) else None}


def _lower(row: Row) -> int | None:
    """The number of the next lower step: from all of it, the last one."""
    at: int = row["step"] or len(row["steps"]) + 1
    return at - 1 if at > 1 else None


def _text(row: Row, number: int | None) -> str | None:
    steps: list[Any] = row.get("steps") or []
    return str(steps[number - 1]) if number is not None and number <= len(steps) else None


def _nothing_smaller(detail: str) -> Conflict:
    return Conflict("homework.nothing_smaller", f"{detail} Take what `smaller` offers.")
