"""Changes of a session: moved, called off, given to another therapist, and how it was attended."""

from typing import Final

from app.access.visible import treated
from app.core.clock import now
from app.core.errors import Conflict
from app.core.statements import Query, p
from app.operation import preconditions
from app.operation.failures import not_on_care_team
from app.operation.work import Row, Work
from app.sessions import service as sessions
from app.sessions import therapists
from app.sessions.models import Session
from app.sessions.schemas import SessionUpdate

CANCELLED: Final = frozenset({"cancelled_by_client", "cancelled_by_therapist"})
HELD: Final = frozenset({"attended", "late", "no_show"})
"""What can be said only once a session has begun."""
MOVED: Final = frozenset({"starts_at", "zone", "minutes", "setting"})

_TREATED = Query(sessions.ALL.where(Session.id == p("id"), treated(Session)))


async def update(work: Work, session_id: str, asked: SessionUpdate) -> Row:
    """Move a session, call it off, book it again, give it to a colleague, or say how it was
    attended; and correct what was said.

    Saying the attendance it already has changes nothing. Raises NotFound, Forbidden; Conflict
    `sessions.not_started`, `sessions.past` or `sessions.cancelled`; Invalid `sessions.therapist`
    for who does not treat then; VersionRequired or Stale.
    """
    current = await _writable(work, session_id)
    given = asked.model_dump(exclude_unset=True, exclude_none=True)
    if asked.therapist_id is not None:
        given["therapist_id"] = str(asked.therapist_id)
    changes = {name: value for name, value in given.items() if value != current[name]}
    if "attendance" in given and not changes and "if-match" in work.headers:
        return current
    if not changes:
        preconditions.demand(work, current["version"])
        return current
    after = current | changes
    _demand_possible(current, after)
    if "therapist_id" in changes:
        await therapists.demand_treats(
            work, current["episode_id"], after["therapist_id"], after["starts_at"]
        )
    seen = preconditions.demand(work, current["version"])
    await work.change(Session, session_id, seen, **changes)
    _tell(work, current, changes)
    return await sessions.get(work, session_id)


def possible(was: str, *, begun: bool) -> frozenset[str]:
    """What the attendance can become. Anything can be corrected; how a session was attended can be
    said only once it has begun, and what was cancelled is booked again only before it would."""
    if not begun:
        return (CANCELLED | {"scheduled"}) - {was}
    return (HELD | CANCELLED | (set() if was in CANCELLED else {"scheduled"})) - {was}


def _demand_possible(current: Row, after: Row) -> None:
    was, attendance = current["attendance"], after["attendance"]
    begun = after["starts_at"] <= now()
    if attendance in HELD and not begun:
        raise _refused(
            "sessions.not_started",
            "It has not begun, so nobody can have come or stayed away. Say so once it has; until"
            " then it can be moved or cancelled.",
            was,
            begun=begun,
        )
    if attendance == "scheduled" and was in CANCELLED and begun:
        raise _refused(
            "sessions.past",
            "Its time has passed, so it cannot be booked again. Say how it was attended, or make a"
            " new session.",
            was,
            begun=begun,
        )
    is_moved = any(current[name] != after[name] for name in MOVED | {"therapist_id"})
    if is_moved and attendance in CANCELLED:
        raise _refused(
            "sessions.cancelled",
            "A cancelled session is not moved. Set its attendance to scheduled to book it again.",
            was,
            begun=begun,
        )


def _refused(code: str, detail: str, was: str, *, begun: bool) -> Conflict:
    return Conflict(code, detail, state=was, allowed=sorted(possible(was, begun=begun)))


def _tell(work: Work, current: Row, changes: Row) -> None:
    """The events that follow, and in the audit log what the attendance was and is."""
    session_id, client_id = current["id"], current["client_id"]
    if changes.keys() & MOVED:
        work.tell("sessions.moved", session_id, client_id)
    if "therapist_id" in changes:
        work.tell("sessions.reassigned", session_id, client_id)
    if "attendance" in changes:
        attendance = changes["attendance"]
        work.note("contact", client_id, f"{current['attendance']}:{attendance}", session_id)
        work.tell(f"sessions.{attendance}", session_id, client_id)


async def _writable(work: Work, session_id: str) -> Row:
    if work.actor.keeps_directory:
        return await sessions.get(work, session_id)
    row = await work.row(_TREATED, id=session_id)
    if row is None:
        await sessions.get(work, session_id)
        raise not_on_care_team()
    return row
