"""The rules of sessions: read, moved, held, or called off. The front desk keeps them too."""

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Integer, Text, and_, or_, select, tuple_

from app.access.grounds import Membership
from app.access.visible import known, own, treated
from app.clients.models import Client
from app.core.clock import now
from app.core.database import Instant
from app.core.errors import Conflict, NotFound
from app.core.statements import Query, p
from app.operation import preconditions, states
from app.operation.failures import not_on_care_team
from app.operation.listing import FIRST
from app.operation.sealing import Row
from app.operation.work import Work
from app.sessions.models import Session
from app.sessions.schemas import SessionUpdate

CANCELLED: Final = frozenset({"cancelled_by_client", "cancelled_by_therapist"})
STATES: Final[states.Transitions] = {
    "scheduled": frozenset({"attended", "late", "no_show"}) | CANCELLED,
    "attended": frozenset({"late", "no_show"}),
    "late": frozenset({"attended", "no_show"}),
    "no_show": frozenset({"attended", "late"}),
    "cancelled_by_client": frozenset({"scheduled"}),
    "cancelled_by_therapist": frozenset({"scheduled"}),
}

_ALL = select(
    Session.id,
    Session.client_id,
    Session.episode_id,
    Session.therapist_id,
    Session.starts_at,
    Session.zone,
    Session.minutes,
    Session.setting,
    Session.attendance,
    Session.created_at,
    Session.changed_at,
    Session.version,
)

_AFTER_ALL: Final = (datetime(9999, 1, 1, tzinfo=UTC), FIRST)
_ON_PAGE = and_(
    Session.client_id == p("of_client"),
    tuple_(Session.starts_at, Session.id) < tuple_(p("after_at", Instant()), p("after")),
    or_(p("since", Instant()).is_(None), Session.starts_at >= p("since", Instant())),
    or_(p("until", Instant()).is_(None), Session.starts_at < p("until", Instant())),
    or_(p("attendance", Text()).is_(None), Session.attendance == p("attendance", Text())),
)
_NEWEST = (Session.starts_at.desc(), Session.id.desc())

_ONE = Query(_ALL.where(Session.id == p("id"), known(Session)))
_ONE_TREATED = Query(_ALL.where(Session.id == p("id"), treated(Session)))
_LIST = Query(_ALL.where(_ON_PAGE, known(Session)).order_by(*_NEWEST).limit(p("limit", Integer())))
_MY_LIST = Query(
    select(
        Session.id,
        Session.client_id,
        Session.starts_at,
        Session.zone,
        Session.minutes,
        Session.setting,
        Session.attendance,
        Session.changed_at,
        Session.version,
        Membership.user_id,
        Membership.words,
    )
    .join(
        Membership,
        and_(
            Membership.practice_id == Session.practice_id,
            Membership.user_id == Session.therapist_id,
        ),
    )
    .where(_ON_PAGE, own(Session))
    .order_by(*_NEWEST)
    .limit(p("limit", Integer()))
)
CLIENT = Query(select(Client.id, Client.zone).where(Client.id == p("id"), known(Client)))


async def get(work: Work, session_id: str) -> Row:
    """One session, for staff who know its client. Raises NotFound."""
    row = await work.row(_ONE, id=session_id)
    if row is None:
        await work.nothing(Session, session_id)
    return row


async def list_of(work: Work, client_id: str, **wanted: Any) -> list[Row]:
    """A client's sessions, the latest first, one past the limit; `wanted` as for `_wanted`.

    Raises NotFound for a client the caller does not know.
    """
    rows = await work.rows(_LIST, of_client=client_id, **_wanted(**wanted))
    if not rows and await work.row(CLIENT, id=client_id) is None:
        raise NotFound()
    return [row | {"place": _place(row)} for row in rows]


async def update(work: Work, session_id: str, asked: SessionUpdate) -> Row:
    """Move a session, call it off, book it again, or say whether it was held.

    Saying the attendance it already has changes nothing. Raises NotFound, Forbidden, Conflict,
    VersionRequired or Stale.
    """
    current = await _writable(work, session_id)
    given = asked.model_dump(exclude_unset=True, exclude_none=True)
    changes = {name: value for name, value in given.items() if value != current[name]}
    if "attendance" in given and not changes and "if-match" in work.headers:
        return current
    attendance = str(changes.get("attendance", current["attendance"]))
    moved = changes.keys() - {"attendance"}
    if attendance != current["attendance"]:
        states.demand("sessions", STATES, current["attendance"], attendance)
        if attendance == "scheduled" and current["starts_at"] <= now():
            raise Conflict(
                "sessions.past", "Its time has passed. Make a new session instead.", allowed=[]
            )
    if moved and attendance in CANCELLED:
        raise Conflict(
            "sessions.cancelled",
            "A cancelled session is not moved. Set its attendance to scheduled to book it again.",
            state=current["attendance"],
            allowed=sorted(STATES[current["attendance"]]),
        )
    seen = preconditions.demand(work, current["version"])
    if not changes:
        return current
    await work.change(Session, session_id, seen, **changes)
    if moved:
        work.tell("sessions.moved", session_id, current["client_id"])
    if attendance != current["attendance"]:
        work.tell(f"sessions.{attendance}", session_id, current["client_id"])
    return await get(work, session_id)


async def my_list(work: Work, **wanted: Any) -> list[Row]:
    """The client's sessions, the latest first, one past the limit; `wanted` as for `_wanted`."""
    if wanted["attendance"] == "not_attended":
        wanted["attendance"] = "no_show"
    rows = await work.rows(_MY_LIST, of_client=work.client_id, **_wanted(**wanted))
    return [_my_shape(row) | {"place": _place(row)} for row in rows]


def _wanted(
    *,
    place: str | None,
    limit: int,
    since: datetime | None,
    until: datetime | None,
    attendance: str | None,
) -> dict[str, Any]:
    """Starting from `since` on and before `until`, of one attendance; None: any.

    `place` is where the page continues: when the session before it started then, and its id.
    """
    after_at, after = _AFTER_ALL
    if place is not None:
        at, _, after = place.partition("|")
        after_at = datetime.fromisoformat(at)
    return {
        "after_at": after_at,
        "after": after,
        "limit": limit + 1,
        "since": since,
        "until": until,
        "attendance": attendance,
    }


def _place(row: Row) -> str:
    return f"{row['starts_at'].isoformat()}|{row['id']}"


async def _writable(work: Work, session_id: str) -> Row:
    query = _ONE if work.actor.keeps_directory else _ONE_TREATED
    row = await work.row(query, id=session_id)
    if row is None:
        await get(work, session_id)
        raise not_on_care_team()
    return row


def _my_shape(row: Row) -> Row:
    held = row["attendance"]
    return {
        "id": row["id"],
        "starts_at": row["starts_at"],
        "zone": row["zone"],
        "minutes": row["minutes"],
        "setting": row["setting"],
        "attendance": "not_attended" if held == "no_show" else held,
        "therapist": row["name"],
        "changed_at": row["changed_at"],
        "version": row["version"],
    }
