"""Slots before or after sessions: numbered, and each tied to a session while there is one.

A slot whose session is called off waits, with what lies in it, for the next session that is
planned; one whose session has come stays with it.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Integer, and_, func, select

from app.core.database import Instant
from app.core.statements import Query, p
from app.homework.models import Occurrence
from app.operation.work import Row, Work
from app.schedules.local import local_day
from app.schedules.rules import AfterSessionSchedule, BeforeSessionSchedule
from app.schedules.slots import session_window
from app.sessions.models import Session

SESSIONS_AHEAD: Final = 12

_AHEAD = Query(
    select(Session.id, Session.starts_at, Session.minutes, Session.client_id)
    .where(
        Session.practice_id == p("practice_id"),
        Session.client_id == p("of_client"),
        Session.episode_id == p("episode_id"),
        Session.attendance == "scheduled",
        Session.starts_at > p("moment", Instant()),
    )
    .order_by(Session.starts_at, Session.id)
    .limit(p("limit", Integer()))
)
_THERE = Query(
    select(
        Occurrence.slot,
        Occurrence.status,
        Occurrence.local_on,
        Occurrence.opens_at,
        Occurrence.drafted_at,
        Occurrence.client_id,
        Session.id.label("session_id"),
        Session.starts_at,
        Session.minutes,
        Session.attendance,
    )
    .select_from(Occurrence)
    .outerjoin(
        Session,
        and_(
            Session.practice_id == Occurrence.practice_id,
            Session.client_id == Occurrence.client_id,
            Session.id == Occurrence.session_id,
        ),
    )
    .where(
        Occurrence.practice_id == p("practice_id"),
        Occurrence.client_id == p("of_client"),
        Occurrence.assignment_id == p("assignment_id"),
        func.starts_with(Occurrence.slot, "session-"),
    )
    .order_by(func.length(Occurrence.slot), Occurrence.slot)
)


@dataclass(frozen=True, slots=True)
class Around:
    """A slot around a session; `opens_at` None while there is no session to open it after."""

    key: str
    local_on: date
    opens_at: datetime | None
    due_at: datetime | None
    closes_at: datetime | None


async def slots_of(
    work: Work,
    assignment: Row,
    rule: BeforeSessionSchedule | AfterSessionSchedule,
    moment: datetime,
) -> list[tuple[Around, str | None]]:
    """The slots that can still move, each with the session it goes with now, or None."""
    which: dict[str, Any] = {"of_client": assignment["client_id"]}
    ahead = await work.rows(
        _AHEAD,
        **which,
        episode_id=assignment["episode_id"],
        moment=moment,
        limit=SESSIONS_AHEAD if rule.each else 1,
    )
    there = await work.rows(_THERE, **which, assignment_id=assignment["id"])
    settled = [row for row in there if _is_settled(row, moment)]
    waiting = [row for row in there if not _is_settled(row, moment)]
    if settled and not rule.each:
        return []
    taken = {row["session_id"] for row in settled}
    ahead = [one for one in ahead if one["id"] not in taken]
    drafted = [place for place, row in enumerate(waiting) if row["drafted_at"] is not None]
    many = max(1, len(ahead), *(place + 1 for place in drafted)) if rule.each else 1
    return _paired(assignment, rule, moment, settled, waiting, ahead, many)


def _is_settled(row: Row, moment: datetime) -> bool:
    """It was answered or called off, or its session has begun."""
    if row["status"] not in ("upcoming", "cancelled"):
        return True
    came = row["attendance"] is not None and not row["attendance"].startswith("cancelled")
    return bool(came and row["starts_at"] <= moment)


def _paired(
    assignment: Row,
    rule: BeforeSessionSchedule | AfterSessionSchedule,
    moment: datetime,
    settled: list[Row],
    waiting: list[Row],
    ahead: list[Row],
    many: int,
) -> list[tuple[Around, str | None]]:
    zone = assignment["zone"]
    numbers = [_number(row) for row in waiting]
    highest = max([0, *numbers, *map(_number, settled)])
    numbers += range(highest + 1, highest + 1 + many)
    ends = [row["starts_at"] + timedelta(minutes=row["minutes"]) for row in settled if _held(row)]
    previous = max(ends) if ends else None
    made: list[tuple[Around, str | None]] = []
    for place in range(many):
        key = f"session-{numbers[place]}"
        there = waiting[place] if place < len(waiting) else None
        opened = there["opens_at"] if there and there["status"] == "upcoming" else None
        began = opened if opened is not None and opened <= moment else None
        if place >= len(ahead):
            opens_at = began or moment if isinstance(rule, BeforeSessionSchedule) else None
            on = there["local_on"] if there else local_day(moment, zone)
            made.append((Around(key, on, opens_at, None, None), None))
            continue
        session = ahead[place]
        opens_at, due_at, closes_at = session_window(
            rule, session["starts_at"], session["minutes"], zone, previous_end=previous
        )
        if isinstance(rule, BeforeSessionSchedule):
            opens_at = began or opens_at or moment
        on = local_day(session["starts_at"], zone)
        made.append((Around(key, on, opens_at, due_at, closes_at), session["id"]))
        previous = session["starts_at"] + timedelta(minutes=session["minutes"])
    return made


def _held(row: Row) -> bool:
    return row["starts_at"] is not None and not row["attendance"].startswith("cancelled")


def _number(row: Row) -> int:
    return int(row["slot"].removeprefix("session-"))
