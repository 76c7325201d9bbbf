"""Uploads: announced, received in parts, looked through when whole. Each part is stored or not;
whoever was cut off asks where to go on."""

from typing import Any, Final

from sqlalchemy import Text, and_, func, or_, select, true

from app.access.visible import ME, own, wall
from app.clients.models import Client
from app.core.errors import Conflict, FieldError, Invalid, NotFound
from app.core.ids import new_id
from app.core.statements import Query, p
from app.files import chunks
from app.files.inspection import file_of
from app.files.models import Upload
from app.files.retention import DRAFTED_UNTIL, UNUSED
from app.files.schemas import UploadCreate
from app.files.unfit import WORDS
from app.operation import once
from app.operation.work import Row, Work

LARGEST: Final = 20 * 1024 * 1024
SMALLEST_PART: Final = 64 * 1024
"""Of a part that is not the last one: a file is 320 parts at most."""
MOST_WAITING: Final = 50
"""Files of one client that go with nothing yet."""
MOST_IN_ALL: Final = 4 * 1024 * 1024 * 1024
"""Bytes of one client's files: two hundred of the largest, and no disk is filled by one."""

_ALL: Final = (
    Upload.id,
    Upload.client_id,
    Upload.media_type,
    Upload.size,
    Upload.received,
    Upload.status,
    Upload.refused_code,
    Upload.kept_size,
    Upload.submission_id,
    Upload.created_at,
    Upload.changed_at,
    Upload.version,
    Upload.body_hash,
    Upload.file_key,
    Upload.parts,
)
_SHOWN: Final = and_(Upload.visible == "shared", Upload.taken_back.is_(False))
_SEEN: Final[dict[str, Any]] = {
    "self": true(),
    "guardian": wall("files", or_(Upload.user_id == ME, _SHOWN)),
}
"""What the client keeps to themselves, took back, or has not sent yet, guardians do not see."""


def _of(capacity: str, *clauses: Any) -> Any:
    # What the client has begun is no guardian's to know.
    shown = (*_ALL, DRAFTED_UNTIL) if capacity == "self" else _ALL
    return select(*shown).where(own(Upload), _SEEN[capacity], *clauses)


_MINE = {who: Query(_of(who, Upload.id == p("id"))) for who in _SEEN}
_BY_KEY = {who: Query(_of(who, Upload.client_key == p("client_key", Text()))) for who in _SEEN}
_TO_GO_ON = Query(
    select(*_ALL)
    .where(own(Upload), Upload.id == p("id"), Upload.user_id == ME)
    .with_for_update(of=Upload)
)
_waiting = (
    select(func.count())
    .where(own(Upload), Upload.user_id == ME, Upload.submission_id.is_(None))
    .scalar_subquery()
)
# What lies on the disk, or is announced to come: a cleaned picture may be larger than the one sent.
_held = (
    select(func.coalesce(func.sum(func.coalesce(Upload.kept_size, Upload.size)), 0))
    .where(own(Upload), Upload.status != "refused")
    .scalar_subquery()
)
_ROOM = Query(select(Client.id, _waiting.label("waiting"), _held.label("held")).where(own(Client)))


async def create(work: Work, asked: UploadCreate) -> tuple[Row, bool]:
    """Announce a file; what is known of it, and whether it is new.

    Raises Invalid for one that is too large or another file under the same key, NotFound for a
    guardian whose door is empty, Conflict when too many wait or there is no room.
    """
    if asked.size > LARGEST:
        words = (
            "A file is at most 20 MB (20,971,520 bytes). Send a smaller picture, or the recording"
            " in shorter pieces."
        )
        named = FieldError(pointer="/size", code="files.too_large", detail=words)
        raise Invalid("files.too_large", words, errors=[named])
    said = once.fingerprint(work.client_id, asked, about=f"upload:{work.actor.user_id}")
    by_key = _BY_KEY[work.actor.capacity]
    found, is_new = await work.row(by_key, client_key=asked.client_key), False
    if found is None:
        await _demand_room(work, asked.size)
        is_new = await work.add(
            Upload,
            unless=("practice_id", "client_id", "client_key"),
            id=new_id(),
            client_id=work.client_id,
            user_id=work.actor.user_id,
            client_key=asked.client_key,
            body_hash=said.digest,
            media_type=asked.media_type,
            size=asked.size,
            file_key=chunks.fresh_key(),
        )
        found = await work.row(by_key, client_key=asked.client_key)
    if found is None:
        raise once.taken()
    shown = _shape(found)
    once.demand_same(found["body_hash"], said, shown)
    return shown, is_new


async def mine(work: Work, upload_id: str) -> Row:
    """One of the client's files, with its `version`. Raises NotFound."""
    return _shape(await _found(work, upload_id))


async def ready(work: Work, upload_id: str) -> Row:
    """The row of one of the client's files whose content can be read.

    Raises NotFound, `files.not_ready` for one that is not ready.
    """
    row = await _found(work, upload_id)
    if row["status"] != "ready":
        raise NotFound(
            "files.not_ready", f"There is no content of it (yet): the file is {row['status']}."
        )
    return row


async def go_on(work: Work, upload_id: str, offset: int, part: bytes) -> Row:
    """Take the part of a file that begins at `offset`; after the last one it is `looking`, and
    `app.files.inspection.inspect` decides what becomes of it.

    Raises NotFound; Conflict `files.offset` with where to go on, `files.state` when nothing more
    is needed, and for a part that is too small or reaches beyond the file.
    """
    row = await work.row(_TO_GO_ON, id=upload_id)
    if row is None:
        await work.nothing(Upload, upload_id)
    _demand_next(row, offset, len(part))
    file = file_of(work, row)
    received = offset + len(part)
    # A part that was stored and not noted here (a crash between the two) is under another name.
    name = await file.put(offset, part)
    try:
        values: Row = {"received": received, "parts": [*row["parts"], name]}
        if received == row["size"]:
            values["status"] = "looking"
        await work.change(Upload, upload_id, row["version"], **values)
        return await mine(work, upload_id)
    except BaseException:
        await file.remove([name])
        raise


def _demand_next(row: Row, offset: int, length: int) -> None:
    received, size = row["received"], row["size"]
    where = {"Upload-Offset": str(received)}
    if row["status"] != "receiving":
        raise Conflict(
            "files.state",
            f"All of it has arrived, and it is {row['status']}. Nothing more is needed.",
            headers=where,
            state=row["status"],
            offset=received,
        )
    if offset != received:
        raise Conflict(
            "files.offset",
            f"{received} bytes have arrived. Go on from there, with Upload-Offset: {received}.",
            headers=where,
            offset=received,
        )
    if received + length > size:
        raise Conflict(
            "files.beyond_size",
            f"The file was announced with {size} bytes, and {size - received} are still to come.",
        )
    if length < SMALLEST_PART and received + length < size:
        raise Conflict(
            "files.part_too_small",
            f"A part is {SMALLEST_PART} bytes or more, up to 1 MiB; only the last may be less.",
        )


async def _demand_room(work: Work, size: int) -> None:
    found = await work.row(_ROOM)
    if found is None:
        raise NotFound()
    if found["waiting"] >= MOST_WAITING:
        raise Conflict(
            "files.too_many_waiting",
            f"{MOST_WAITING} files wait to be sent with something. Send those first; what goes"
            " with nothing, and no draft names, is removed after 24 hours.",
        )
    if found["held"] + size > MOST_IN_ALL:
        raise Conflict(
            "files.no_room",
            "There is no room for more files: those that were sent before stay. Write it instead,"
            " or show it in the next session.",
        )


async def _found(work: Work, upload_id: str) -> Row:
    row = await work.row(_MINE[work.actor.capacity], id=upload_id)
    if row is None:
        await work.nothing(Upload, upload_id)
    return row


def _shape(row: Row) -> Row:
    code = row["refused_code"]
    kept_until = max(row["changed_at"] + UNUSED, row.get("drafted_until") or row["changed_at"])
    return {
        "id": row["id"],
        "media_type": row["media_type"],
        "size": row["size"],
        "offset": row["received"],
        "status": row["status"],
        "refused": None if code is None else {"code": code, "detail": WORDS[code]},
        "kept_size": row["kept_size"],
        "submission_id": row["submission_id"],
        "created_at": row["created_at"],
        "kept_until": None if row["submission_id"] else kept_until,
    }
