"""The sessions of a day, and, for owners, the episodes that nobody treats now."""

from datetime import datetime, time, timedelta
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
from app.core.clock import now
from app.core.database import Instant
from app.core.statements import UUID_TEXT, Query, p
from app.homework.attention_notices import AttentionNotice
from app.operation.work import Row, Work
from app.overview import escalated, showing
from app.schedules.local import instant, local_day, midnight_after
from app.sessions.models import Session

MOST_SESSIONS: Final = 500
MOST_UNATTENDED: Final = 100
# Local days are Python's to say, and the practice's zone is read along: so what is read, where none
# is named, reaches as far to both sides as any day there is.
LONGEST_DAY: Final = timedelta(hours=26)
MOST_READ: Final = 3 * MOST_SESSIONS


def _live(table: Any) -> Any:
    return and_(
        table.starts_at <= func.now(), or_(table.ends_at.is_(None), table.ends_at > func.now())
    )


def _nothing(kind: Any) -> Any:
    return cast(null(), kind)


_HERE: Final = (
    select(Practice.zone).where(Practice.practice_id == p("practice_id")).subquery("here")
)
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
        _nothing(UUID_TEXT).label("told_of"),
    )
    .where(
        known(Session),
        Session.starts_at >= p("begins_at", Instant()),
        Session.starts_at < p("ends_at", Instant()),
    )
    .order_by(Session.starts_at, Session.id)
    .limit(p("most", Integer()))
)


def is_treated(table: Any, *where: Any) -> Any:
    """A predicate on a client's rows: a therapist on the staff treats them now (`where` narrows the
    care that counts)."""
    return (
        select(CareAssignment.id)
        .join(
            Membership,
            and_(
                Membership.practice_id == CareAssignment.practice_id,
                Membership.user_id == CareAssignment.user_id,
            ),
        )
        .where(
            CareAssignment.practice_id == table.practice_id,
            CareAssignment.client_id == table.client_id,
            *where,
            _live(CareAssignment),
            _live(Membership),
            Membership.suspended_at.is_(None),
            literal_column("'therapist'", Text()) == any_(Membership.roles),
        )
        .correlate(table)
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
        _nothing(UUID_TEXT),
    )
    .where(
        known(Episode),
        Episode.closed_at.is_(None),
        ~is_treated(Episode, CareAssignment.episode_id == Episode.id),
    )
    .order_by(Episode.opened_on, Episode.id)
    .limit(MOST_UNATTENDED)
)
_ESCALATED: Final = (
    select(
        AttentionNotice.practice_id,
        _nothing(UUID_TEXT),
        _nothing(UUID_TEXT),
        AttentionNotice.opened_by,
        AttentionNotice.due_at,
        _nothing(Text()),
        _nothing(Integer()),
        _nothing(Text()),
        _nothing(Text()),
        _nothing(Integer()),
        _nothing(UUID_TEXT),
        _nothing(Date()),
        AttentionNotice.id,
    )
    .where(*escalated.IS_SHOWN)
    .order_by(AttentionNotice.due_at, AttentionNotice.id)
    .limit(escalated.MOST)
)
_ELSEWHERE: Final = ("practice_id", "client_id", "therapist_id", "told_of")


def _day(*, of_therapist: bool, with_unattended: bool) -> Query:
    """One statement for each kind of day, so that its plan is the right one and is kept."""
    sessions = _ALL_SESSIONS
    if of_therapist:
        sessions = sessions.where(Session.therapist_id == p("of_therapist"))
    unattended = [_UNATTENDED] if with_unattended else []
    entries = union_all(sessions, _ESCALATED, *unattended).subquery()
    query = Query(
        select(
            _HERE.c.zone.label("here"),
            *showing.CLIENT,
            Membership.user_id.label("therapist_id"),
            Membership.words.label("therapist_words"),
            *(column for column in entries.c if column.name not in _ELSEWHERE),
            *escalated.COLUMNS,
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
        .outerjoin(
            AttentionNotice,
            and_(
                AttentionNotice.practice_id == entries.c.practice_id,
                AttentionNotice.id == entries.c.told_of,
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
    all that the caller knows of; `unattended` is None where it is not asked for; `escalated` is
    what the caller was told of by mail and does not treat."""
    moment = now()
    begins_at, ends_at = moment - LONGEST_DAY, moment + LONGEST_DAY
    if zone is not None:
        begins_at, ends_at = _day_of(moment, zone)
    rows = await work.rows(
        DAYS[of_therapist is not None, with_unattended],
        begins_at=begins_at,
        ends_at=ends_at,
        most=MOST_SESSIONS if zone else MOST_READ,
        of_therapist=of_therapist,
    )
    zone = zone or str(rows[0]["here"])
    begins_at, ends_at = _day_of(moment, zone)
    shown: Row = {"on": local_day(moment, zone), "zone": zone, "sessions": []}
    shown["unattended"] = [] if with_unattended else None
    shown["escalated"] = []
    for row in rows:
        if row["notice_id"] is not None:
            work.note("homework", row["notice_of"], "read")
            shown["escalated"].append(escalated.shown(row, row["therapist_words"]))
            continue
        starts_at = row["starts_at"]
        if row["client_id"] is None or not (starts_at is None or begins_at <= starts_at < ends_at):
            continue
        work.note("contact", row["client_id"], "read")
        item = {"client_id": row["client_id"], "client": showing.client(row)}
        if row["session_id"] is None:
            item |= {name: row[name] for name in ("episode_id", "opened_on", "version")}
            shown["unattended"].append(item)
            continue
        item |= {"id": row["session_id"], "therapist": row["therapist_words"].value["name"]}
        shown["sessions"].append(item | {name: row[name] for name in _SESSION})
    del shown["sessions"][MOST_SESSIONS:]
    return shown


def _day_of(moment: datetime, zone: str) -> tuple[datetime, datetime]:
    """When the local day of `moment` begins and ends."""
    on = local_day(moment, zone)
    return instant(on, time(), zone), midnight_after(on, zone)


_SESSION: Final = (
    "therapist_id",
    "starts_at",
    "zone",
    "minutes",
    "setting",
    "attendance",
    "version",
)
