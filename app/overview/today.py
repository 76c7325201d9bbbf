"""The day of someone on the staff: what is on, what is new, and who waits for them.

Three statements at the most: the queue; what waits with the clients they treat; the sessions.
"""

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import (
    Date,
    Integer,
    Text,
    and_,
    cast,
    func,
    literal_column,
    null,
    or_,
    select,
    true,
    union_all,
)

from app.access.visible import caseload, treated
from app.clients.models import Client, ClientAddress
from app.core.database import Instant
from app.core.statements import UUID_TEXT, Query, p
from app.homework.along import Question
from app.homework.models import Assignment
from app.notes.models import Note
from app.operation.work import Row, Work
from app.overview import addresses, diary, queue, showing
from app.rests.models import RestPeriod

FIRST_OF_QUEUE: Final = 10
MOST: Final = 25
"""Items of a section, at the most; of what is urgent `queue.MOST_URGENT`."""
URGENT_QUEUE: Final = "/v1/review-queue?attention_level=urgent"
DECLINED_DAYS: Final = 28
REST_DAYS: Final = 14

_MINE: Final = caseload()
_LOOK_IN: Final = func.now() - timedelta(days=REST_DAYS)


def _word(text: str) -> Any:
    return literal_column(f"'{text}'", Text())


def _nothing(kind: Any) -> Any:
    return cast(null(), kind)


def _first_of_each(table: Any, columns: Any, order: Any, *where: Any) -> Any:
    """The first rows of each client treated, and of those the first: none of others' is read."""
    one = (
        select(*columns)
        .where(treated(table), table.client_id == _MINE.c.client_id, *where)
        .order_by(order, table.id)
        .limit(MOST)
        .lateral()
    )
    return (
        select(one).select_from(_MINE).join(one, true()).order_by(one.c.since, one.c.id).limit(MOST)
    )


# Fixed words stand in the statement itself, so that partial indexes serve whatever the plan.
_QUESTIONS = _first_of_each(
    Question,
    (
        _word("questions").label("section"),
        Question.practice_id,
        Question.client_id,
        Question.id,
        Question.assignment_id,
        Question.created_at.label("since"),
        _nothing(Text()).label("status"),
        _nothing(Text()).label("kind"),
        _nothing(Date()).label("starts_on"),
        _nothing(Date()).label("ends_on"),
        _nothing(Instant()).label("looked_in_at"),
        Question.version,
    ),
    Question.created_at,
    Question.answered_at.is_(None),
)
_SINCE = func.coalesce(Assignment.answered_at, Assignment.changed_at)
_PROPOSALS = _first_of_each(
    Assignment,
    (
        _word("proposals").label("section"),
        Assignment.practice_id,
        Assignment.client_id,
        Assignment.id,
        Assignment.id.label("assignment_id"),
        _SINCE.label("since"),
        Assignment.status,
        Assignment.decline_reason.label("kind"),
        _nothing(Date()).label("starts_on"),
        _nothing(Date()).label("ends_on"),
        _nothing(Instant()).label("looked_in_at"),
        Assignment.version,
    ),
    _SINCE,
    or_(
        Assignment.status == _word("proposed"),
        and_(
            Assignment.status == _word("declined"),
            func.now() - timedelta(days=DECLINED_DAYS) < _SINCE,
        ),
    ),
)
_RESTS = _first_of_each(
    RestPeriod,
    (
        _word("rests").label("section"),
        RestPeriod.practice_id,
        RestPeriod.client_id,
        RestPeriod.id,
        _nothing(UUID_TEXT).label("assignment_id"),
        RestPeriod.starts_at.label("since"),
        _nothing(Text()).label("status"),
        RestPeriod.started_as.label("kind"),
        RestPeriod.starts_on,
        RestPeriod.ends_on,
        RestPeriod.looked_in_at,
        RestPeriod.version,
    ),
    RestPeriod.starts_at,
    RestPeriod.assignment_id.is_(None),
    or_(RestPeriod.ends_at.is_(None), RestPeriod.ends_at > func.now()),
    or_(
        and_(
            RestPeriod.starts_at <= _LOOK_IN,
            or_(RestPeriod.looked_in_at.is_(None), RestPeriod.looked_in_at <= _LOOK_IN),
        ),
        # What a guardian starts for a client the therapist is told at once.
        and_(RestPeriod.started_as == _word("guardian"), RestPeriod.looked_in_at.is_(None)),
    ),
)
_DRAFTS = (
    select(
        _word("drafts"),
        Note.practice_id,
        Note.client_id,
        Note.id,
        _nothing(UUID_TEXT),
        Note.created_at,
        Note.status,
        Note.kind,
        _nothing(Date()),
        _nothing(Date()),
        _nothing(Instant()),
        Note.version,
    )
    .where(
        treated(Note),
        Note.author_id == p("author"),
        or_(Note.status == _word("draft"), Note.status == _word("returned")),
    )
    .order_by(Note.id)
    .limit(MOST)
)
_ADDRESSES = _first_of_each(
    ClientAddress,
    (
        _word(addresses.SECTION).label("section"),
        ClientAddress.practice_id,
        ClientAddress.client_id,
        ClientAddress.id,
        _nothing(UUID_TEXT).label("assignment_id"),
        ClientAddress.created_at.label("since"),
        _nothing(Text()).label("status"),
        _nothing(Text()).label("kind"),
        _nothing(Date()).label("starts_on"),
        _nothing(Date()).label("ends_on"),
        _nothing(Instant()).label("looked_in_at"),
        _nothing(Integer()).label("version"),
    ),
    ClientAddress.created_at,
    addresses.WAITS,
)
_all = union_all(_QUESTIONS, _PROPOSALS, _RESTS, _DRAFTS, _ADDRESSES).subquery("waiting")
_WAITING = Query(
    select(
        _all.c.section,
        _all.c.id,
        *showing.CLIENT,
        *showing.ASSIGNMENT,
        Assignment.decline_words,
        Question.id.label("question_id"),
        Question.client_id.label("asked_by"),
        Question.question,
        _all.c.since,
        _all.c.status,
        _all.c.kind,
        _all.c.starts_on,
        _all.c.ends_on,
        _all.c.looked_in_at,
        func.coalesce(_all.c.version, Client.version).label("version"),
        *addresses.EMAIL,
    )
    .select_from(_all)
    .join(Client, showing.client_of(_all.c))
    .outerjoin(Assignment, showing.assignment_of(_all.c))
    .outerjoin(
        Question,
        and_(
            _all.c.section == _word("questions"),
            Question.practice_id == _all.c.practice_id,
            Question.client_id == _all.c.client_id,
            Question.id == _all.c.id,
        ),
    )
    .outerjoin(
        ClientAddress,
        and_(
            _all.c.section == _word(addresses.SECTION),
            ClientAddress.practice_id == _all.c.practice_id,
            ClientAddress.client_id == _all.c.client_id,
            ClientAddress.id == _all.c.id,
        ),
    )
    .order_by(_all.c.since, _all.c.id)
)
_SHOWN: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "questions": (
        ("id", "id"),
        ("version", "version"),
        ("assignment_id", "assignment_id"),
        ("assignment", "assignment"),
        ("question", "question"),
        ("asked_at", "since"),
    ),
    "proposals": (
        ("id", "id"),
        ("version", "version"),
        ("title", "assignment"),
        ("status", "status"),
        ("decline_reason", "kind"),
        ("decline_words", "decline_words"),
        ("since", "since"),
    ),
    "rests": (
        ("id", "id"),
        ("version", "version"),
        ("starts_on", "starts_on"),
        ("ends_on", "ends_on"),
        ("looked_in_at", "looked_in_at"),
        ("started_as", "kind"),
    ),
    "drafts": (
        ("id", "id"),
        ("version", "version"),
        ("kind", "kind"),
        ("status", "status"),
        ("created_at", "since"),
    ),
    addresses.SECTION: (
        ("email", "email"),
        ("since", "since"),
        ("version", "version"),
    ),
}
"""What each section shows, and where it stands in the rows that wait."""


async def today(work: Work, zone: str | None) -> Row:
    """The caller's day in `zone`, or else in the practice's; sections not theirs are None."""
    roles = work.actor.roles
    shown: Row = await diary.day(
        work,
        zone,
        of_therapist=work.actor.user_id if "therapist" in roles else None,
        with_unattended="owner" in roles,
    )
    shown |= dict.fromkeys(("needs_attention", "urgent", "review_queue", *_SHOWN))
    of_nobody = await addresses.of_nobodys_clients(work, MOST) if "owner" in roles else None
    shown[addresses.SECTION] = of_nobody
    if "therapist" not in roles:
        return shown
    head, waiting, urgent = await queue.first(work, MOST)
    shown["needs_attention"] = [one for one in head if one["needs_attention"]]
    shown["urgent"] = _counted(urgent) | {"review_queue": URGENT_QUEUE}
    shown["review_queue"] = _counted(waiting) | {"first": head[:FIRST_OF_QUEUE]}
    sections = await _waiting(work, {one["client_id"] for one in head})
    sections[addresses.SECTION] += of_nobody or []
    return shown | sections


def _counted(many: int) -> Row:
    return {"count": min(many, queue.MOST_COUNTED), "more": many > queue.MOST_COUNTED}


async def _waiting(work: Work, read_of: set[str]) -> Row:
    """The sections of what waits. Notes, for the clients' logs, what was read about each."""
    sections: dict[str, list[Row]] = {name: [] for name in _SHOWN}
    notes_of: set[str] = set()
    contact_of: set[str] = set()
    looked_at = {"drafts": notes_of, addresses.SECTION: contact_of}
    for row in await work.rows(_WAITING, author=work.actor.user_id):
        name, client_id = row["section"], row["client_id"]
        looked_at.get(name, read_of).add(client_id)
        row["assignment"] = showing.assignment(row)
        item = {"client_id": client_id, "client": showing.client(row)}
        sections[name].append(item | {shown: row[inner] for shown, inner in _SHOWN[name]})
    for client_id in contact_of - notes_of - read_of:
        work.note("contact", client_id, "read")
    for client_id in notes_of - read_of:
        work.note("notes", client_id, "read")
    for client_id in read_of:
        work.note("homework", client_id, "read")
    return sections
