"""The sessions of a day, and, for owners, the episodes that nobody treats now."""

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    Date,
    Integer,
    Text,
    and_,
    any_,
    cast,
    func,
    literal_column,
    null,
    or_,
    select,
    true,
    union_all,
)

from app.access.grounds import CareAssignment, Membership
from app.access.practice import Practice
from app.access.visible import known
from app.clients.models import Client, Episode
from app.core.database import Instant
from app.core.statements import UUID_TEXT, Query, p
from app.operation.work import Row, Work
from app.overview import showing
from app.sessions.models import Session

MOST_SESSIONS: Final = 500
MOST_UNATTENDED: Final = 100


def _live(table: Any) -> Any:
    return and_(
        table.starts_at <= func.now(), or_(table.ends_at.is_(None), table.ends_at > func.now())
    )


def _nothing(kind: Any) -> Any:
    return cast(null(), kind)


_place = (
    select(func.coalesce(p("zone", Text()), Practice.zone).label("zone"))
    .where(Practice.practice_id == p("practice_id"))
    .subquery("place")
)
_midnight = func.date_trunc("day", func.timezone(_place.c.zone, func.now()))
_HERE: Final = select(
    _place.c.zone,
    cast(_midnight, Date()).label("on"),
    func.timezone(_place.c.zone, _midnight).label("begins_at"),
    func.timezone(_place.c.zone, _midnight + timedelta(days=1)).label("ends_at"),
).cte("here")
_SESSIONS: Final = (
    select(
        Session.practice_id,
        Session.client_id,
        Session.id.label("session_id"),
        Session.therapist_id,
        Session.starts_at,
        Session.zone,
        Session.minutes,
        Session.setting,
        Session.attendance,
        Session.version,
        _nothing(UUID_TEXT).label("episode_id"),
        _nothing(Date()).label("opened_on"),
    )
    .where(
        known(Session),
        Session.starts_at >= select(_HERE.c.begins_at).scalar_subquery(),
        Session.starts_at < select(_HERE.c.ends_at).scalar_subquery(),
        or_(p("of_therapist").is_(None), Session.therapist_id == p("of_therapist")),
    )
    .order_by(Session.starts_at, Session.id)
    .limit(MOST_SESSIONS)
)
_attended: Final = (
    select(CareAssignment.id)
    .join(
        Membership,
        and_(
            Membership.practice_id == CareAssignment.practice_id,
            Membership.user_id == CareAssignment.user_id,
        ),
    )
    .where(
        CareAssignment.practice_id == Episode.practice_id,
        CareAssignment.client_id == Episode.client_id,
        CareAssignment.episode_id == Episode.id,
        _live(CareAssignment),
        _live(Membership),
        Membership.suspended_at.is_(None),
        literal_column("'therapist'", Text()) == any_(Membership.roles),
    )
    .correlate(Episode)
    .exists()
)
_UNATTENDED: Final = (
    select(
        Episode.practice_id,
        Episode.client_id,
        _nothing(UUID_TEXT),
        _nothing(UUID_TEXT),
        _nothing(Instant()),
        _nothing(Text()),
        _nothing(Integer()),
        _nothing(Text()),
        _nothing(Text()),
        Episode.version,
        Episode.id,
        Episode.opened_on,
    )
    .where(
        p("with_unattended", Boolean()),
        known(Episode),
        Episode.closed_at.is_(None),
        ~_attended,
    )
    .order_by(Episode.opened_on, Episode.id)
    .limit(MOST_UNATTENDED)
)
_all = union_all(_SESSIONS, _UNATTENDED).subquery("entries")
_ELSEWHERE: Final = ("practice_id", "client_id", "therapist_id")
_DAY = Query(
    select(
        _HERE.c.zone.label("here"),
        _HERE.c.on,
        *showing.CLIENT,
        Membership.user_id.label("therapist_id"),
        Membership.words.label("therapist_words"),
        *(column for column in _all.c if column.name not in _ELSEWHERE),
    )
    .select_from(_HERE)
    .outerjoin(_all, true())
    .outerjoin(Client, showing.client_of(_all.c))
    .outerjoin(
        Membership,
        and_(
            Membership.practice_id == _all.c.practice_id,
            Membership.user_id == _all.c.therapist_id,
        ),
    )
    .order_by(_all.c.starts_at, _all.c.session_id, _all.c.opened_on, _all.c.episode_id)
)
# A day without entries has one row, of nobody: those that are of clients are noted below.
_DAY.client = None


async def day(
    work: Work, zone: str | None, *, of_therapist: str | None, with_unattended: bool
) -> Row:
    """The local day there is in `zone` (None: the practice's) and its sessions: one therapist's, or
    all that the caller knows of; `unattended` is None where it is not asked for."""
    rows = await work.rows(
        _DAY, zone=zone, of_therapist=of_therapist, with_unattended=with_unattended
    )
    shown: Row = {"on": rows[0]["on"], "zone": rows[0]["here"], "sessions": []}
    shown["unattended"] = [] if with_unattended else None
    for row in rows:
        if row["client_id"] is None:
            continue
        work.note("contact", row["client_id"], "read")
        item = {"client_id": row["client_id"], "client": showing.client(row)}
        if row["session_id"] is None:
            item |= {name: row[name] for name in ("episode_id", "opened_on", "version")}
            shown["unattended"].append(item)
            continue
        item |= {"id": row["session_id"], "therapist": row["therapist_words"].value["name"]}
        shown["sessions"].append(item | {name: row[name] for name in _SESSION})
    return shown


_SESSION: Final = (
    "therapist_id",
    "starts_at",
    "zone",
    "minutes",
    "setting",
    "attendance",
    "version",
)
