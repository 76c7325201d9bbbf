"""Attention: which submissions and repetitions a therapist sees first, and why."""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import ColumnElement, Integer, Text, case, literal_column

from app.library.attention import AttentionLevel, worst

OBSTACLE_LEVELS: Final[dict[str, AttentionLevel]] = {"unsafe": "urgent", "felt_worse": "soon"}
"""Obstacles that ask for attention, whatever else is said."""
KEPT_ANSWERS: Final = "answers"
"""The reason that is named where answers ask for attention and staff do not read them."""


class Attention:
    """How soon something should be seen, and why: fields of the form, and obstacles.

    `level` is None where nothing asks for attention; `reasons` is empty then.
    """

    __slots__ = ("level", "reasons")

    def __init__(self, level: AttentionLevel | None, reasons: Iterable[str]) -> None:
        self.level = level
        self.reasons = list(dict.fromkeys(reasons))

    def beside(self, other: "Attention") -> "Attention":
        """Return the worst level and all reasons of two: what needed attention keeps its mark."""
        level = worst((self.level, other.level))
        return Attention(level, (*other.reasons, *self.reasons))


def of_obstacles(obstacles: Iterable[str]) -> Attention:
    """Return what the obstacles alone ask for."""
    worrying = [one for one in obstacles if one in OBSTACLE_LEVELS]
    return Attention(worst(OBSTACLE_LEVELS[one] for one in worrying), worrying)


def of_answers(level: AttentionLevel | None, fields: Iterable[str], *, shared: bool) -> Attention:
    """Return what the answers ask for. Fields are named only where staff read the answers."""
    named = list(fields)
    return Attention(level, named if shared or not named else [KEPT_ANSWERS])


def is_level(table: Any, level: AttentionLevel) -> ColumnElement[bool]:
    """The row of `table` has this level. The word stands in the statement itself, so that partial
    indexes serve whatever the plan."""
    equal: ColumnElement[bool] = table.attention_level == literal_column(f"'{level}'", Text())
    return equal


RANKS: Final[tuple[tuple[int, AttentionLevel], ...]] = ((2, "urgent"), (1, "soon"))
"""The order of levels, the first one first; 0 stands for none."""


def rank(table: Any) -> ColumnElement[int]:
    """Return the rank of a row's level."""
    return case(*((is_level(table, level), fixed(place)) for place, level in RANKS), else_=fixed(0))


def fixed(number: int) -> ColumnElement[int]:
    """Return a number that stands in the statement itself."""
    return literal_column(str(number), Integer())
