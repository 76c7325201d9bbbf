"""The rules of notes: drafted by one author, signed once, read by those it was released to."""

from typing import Any, Final

from sqlalchemy import ColumnElement, Integer, Text, and_, func, or_, select

from app.access.visible import ME, PRACTICE, met_elsewhere, own, readable, treated, wall
from app.clients import care
from app.core.errors import Forbidden, NotFound
from app.core.ids import new_id
from app.core.statements import Query, p
from app.notes import bodies
from app.notes.models import Note, Signature
from app.notes.schemas import NoteCreate, NoteUpdate
from app.operation import preconditions, states
from app.operation.failures import not_on_care_team
from app.operation.sealing import Row
from app.operation.work import Work
from app.sessions.models import Session

STATES: Final[states.Transitions] = {
    "draft": frozenset({"signed", "pending_cosign", "discarded"}),
    "pending_cosign": frozenset({"draft", "returned", "cosigned"}),
    "returned": frozenset({"draft"}),
    "signed": frozenset({"entered_in_error"}),
    "cosigned": frozenset({"entered_in_error"}),
}


def _is(*statuses: str) -> ColumnElement[bool]:
    return or_(*(Note.status == status for status in statuses))


SETTLED: Final = _is("signed", "cosigned", "entered_in_error")


def visible() -> ColumnElement[bool]:
    """Staff who may read: its author, while treating or once it is signed; and those who may
    read the client's record, once it is no draft any more."""
    client: Any = Note.client_id
    author = and_(Note.author_id == ME, or_(treated(Note), and_(SETTLED, ~met_elsewhere(client))))
    team = and_(readable(Note), ~_is("draft", "discarded"))
    return wall("notes", Note.practice_id == PRACTICE, or_(author, team))


def _released(column: Any) -> ColumnElement[bool]:
    return and_(own(Note), wall("released", SETTLED, column <= func.now()))


_SIGNED_SO = and_(
    Signature.practice_id == Note.practice_id,
    Signature.client_id == Note.client_id,
    Signature.note_id == Note.id,
    Signature.revision == Note.revision,
    ~_is("draft", "discarded"),
)
_SIGNATURE = (
    Signature.id.label("signature_id"),
    Signature.client_id.label("signature_client"),
    Signature.purpose,
    Signature.words,
    Signature.digest,
    Signature.signed_at.label("signature_at"),
)
LINE: Final = (
    Note.id,
    Note.client_id,
    Note.episode_id,
    Note.session_id,
    Note.author_id,
    Note.kind,
    Note.format,
    Note.status,
    Note.revision,
    Note.signed_at,
    Note.released_at,
    Note.created_at,
    Note.changed_at,
    Note.version,
)
_SHOWN: Final = (*(column.key for column in LINE), "body")
_PAGE = and_(Note.client_id == p("of_client"), Note.id < p("after"))

_ONE = Query(
    select(*LINE, Note.body, *_SIGNATURE)
    .outerjoin(Signature, _SIGNED_SO)
    .where(Note.id == p("id"), visible())
    .order_by(Signature.signed_at)
)
_LIST = Query(
    select(*LINE)
    .where(
        _PAGE,
        visible(),
        or_(p("status", Text()).is_(None), Note.status == p("status", Text())),
        or_(p("kind", Text()).is_(None), Note.kind == p("kind", Text())),
    )
    .order_by(Note.id.desc())
    .limit(p("limit", Integer()))
)
# Locked, so that of two who sign or change at once the second sees what the first one did.
_AUTHORED = Query(
    select(*LINE, Note.body)
    .where(Note.id == p("id"), treated(Note), wall("author", Note.author_id == ME))
    .with_for_update(of=Note)
)
_SESSION = Query(
    select(Session.episode_id).where(
        Session.id == p("id"), Session.client_id == p("of_client"), treated(Session)
    )
)

_MY_AUDIENCES: Final = {
    "self": Note.released_at,
    "guardian": Note.released_to_guardians_at,
}
_MY_LINE = (
    Note.id,
    Note.client_id,
    Note.session_id,
    Note.kind,
    Note.format,
    Note.status,
    Note.signed_at,
)
_MY_SHOWN: Final = (
    "id", "session_id", "kind", "format", "status", "signed_at", "released_at",
)  # fmt: skip
_MINE = {
    capacity: Query(
        select(*_MY_LINE, column.label("released_at"), Note.body, *_SIGNATURE)
        .outerjoin(Signature, _SIGNED_SO)
        .where(Note.id == p("id"), _released(column))
        .order_by(Signature.signed_at)
    )
    for capacity, column in _MY_AUDIENCES.items()
}
_MY_LIST = {
    capacity: Query(
        select(*_MY_LINE, column.label("released_at"))
        .where(_PAGE, _released(column))
        .order_by(Note.id.desc())
        .limit(p("limit", Integer()))
    )
    for capacity, column in _MY_AUDIENCES.items()
}


async def create(work: Work, client_id: str, asked: NoteCreate) -> Row:
    """A draft, its author's alone.

    Raises Invalid for sections of another format, NotFound for a session that is not the
    client's, and as `care.treated_episode` does.
    """
    said = asked.body.model_dump(mode="json", exclude_unset=True)
    body = bodies.merged(asked.format, bodies.blank(asked.format), said)
    episode_id = str(asked.episode_id) if asked.episode_id else None
    session_id = str(asked.session_id) if asked.session_id else None
    if session_id is not None:
        await care.demand_readable(work, client_id)
        episode_id = await _session_episode(work, client_id, session_id, episode_id)
    episode_id = await care.treated_episode(work, client_id, episode_id)
    note_id = new_id()
    await work.add(
        Note,
        id=note_id,
        client_id=client_id,
        episode_id=episode_id,
        session_id=session_id,
        author_id=work.actor.user_id,
        kind=asked.kind,
        format=asked.format,
        body=body,
    )
    return await get(work, note_id)


async def get(work: Work, note_id: str) -> Row:
    """One note with its signatures, for staff who may read it. Raises as `work.nothing` does."""
    rows = await work.rows(_ONE, id=note_id)
    if not rows:
        await work.nothing(Note, note_id)
    note = {name: rows[0][name] for name in _SHOWN}
    note["signatures"] = _signatures(rows)
    return note


async def list_of(
    work: Work, client_id: str, *, after: str, limit: int, status: str | None, kind: str | None
) -> list[Row]:
    """A client's notes without their bodies, newest first, one past the limit."""
    rows = await work.rows(
        _LIST, of_client=client_id, after=after, limit=limit + 1, status=status, kind=kind
    )
    if not rows:
        await care.demand_readable(work, client_id)
    return rows


async def update(work: Work, note_id: str, asked: NoteUpdate) -> Row:
    """Change a draft; every change is its next revision.

    Raises NotFound, Forbidden, Conflict for what is no draft any more, VersionRequired, Stale,
    and Invalid for sections of another format.
    """
    current = await authored(work, note_id)
    if current["status"] != "draft":
        states.refuse("notes", STATES, current["status"], "changed")
    seen = preconditions.demand(work, current["version"])
    given = asked.model_dump(mode="json", exclude_unset=True)
    if not given:
        return await get(work, note_id)
    session_id = given.get("session_id", current["session_id"])
    if session_id is not None and session_id != current["session_id"]:
        await _session_episode(work, current["client_id"], session_id, current["episode_id"])
    await work.change(
        Note,
        note_id,
        seen,
        client_id=current["client_id"],
        kind=given.get("kind") or current["kind"],
        session_id=session_id,
        body=bodies.merged(current["format"], current["body"].value, given.get("body") or {}),
        revision=current["revision"] + 1,
    )
    return await get(work, note_id)


async def authored(work: Work, note_id: str) -> Row:
    """A note of the caller's own, to be written to; locked until the work ends.

    Raises NotFound, and Forbidden for whoever may only read it.
    """
    row = await work.row(_AUTHORED, id=note_id)
    if row is None:
        read = await get(work, note_id)
        if read["author_id"] == work.actor.user_id:
            raise not_on_care_team()
        raise Forbidden("notes.author", "Only its author writes and signs a note.")
    return row


async def mine(work: Work, note_id: str) -> Row:
    """A note released to the client (or guardian), with who signed it. Raises NotFound."""
    rows = await work.rows(_MINE[work.actor.capacity], id=note_id)
    if not rows:
        await work.nothing(Note, note_id)
    signatures = _signatures(rows)
    for signature in signatures:
        del signature["digest"]
    return _my_line(rows[0]) | {"body": rows[0]["body"], "signatures": signatures}


async def my_list(work: Work, *, after: str, limit: int) -> list[Row]:
    """The notes released to the client (or guardian), newest first, one past the limit."""
    rows = await work.rows(
        _MY_LIST[work.actor.capacity], of_client=work.client_id, after=after, limit=limit + 1
    )
    return [_my_line(row) for row in rows]


async def _session_episode(
    work: Work, client_id: str, session_id: str, episode_id: str | None
) -> str:
    """The episode of a session with this client, which must be `episode_id` if that is given."""
    row = await work.row(_SESSION, id=session_id, of_client=client_id)
    if row is None or episode_id not in (None, row["episode_id"]):
        raise NotFound("sessions.not_found", "This is no session of this client. Check the id.")
    return str(row["episode_id"])


def _signatures(rows: list[Row]) -> list[Row]:
    """One of each joined row; none for a note nobody signed yet."""
    return [
        {
            "purpose": row["purpose"],
            "name": row["name"],
            "licence": row["licence"],
            "capacity": row["capacity"],
            "signed_at": row["signature_at"],
            "digest": row["digest"].hex(),
        }
        for row in rows
        if row["signature_id"] is not None
    ]


def _my_line(row: Row) -> Row:
    return {name: row[name] for name in _MY_SHOWN}
