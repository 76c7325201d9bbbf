"""Notes at the client door: what was released, and nothing before."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from app.access.permissions import Permission
from app.core.wire import Page, json
from app.notes import service as notes
from app.notes.schemas import MyNoteLine, MyNoteOut
from app.operation.frame import Framed, Working
from app.operation.listing import Cursor, Limit, after, paged
from app.operation.marks import may

mine = APIRouter(prefix="/v1/me", tags=["notes"], route_class=Framed)


@mine.get("/notes", response_model=Page[MyNoteLine])
@may(Permission.my_notes_read)
async def list_my_notes(work: Working, limit: Limit = 25, cursor: Cursor = None) -> Response:
    """The notes that were released to me, newest first."""
    rows = await notes.my_list(work, after=after(work, cursor), limit=limit)
    return paged(work, rows, limit)


@mine.get("/notes/{note_id}", response_model=MyNoteOut)
@may(Permission.my_notes_read)
async def get_my_note(work: Working, note_id: UUID) -> Response:
    """One note that was released to me, and who signed it."""
    note = await notes.mine(work, str(note_id))
    # What is signed never changes, so its state and release tell its representations apart.
    tag = f'"{note["status"]}-{note["released_at"].timestamp():.0f}"'
    return json(note, headers={"etag": tag})
