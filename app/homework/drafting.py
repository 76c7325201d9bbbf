"""What a client has begun and not sent: one draft for each slot, theirs alone.

Nothing here leaves an event or an audit row, and no staff door says that a draft exists.
"""

from typing import Any, Final

from sqlalchemy import Integer, and_, delete, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert

from app.access.visible import in_person
from app.core.clock import now
from app.core.database import Instant
from app.core.errors import NotFound
from app.core.statements import UUID_TEXT, Query, p
from app.files.retention import LET_FILES_GO, NAME_FILES
from app.homework import fitting, named_files
from app.homework.along import Draft
from app.homework.models import Assignment, Occurrence
from app.homework.sent import DraftPut
from app.library import service as library
from app.library.canonical import canonical_answers
from app.library.forms import Form
from app.operation import meaning, preconditions
from app.operation.work import Row, Work

_SAVED_ELSEWHERE: Final = (
    "This draft was saved elsewhere meanwhile. Read it, bring both together, and send that with "
    "its version."
)
_NONE_HERE: Final = "There is no draft here now. Begin one with If-None-Match: *."
_SAY: Final = "Send If-None-Match: * to begin a draft, or its ETag in If-Match to go on with it."

# The slot is locked, so that of two devices one is first; it knows what version its draft has.
_SLOT = Query(
    select(
        Occurrence.id,
        Occurrence.drafted_at,
        Occurrence.draft_version,
        Assignment.exercise_version_id,
    )
    .join(
        Assignment,
        and_(
            Assignment.practice_id == Occurrence.practice_id,
            Assignment.client_id == Occurrence.client_id,
            Assignment.id == Occurrence.assignment_id,
        ),
    )
    .where(Occurrence.id == p("id"), in_person(Occurrence), in_person(Assignment))
    .with_for_update(of=Occurrence)
)
_NEW = upsert(Draft).values(
    practice_id=p("practice_id"),
    # A slot has one draft, and so they share an id.
    id=p("occurrence_id"),
    client_id=p("acting"),
    occurrence_id=p("occurrence_id"),
    body=p("body", Draft.body.type),
    version=p("version", Integer()),
    changed_at=p("at", Instant()),
)
_SAVE = Query(
    update(Occurrence)
    .where(in_person(Occurrence), Occurrence.id == p("occurrence_id"))
    .values(drafted_at=p("at", Instant()), draft_version=p("version", Integer()))
    .add_cte(
        _NEW.on_conflict_do_update(
            index_elements=("practice_id", "id"),
            set_={name: _NEW.excluded[name] for name in ("body", "version", "changed_at")},
            where=in_person(Draft),
        ).cte("draft"),
        *NAME_FILES,
    )
)
GONE: Final = (
    delete(Draft)
    .where(in_person(Draft), Draft.occurrence_id == p("occurrence_id"))
    .returning(Draft.id)
    .cte("gone")
)
"""Beside another statement: the slot's draft is deleted, if the caller is the client."""
# The client's other devices are told that the draft is gone; a guardian's hears of no change.
ENDED: Final[dict[str, Any]] = {"drafted_at": None, "draft_gone_at": func.now()}
"""What a slot says whose draft is gone, sent or thrown away."""
_REMOVE = Query(
    update(Occurrence)
    .where(in_person(Occurrence), Occurrence.id == p("occurrence_id"))
    .values(ENDED)
    .add_cte(GONE, LET_FILES_GO)
)
_KEPT = select(
    Draft.id, Draft.client_id, Draft.occurrence_id, Draft.body, Draft.changed_at, Draft.version
).where(in_person(Draft))
_MINE = Query(_KEPT.where(Draft.occurrence_id == p("id")))
_SEVERAL = Query(_KEPT.where(Draft.occurrence_id == p("ids", ARRAY(UUID_TEXT)).any_()))


async def put(
    work: Work, occurrence_id: str, asked: DraftPut, seen: preconditions.Seen | None
) -> tuple[Row, bool]:
    """Save the draft whole; what is stored, and whether it is new.

    `seen` is the version the device goes on from, `preconditions.NONE_YET` for the first.
    Raises NotFound, Invalid for another exercise's version, VersionRequired, and Stale with the
    version the draft has now.
    """
    slot = await _slot(work, occurrence_id)
    version_id = str(asked.exercise_version_id)
    await fitting.demand_version(work, version_id, slot["exercise_version_id"])
    current = _current(slot)
    changed = _SAVED_ELSEWHERE if current else _NONE_HERE
    preconditions.demand_seen(seen, current, changed=changed, none_said=_SAY)
    version, at = (slot["draft_version"] or 0) + 1, now()
    body = _said(asked)
    sealed = await work.sealed(Draft.body, occurrence_id, work.client_id, body)
    form = await library.form(work, version_id)
    names = named_files.names_in(form, asked.answers)
    saved = {"body": sealed, "version": version, "at": at, "file_names": names}
    await work.run(_SAVE, occurrence_id=occurrence_id, **saved)
    kept = {"occurrence_id": occurrence_id, "changed_at": at, "version": version}
    return body | kept, current == preconditions.NONE_YET


async def get(work: Work, occurrence_id: str) -> Row:
    """The slot's draft. Raises NotFound."""
    row = await work.row(_MINE, id=occurrence_id)
    if row is None:
        raise NotFound()
    return _shape(row)


async def already(work: Work, occurrence_id: str, asked: DraftPut) -> Row | None:
    """The slot's draft, where it says just this: it was sent before, and the answer lost."""
    row = await work.row(_MINE, id=occurrence_id)
    if row is None:
        return None
    form = await library.form(work, str(asked.exercise_version_id))
    is_same = _meant(_body(row), form) == _meant(_said(asked), form)
    return _shape(row) if is_same else None


def _meant(body: Row, form: Form | None) -> Any:
    answers = canonical_answers(form, body["answers"])
    obstacles = sorted(set(body["obstacles"]))
    return meaning.canonical(body | {"answers": answers, "obstacles": obstacles})


async def is_begun(work: Work, occurrence_id: str) -> bool:
    """Whether this slot has a draft. Raises NotFound for one that is not the client's."""
    return _current(await _slot(work, occurrence_id)) != preconditions.NONE_YET


def _said(asked: DraftPut) -> Row:
    body = asked.model_dump(mode="json")
    body["engagement"] = asked.engagement and asked.engagement.model_dump(exclude_none=True)
    return body


async def several(work: Work, ids: list[str]) -> list[Row]:
    """The drafts of those of the client's own slots that have these ids, each with its slot's."""
    return [_shape(row) | {"id": row["id"]} for row in await work.rows(_SEVERAL, ids=ids)]


def _shape(row: Row) -> Row:
    return _body(row) | {name: row[name] for name in ("occurrence_id", "changed_at", "version")}


def _body(row: Row) -> Row:
    # A draft kept by an older version says nothing of what was added since.
    body: dict[str, Any] = {"unsafe_from": None} | row["body"].value
    return body


async def remove(work: Work, occurrence_id: str, seen: preconditions.Seen | None) -> None:
    """Delete the draft, for good. Raises NotFound, VersionRequired or Stale."""
    current = _current(await _slot(work, occurrence_id))
    if current == preconditions.NONE_YET:
        raise NotFound()
    preconditions.demand_seen(seen, current)
    await work.run(_REMOVE, occurrence_id=occurrence_id)


async def _slot(work: Work, occurrence_id: str) -> Row:
    slot = await work.row(_SLOT, id=occurrence_id)
    if slot is None:
        raise NotFound()
    return slot


def _current(slot: Row) -> int:
    return int(slot["draft_version"]) if slot["drafted_at"] else preconditions.NONE_YET
