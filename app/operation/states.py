"""States and their transitions, as data."""

from collections.abc import Mapping
from typing import NoReturn

from app.core.errors import Conflict

Transitions = Mapping[str, frozenset[str]]
"""From each state, those it may go to."""


def demand(room: str, allowed: Transitions, current: str, wanted: str) -> None:
    """Raises Conflict (`room.state`), naming where the thing may go from here."""
    if wanted not in allowed.get(current, ()):
        raise _wrong(room, allowed, current, f"become {wanted}")


def refuse(room: str, allowed: Transitions, current: str, done: str) -> NoReturn:
    """Raises the same for what cannot be `done` (changed, rated) to a thing in this state."""
    raise _wrong(room, allowed, current, f"be {done}")


def _wrong(room: str, allowed: Transitions, current: str, wanted: str) -> Conflict:
    onward = sorted(allowed.get(current, ()))
    where = f"From here it can become: {', '.join(onward)}." if onward else "It stays as it is."
    return Conflict(
        f"{room}.state", f"It is {current} now and cannot {wanted}. {where}",
        state=current, allowed=onward,
    )  # fmt: skip
