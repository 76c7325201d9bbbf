"""Slots before or after sessions: numbered, and each tied to a session while there is one.

A slot whose session is called off waits, with what lies in it, for the next session that is
planned; one whose session has come stays with it, and so does one that was answered.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, cast

from sqlalchemy import Integer, Text, and_, func, select

from app.core.database import Instant
from app.core.statements import Query, p
from app.homework import pairing
from app.homework.models import Occurrence
from app.homework.pairing import Pair
from app.homework.writing_slots import Plan
from app.operation.work import Row, Work
from app.schedules.local import local_day
from app.schedules.rules import AfterSessionSchedule, BeforeSessionSchedule
from app.schedules.slots import session_window
from app.sessions.models import Session

SESSIONS_AHEAD: Final = 28
"""Of the sessions planned, so many are looked at, the next one first."""
FAR: Final = timedelta(days=29)
"""Sessions from here on have slots when they come nearer."""

_AHEAD = Query(
    select(
        Session.id.label("session_id"),
        Session.starts_at,
        Session.minutes,
        Session.attendance,
        Session.client_id,
    )
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
        Occurrence.closes_at,
        Occurrence.drafted_at,
        Occurrence.changed_at,
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
        func.starts_with(Occurrence.slot, p("kind", Text())),
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


Rule = BeforeSessionSchedule | AfterSessionSchedule


async def slots_of(
    work: Work, assignment: Row, rule: Rule, moment: datetime
) -> Sequence[tuple[Any, str | None]]:
    """The slots that are made or moved, each with the session it goes with now, or None."""
    return (await placed(work, assignment, rule, moment)).made


async def placed(work: Work, assignment: Row, rule: Rule, moment: datetime) -> Plan:
    """The slots there are to be now. Those before sessions and those after them are different
    ones: a change from one to the other moves none."""
    kind = "before-" if isinstance(rule, BeforeSessionSchedule) else "after-"
    which: dict[str, Any] = {"of_client": assignment["client_id"]}
    episode_id = assignment["episode_id"]
    ahead = await work.rows(
        _AHEAD, **which, episode_id=episode_id, moment=moment, limit=SESSIONS_AHEAD
    )
    there = await work.rows(_THERE, **which, assignment_id=assignment["id"], kind=kind)
    settled = [row for row in there if pairing.is_settled(row, moment)]
    waiting = [row for row in there if not pairing.is_settled(row, moment)]
    given: list[Pair] = []
    if rule.each or not any(pairing.counts(row, assignment["opens_at"]) for row in settled):
        taken = {row["session_id"] for row in settled}
        free = [one for one in ahead if one["session_id"] not in taken]
        near = _near(free, waiting, moment)
        given = pairing.pairs(kind, there, waiting, near, moment, each=rule.each)
    ends = _ends([*ahead, *there])
    return Plan(
        made=[
            _made(assignment["zone"], rule, moment, ends, pair)
            for pair in given
            if not _stays(rule, pair, moment)
        ],
        kept=[row["slot"] for row in settled] + [key for key, _, _ in given],
        drafted=[key for key, row, _ in given if row and row["drafted_at"] is not None],
        loose=pairing.loose(waiting, given, moment),
    )


def _near(free: Sequence[Row], waiting: Sequence[Row], moment: datetime) -> list[Row]:
    """The sessions that have slots now, in order: the next one, those of the coming weeks, and
    those that have one already, however far they were moved."""
    near = [one for one in free if one is free[0] or one["starts_at"] < moment + FAR]
    upcoming = (row for row in waiting if row["status"] == "upcoming")
    tied = (row for row in upcoming if pairing.is_coming(row, moment))
    found = {one["session_id"]: one for one in (*tied, *near)}
    return sorted(found.values(), key=lambda one: (one["starts_at"], one["session_id"]))


def _stays(rule: Rule, pair: Pair, moment: datetime) -> bool:
    """It opened or holds a draft, and its session is where it was."""
    _, row, session = pair
    if row is None or row["status"] != "upcoming":
        return False
    if row["drafted_at"] is None and not pairing.has_opened(row, moment):
        return False
    if session is None or row["session_id"] != session["session_id"]:
        return session is None and row["session_id"] is None
    if isinstance(rule, BeforeSessionSchedule):
        return bool(row["closes_at"] == session["starts_at"])
    return bool(row["opens_at"] == _end(session))


def _made(
    zone: str, rule: Rule, moment: datetime, ends: Mapping[str, datetime], pair: Pair
) -> tuple[Around, str | None]:
    key, row, session = pair
    is_before = isinstance(rule, BeforeSessionSchedule)
    began = row["opens_at"] if row is not None and pairing.has_opened(row, moment) else None
    if session is None:
        on = row["local_on"] if row and row["status"] == "upcoming" else local_day(moment, zone)
        opens_at = (began or max([moment, *ends.values()])) if is_before else None
        return Around(key, on, opens_at, None, None), None
    session_id, starts_at = session["session_id"], session["starts_at"]
    before = [end for one, end in ends.items() if one != session_id and end < starts_at]
    opens_at, due_at, closes_at = session_window(
        rule, starts_at, session["minutes"], zone, previous_end=max(before, default=None)
    )
    if is_before:
        opens_at = began or opens_at or moment
    return Around(key, local_day(starts_at, zone), opens_at, due_at, closes_at), session_id


def _ends(rows: Sequence[Row]) -> dict[str, datetime]:
    """When each session ends that is planned or was held."""
    return {
        row["session_id"]: _end(row)
        for row in rows
        if row["session_id"] is not None and not row["attendance"].startswith("cancelled")
    }


def _end(session: Row) -> datetime:
    return cast(datetime, session["starts_at"]) + timedelta(minutes=session["minutes"])
