"""Where an assignment can go: its states as data, and the therapist's ways between them."""

from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Date, func, select, update

from app.clients.models import Episode
from app.core.clock import now
from app.core.database import Instant
from app.core.errors import Conflict, Invalid
from app.core.ids import new_id
from app.core.statements import Query, p
from app.homework import assignments, checking, planning
from app.homework.models import Assignment
from app.operation import preconditions, states
from app.operation.work import Row, Work
from app.rests.models import RestPeriod
from app.schedules import rules
from app.schedules.local import local_day

STATES: Final[states.Transitions] = {
    "draft": frozenset({"proposed", "active", "discarded"}),
    "proposed": frozenset({"active", "declined", "withdrawn"}),
    "declined": frozenset({"active", "proposed"}),
    "active": frozenset({"paused", "done", "ended"}),
    "paused": frozenset({"active", "done", "ended"}),
}
ANSWERABLE: Final = frozenset({"draft", "proposed", "declined"})
"""Not begun yet: from here it becomes active by agreeing, and not by going on."""

_OPEN_EPISODE = Query(
    select(Episode.id).where(
        Episode.practice_id == p("practice_id"),
        Episode.client_id == p("of_client"),
        Episode.id == p("id"),
        Episode.closed_at.is_(None),
    )
)
_RESUMED = Query(
    update(RestPeriod)
    .where(
        RestPeriod.practice_id == p("practice_id"),
        RestPeriod.client_id == p("of_client"),
        RestPeriod.assignment_id == p("assignment_id"),
        RestPeriod.ends_at.is_(None),
    )
    .values(
        ends_on=p("on", Date()),
        ends_at=func.greatest(RestPeriod.starts_at, p("moment", Instant())),
        ended_by=p("me"),
        version=RestPeriod.version + 1,
        changed_at=func.now(),
    )
)


async def propose(work: Work, assignment_id: str) -> Row:
    """A draft becomes a proposal. Raises Conflict elsewhere, and once its schedule is over."""
    return await _go(work, assignment_id, "proposed", frozenset({"draft"}), "homework.proposed")


async def agree(work: Work, assignment_id: str) -> Row:
    """It was agreed in session: active, with its slots. Raises as `propose` does."""
    return await _go(work, assignment_id, "active", ANSWERABLE, "homework.agreed")


async def pause(work: Work, assignment_id: str) -> Row:
    """From now until it is resumed nothing is asked. Raises Conflict unless it is active."""
    return await _go(work, assignment_id, "paused", frozenset({"active"}), "homework.paused")


async def resume(work: Work, assignment_id: str) -> Row:
    """It goes on; slots still in their window reopen. Raises Conflict unless it is paused."""
    return await _go(work, assignment_id, "active", frozenset({"paused"}), "homework.resumed")


async def finish(work: Work, assignment_id: str) -> Row:
    """It is done. Raises Conflict unless it is active or paused."""
    return await _go(work, assignment_id, "done", None, "homework.done")


async def end(work: Work, assignment_id: str) -> Row:
    """It is over, by the therapist. Raises Conflict unless it is active or paused."""
    return await _go(work, assignment_id, "ended", None, "homework.ended")


async def withdraw(work: Work, assignment_id: str) -> Row:
    """Take a proposal back. Raises Conflict once it was answered."""
    return await _go(work, assignment_id, "withdrawn", None, "homework.withdrawn")


async def discard(work: Work, assignment_id: str) -> Row:
    """Let a draft go. Raises Conflict for what the client has seen."""
    return await _go(work, assignment_id, "discarded", None, "homework.discarded")


async def _go(
    work: Work, assignment_id: str, wanted: str, leaving: frozenset[str] | None, told: str
) -> Row:
    current = await assignments.to_change(work, assignment_id)
    if is_there(work, current, wanted):
        return await assignments.shown(work, current)
    demand(current, wanted, leaving)
    await move(work, current, wanted, told=told)
    return await assignments.get(work, assignment_id)


def is_there(work: Work, current: Row, wanted: str) -> bool:
    """Whether the caller has put it into this state before: asking again changes nothing."""
    return bool(current["status"] == wanted and current["moved_by"] == work.actor.user_id)


def demand(current: Row, wanted: str, leaving: frozenset[str] | None = None) -> None:
    """Raises Conflict unless `wanted` follows the state it is in, and that is one of `leaving`."""
    if leaving is not None and current["status"] not in leaving:
        states.refuse("homework", STATES, current["status"], f"made {wanted} in this way")
    states.demand("homework", STATES, current["status"], wanted)


async def move(
    work: Work,
    current: Row,
    wanted: str,
    *,
    told: str,
    seen: preconditions.Seen | None = None,
    **values: Any,
) -> None:
    """Put a stored assignment into the state `wanted`, with what follows for its slots.

    `seen` is the version the caller saw; without it, If-Match tells. Raises Conflict when its
    schedule or its episode is over, VersionRequired or Stale.
    """
    if current["status"] in ANSWERABLE and wanted in ("active", "proposed"):
        await _demand_open_episode(work, current)
        begins = _begins(current, values)
        if wanted == "active":
            cleared = dict.fromkeys(("decline_reason", "decline_words", "answered_as"))
            values = {"starts_on": begins} | cleared | values
    if wanted == "ended":
        values.setdefault("ended_as", work.actor.capacity)
    version = demand_seen(work, current, seen)
    await work.change(
        Assignment,
        current["id"],
        version,
        client_id=current["client_id"],
        status=wanted,
        moved_by=work.actor.user_id,
        **values,
    )
    await _follow(work, current, wanted)
    work.tell(told, current["id"], current["client_id"])


async def _demand_open_episode(work: Work, current: Row) -> None:
    which = {"of_client": current["client_id"], "id": current["episode_id"]}
    if await work.row(_OPEN_EPISODE, **which) is None:
        raise Conflict(
            "episodes.closed", "The care this belonged to has ended, and nothing new begins in it."
        )


def demand_seen(work: Work, current: Row, seen: preconditions.Seen | None) -> int:
    """The version that is changed: the one named, or the one in If-Match.

    Raises VersionRequired without either, Stale for another than the current one.
    """
    said = preconditions.seen(work) if seen is None else seen
    return preconditions.demand_seen(said, current["version"])


async def _follow(work: Work, current: Row, wanted: str) -> None:
    moment = now()
    if current["status"] == "paused":
        await work.run(
            _RESUMED,
            of_client=current["client_id"],
            assignment_id=current["id"],
            on=local_day(moment, current["zone"]),
            moment=moment,
        )
    if wanted == "paused":
        await _rest(work, current, moment)
    elif wanted == "active":
        needed = await planning.needed(work, current["client_id"], current["id"])
        if current["status"] == "paused":
            await planning.replan(work, needed)
        else:
            await planning.plan(work, needed)
    elif wanted in ("done", "ended"):
        await planning.stop(work, current)


async def _rest(work: Work, current: Row, moment: datetime) -> None:
    await work.add(
        RestPeriod,
        id=new_id(),
        client_id=current["client_id"],
        assignment_id=current["id"],
        zone=current["zone"],
        starts_on=local_day(moment, current["zone"]),
        starts_at=moment,
        started_by=work.actor.user_id,
        started_as=work.actor.capacity,
    )


def _begins(current: Row, values: Row) -> date:
    schedule = values.get("schedule") or current["schedule"].value
    try:
        return checking.start(rules.read(schedule), str(values.get("zone", current["zone"])))
    except Invalid as over:
        raise Conflict(
            "homework.schedule",
            f"Its schedule cannot begin now. {over.detail} Give it another one first.",
            state=current["status"],
            allowed=sorted(STATES.get(current["status"], ())),
        ) from None
