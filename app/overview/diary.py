"""The sessions of a day, and, for owners, the episodes that nobody treats now."""

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import (
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
_ALL_SESSIONS: Final = (
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
        known(Episode),
        Episode.closed_at.is_(None),
        ~_attended,
    )
    .order_by(Episode.opened_on, Episode.id)
    .limit(MOST_UNATTENDED)
)
_ELSEWHERE: Final = ("practice_id", "client_id", "therapist_id")


def _day(*, of_therapist: bool, with_unattended: bool) -> Query:
    """One statement for each kind of day, so that its plan is the right one and is kept."""
    sessions = _ALL_SESSIONS
    if of_therapist:
        sessions = sessions.where(Session.therapist_id == p("of_therapist"))
    entries = (union_all(sessions, _UNATTENDED) if with_unattended else sessions).subquery()
    query = Query(
        select(
            _HERE.c.zone.label("here"),
            _HERE.c.on,
            *showing.CLIENT,
            Membership.user_id.label("therapist_id"),
            Membership.words.label("therapist_words"),
            *(column for column in entries.c if column.name not in _ELSEWHERE),
        )
        .select_from(_HERE)
        .outerjoin(entries, true())
        .outerjoin(Client, showing.client_of(entries.c))
        .outerjoin(
            Membership,
            and_(
                Membership.practice_id == entries.c.practice_id,
                Membership.user_id == entries.c.therapist_id,
            ),
        )
        .order_by(
            entries.c.starts_at, entries.c.session_id, entries.c.opened_on, entries.c.episode_id
        )
    )
    # A day without entries has one row, of nobody: those that are of clients are noted below.
    query.client = None
    return query


DAYS: Final = {
    (of_therapist, with_unattended): _day(
        of_therapist=of_therapist, with_unattended=with_unattended
    )
    for of_therapist in (True, False)
    for with_unattended in (True, False)
}


async def day(
    work: Work, zone: str | None, *, of_therapist: str | None, with_unattended: bool
) -> Row:
    """The local day there is in `zone` (None: the practice's) and its sessions: one therapist's, or
    all that the caller knows of; `unattended` is None where it is not asked for."""
    query = DAYS[of_therapist is not None, with_unattended]
    rows = await work.rows(query, zone=zone, of_therapist=of_therapist)
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
