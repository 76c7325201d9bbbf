"""States and their transitions, as data."""

from collections.abc import Mapping

from app.core.errors import Conflict

Transitions = Mapping[str, frozenset[str]]
"""From each state, those it may go to."""


def demand(room: str, allowed: Transitions, current: str, wanted: str) -> None:
    """Raises Conflict (`room.state`), naming where the thing may go from here."""
    onward = sorted(allowed.get(current, ()))
    if wanted in onward:
        return
    where = f"From here it can become: {', '.join(onward)}." if onward else "It stays as it is."
    raise Conflict(
        f"{room}.state", f"It is {current} now and cannot become {wanted}. {where}",
        state=current, allowed=onward,
    )  # fmt: skip
