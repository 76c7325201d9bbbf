"""Files that go with nothing are removed a day after their last part, and so is what uploads and
crashes leave behind.

A row goes before its chunks: whatever ends a worker in between leaves chunks without a row, under
a key that is gone with it, and the nightly sweep takes them away.
"""

from typing import Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import ARRAY

from app.core.statements import UUID_TEXT, Query, p
from app.files.models import Upload
from app.files.retention import FORGET_NAMES, REMOVE_UNUSED
from app.files.storing import Place, Store, store
from app.jobs.everywhere import in_each_practice
from app.jobs.registry import Event, acting, on, regularly
from app.operation.work import Work

BATCH: Final = 200

_PARTS = select(Upload.id, Upload.parts).where(Upload.practice_id == p("practice_id"))
_PARTS_OF = Query(_PARTS.where(Upload.id == p("ids", ARRAY(UUID_TEXT)).any_()))
_PARTS_HELD = Query(_PARTS.where(Upload.id == p("id")).with_for_update())


@on("files.ready")
async def drop_what_arrived(work: Work, event: Event) -> None:
    """Of a file that was looked through, only what is kept of it stays."""
    await _tidy(work, event)


@on("files.refused")
async def drop_what_was_refused(work: Work, event: Event) -> None:
    """Of a file that was not taken, nothing stays."""
    await _tidy(work, event)


@regularly("41 * * * *")
async def remove_unused(work: Work) -> None:
    """Remove files that went with nothing for 24 hours, and that no draft names, rows and all: they
    are their senders'."""
    await in_each_practice(work, _remove_unused)


async def _remove_unused(work: Work, practice_id: str) -> None:
    kept = store(work.house.settings)
    async with work.visit(capacity="job", practice_id=practice_id):
        gone = await work.rows(REMOVE_UNUSED)
        await work.run(FORGET_NAMES)
    for row in gone:
        await kept.remove(Place(practice_id, row["client_id"], row["id"]))


@regularly("17 2 * * *")
async def sweep_files(work: Work) -> None:
    """Remove chunks that no row names: of rows that are gone, and of parts that were cut."""
    await in_each_practice(work, _sweep_all)


async def _sweep_all(work: Work, practice_id: str) -> None:
    kept = store(work.house.settings)
    # The places first: a row that made one since is then found, and never taken for gone.
    places = await kept.places(practice_id)
    for start in range(0, len(places), BATCH):
        await _sweep(work, kept, practice_id, places[start : start + BATCH])


async def _sweep(work: Work, kept: Store, practice_id: str, places: list[Place]) -> None:
    async with work.visit(capacity="job", practice_id=practice_id):
        rows = await work.rows(_PARTS_OF, ids=[place.upload_id for place in places])
    named = {row["id"]: set(row["parts"]) for row in rows}
    for place in places:
        if place.upload_id not in named:
            await kept.remove(place)
        elif await kept.names(place) - named[place.upload_id]:
            async with work.visit(capacity="job", practice_id=practice_id):
                await _keep_named(work, place)


async def _tidy(work: Work, event: Event) -> None:
    async with work.visit(**acting(event)):
        if event.client_id is not None:
            await _keep_named(work, Place(event.practice_id, event.client_id, event.subject_id))


async def _keep_named(work: Work, place: Place) -> None:
    """Remove the chunks its row does not name; while it is held, no other part can be on its
    way."""
    row = await work.row(_PARTS_HELD, id=place.upload_id)
    kept = store(work.house.settings)
    await kept.remove(place, await kept.names(place) - set(row["parts"] if row else ()))
