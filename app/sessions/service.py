"""Sessions as staff and clients read them. The front desk keeps them too."""

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Integer, Text, and_, or_, select, tuple_

from app.access.grounds import Membership
from app.access.visible import known, own
from app.clients.models import Client
from app.core.database import Instant
from app.core.errors import NotFound
from app.core.statements import Query, p
from app.operation.listing import FIRST
from app.operation.sealing import Row
from app.operation.work import Work
from app.sessions.models import Session

ALL: Final = select(
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

_ONE = Query(ALL.where(Session.id == p("id"), known(Session)))
_LIST = Query(ALL.where(_ON_PAGE, known(Session)).order_by(*_NEWEST).limit(p("limit", Integer())))
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
