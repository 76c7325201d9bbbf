"""Notes at the staff door."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.access.permissions import Permission
from app.core.wire import Page, json
from app.notes import service as notes
from app.notes import signing
from app.notes.schemas import Kind, NoteCreate, NoteLine, NoteOut, NoteUpdate, Sign, Status
from app.operation.frame import Framed, Working
from app.operation.listing import Cursor, Limit, after, paged
from app.operation.marks import may

staff = APIRouter(prefix="/v1", tags=["notes"], route_class=Framed)


@staff.post("/clients/{client_id}/notes", response_model=NoteOut, status_code=201)
@may(Permission.notes_write)
async def create_note(work: Working, client_id: UUID, asked: NoteCreate) -> Response:
    """Begin a note. It is a draft, and its author's alone until it is signed."""
    note = await notes.create(work, str(client_id), asked)
    return json(note, status=201, version=note["version"], location=f"/v1/notes/{note['id']}")


@staff.get("/clients/{client_id}/notes", response_model=Page[NoteLine])
@may(Permission.notes_read)
async def list_notes(
    work: Working,
    client_id: UUID,
    limit: Limit = 25,
    cursor: Cursor = None,
    status: Annotated[Status | None, Query(description="only notes in this state")] = None,
    kind: Annotated[Kind | None, Query(description="only notes of this kind")] = None,
) -> Response:
    """A client's notes without what is written in them, newest first."""
    rows = await notes.list_of(
        work, str(client_id), after=after(work, cursor), limit=limit, status=status, kind=kind
    )
    return paged(work, rows, limit)


@staff.get("/notes/{note_id}", response_model=NoteOut)
@may(Permission.notes_read)
async def get_note(work: Working, note_id: UUID) -> Response:
    """One note and its signatures: by its author, or of a client in one's care."""
    note = await notes.get(work, str(note_id))
    return json(note, version=note["version"])


@staff.patch("/notes/{note_id}", response_model=NoteOut)
@may(Permission.notes_write, versioned=True)
async def update_note(work: Working, note_id: UUID, asked: NoteUpdate) -> Response:
    """Change a draft of one's own. Each change is its next revision."""
    note = await notes.update(work, str(note_id), asked)
    return json(note, version=note["version"])


@staff.post("/notes/{note_id}/sign", response_model=NoteOut)
@may(Permission.notes_write, versioned=True)
async def sign_note(work: Working, note_id: UUID, asked: Sign) -> Response:
    """Sign a draft of one's own. It never changes again, and the client may read it unless a
    hold is asked for."""
    note = await signing.sign(work, str(note_id), asked)
    return json(note, version=note["version"], at=f"/v1/notes/{note_id}")
