"""A whole file is cleaned between two transactions, in the request that brought its last part.

While it is `looking` it can go with work already. A process that ends meanwhile, or a queue that is
full, leaves it to the worker, which takes such files up every minute.
"""

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import func, select

from app.core.errors import NotFound
from app.core.statements import Query, p
from app.files import chunks, cleaning
from app.files.models import Upload
from app.files.storing import ChunkMissing, Place, store
from app.files.unfit import Unfit
from app.jobs.everywhere import in_each_practice
from app.jobs.registry import regularly
from app.operation.work import Row, Work
from app.vault.sealing import SealBroken

LEFT_BEHIND: Final = timedelta(seconds=60)
"""A file that is still looked at after this was left by its request."""
BATCH: Final = 20

_LOOKING: Final = (Upload.practice_id == p("practice_id"), Upload.status == "looking")
_FILE: Final = select(
    Upload.id, Upload.client_id, Upload.media_type, Upload.file_key, Upload.parts
).where(*_LOOKING, Upload.id == p("id"))
_ONE = Query(_FILE)
_HELD = Query(_FILE.with_for_update())
_LEFT = Query(
    select(Upload.id)
    .where(*_LOOKING, Upload.changed_at < func.now() - LEFT_BEHIND)
    .order_by(Upload.changed_at)
    .limit(BATCH)
)


def file_of(work: Work, row: Row) -> chunks.File:
    """Return the chunks of the file whose row this is."""
    place = Place(work.practice_id, row["client_id"], row["id"])
    return chunks.File(store(work.house.settings), place, row["file_key"].value)


async def inspect(work: Work, upload_id: str) -> bool:
    """Clean a file that is `looking`, and note that it is ready or refused; False while others
    keep the queue full.

    `work` is not open. Two at once do no harm: the second finds that it is decided.
    """
    async with work.visit(capacity="job", practice_id=work.practice_id):
        row = await work.row(_ONE, id=upload_id)
    if row is None:
        return True
    with cleaning.place() as has_place:
        if not has_place:
            return False
        file = file_of(work, row)
        values = await _cleaned(file, row)
    async with work.visit(capacity="job", practice_id=work.practice_id):
        decided = await _note(work, row, values)
    if not decided and values["parts"]:
        await file.remove(values["parts"])
    return True


@regularly("* * * * *")
async def inspect_left_files(work: Work) -> None:
    """Clean the files whose requests ended before they could."""
    await in_each_practice(work, _inspect_left)


async def _inspect_left(work: Work, practice_id: str) -> None:
    async with work.visit(capacity="job", practice_id=practice_id):
        rows = await work.rows(_LEFT)
    for row in rows:
        await inspect(work, row["id"])


async def _cleaned(file: chunks.File, row: Row) -> Row:
    """Return the row's new values."""
    try:
        content = await file.read_all(row["parts"])
        media_type, kept = await cleaning.clean(content, row["media_type"])
    except Unfit as unfit:
        return _refused(unfit.code)
    except (ChunkMissing, SealBroken):
        return _refused("files.lost")
    return {
        "status": "ready",
        "media_type": media_type,
        "kept_size": len(kept),
        "parts": await file.put_all(kept),
    }


def _refused(code: str) -> Row:
    return {"status": "refused", "refused_code": code, "parts": []}


async def _note(work: Work, row: Row, values: dict[str, Any]) -> bool:
    """Store the outcome; False where another inspection did so first, or the file is gone."""
    if await work.row(_HELD, id=row["id"]) is None:
        return False
    try:
        await work.alter(Upload, row["id"], **values)
    except NotFound:
        return False
    work.tell(f"files.{values['status']}", row["id"], row["client_id"])
    return True
