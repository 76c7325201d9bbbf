"""Which slot goes with which session: rules over rows, without a database.

A row is a slot with its session beside it, or Nones; `moment` is now.
"""

from collections.abc import Sequence
from datetime import datetime

from app.operation.work import Row

Pair = tuple[str, Row | None, Row | None]
"""A slot's key, the slot if there is one already, and its session, or None: it waits."""


def is_settled(row: Row, moment: datetime) -> bool:
    """It was answered, or its session has begun or was held: it goes with no other any more."""
    if row["status"] not in ("upcoming", "cancelled"):
        return True
    if row["attendance"] is None or row["attendance"].startswith("cancelled"):
        return False
    return bool(row["attendance"] != "scheduled" or row["starts_at"] <= moment)


def counts(row: Row, since: datetime) -> bool:
    """A settled one is what was asked for by a schedule that is there `since` then."""
    if row["status"] == "cancelled":
        return False
    if row["starts_at"] is None:
        return bool(row["changed_at"] >= since)
    return bool(row["starts_at"] > since)


def pairs(
    kind: str,
    there: Sequence[Row],
    waiting: Sequence[Row],
    free: Sequence[Row],
    moment: datetime,
    *,
    each: bool,
) -> list[Pair]:
    """A slot for each of the `free` sessions, which come in order, or (not `each`) for the first.

    A draft stays with its session while that is planned, and goes on to another one otherwise;
    no slot with a draft is left out. Without any session one slot waits.
    """
    usable = [row for row in waiting if row["status"] == "upcoming" or row["drafted_at"] is None]
    bound = [row for row in usable if row["drafted_at"] is not None and is_coming(row, moment)]
    others = [row for row in usable if row not in bound]
    own = {row["session_id"] for row in bound}
    free = [one for one in free if one["session_id"] not in own]
    if not each:
        free = [] if bound else free[:1]
    # What holds a draft is the first to be kept, then what was there to be seen already.
    best = sorted(others, key=lambda row: _worth(row, moment))
    chosen = sorted(best[: len(free)], key=number)
    left = [row for row in best[len(free) :] if row["drafted_at"] is not None]
    if not (free or bound or left):
        left = best[:1]
    last = max((number(row) for row in there), default=0)
    found: list[Pair] = [(row["slot"], row, row) for row in bound]
    found += [(row["slot"], row, one) for row, one in zip(chosen, free, strict=False)]
    for place, one in enumerate(free[len(chosen) :], start=last + 1):
        found.append((f"{kind}{place}", None, one))
    found += [(row["slot"], row, None) for row in left]
    return found or [(f"{kind}{last + 1}", None, None)]


def loose(waiting: Sequence[Row], given: Sequence[Pair], moment: datetime) -> list[str]:
    """Slots without a draft that no session is left for."""
    keys = {key for key, _, _ in given}
    gone_to = {one["session_id"] for _, _, one in given if one is not None}
    return [
        row["slot"]
        for row in waiting
        if row["slot"] not in keys
        and row["drafted_at"] is None
        and (not is_coming(row, moment) or row["session_id"] in gone_to)
    ]


def is_coming(row: Row, moment: datetime) -> bool:
    """Its session is planned, and ahead."""
    return bool(row["attendance"] == "scheduled" and row["starts_at"] > moment)


def has_opened(row: Row, moment: datetime) -> bool:
    """There was, or is, something to be seen of it."""
    at = row["opens_at"]
    return bool(row["status"] == "upcoming" and at is not None and at <= moment)


def number(row: Row) -> int:
    """Which of its kind it is, from 1."""
    return int(row["slot"].rpartition("-")[2])


def _worth(row: Row, moment: datetime) -> tuple[bool, bool, bool, int]:
    is_empty, unseen = row["drafted_at"] is None, not has_opened(row, moment)
    return is_empty, unseen, row["status"] == "cancelled", number(row)
