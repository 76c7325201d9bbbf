"""Sessions at the staff door."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.access.permissions import Permission
from app.core.wire import Moment, Page, json
from app.operation.frame import Framed, Working
from app.operation.listing import Cursor, Limit, paged, place
from app.operation.marks import may
from app.sessions import planning, updates
from app.sessions import service as sessions
from app.sessions.schemas import Attendance, SessionCreate, SessionOut, SessionUpdate

staff = APIRouter(prefix="/v1", tags=["sessions"], route_class=Framed)

Since = Annotated[
    Moment | None, Query(alias="from", description="only those that start then or later")
]
Until = Annotated[Moment | None, Query(alias="to", description="only those that start before")]


@staff.post("/clients/{client_id}/sessions", response_model=SessionOut, status_code=201)
@may(Permission.sessions_write)
async def create_session(work: Working, client_id: UUID, asked: SessionCreate) -> Response:
    """Plan a session with a client."""
    session = await planning.create(work, str(client_id), asked)
    return json(
        session,
        status=201,
        version=session["version"],
        location=f"/v1/sessions/{session['id']}",
    )


@staff.get("/clients/{client_id}/sessions", response_model=Page[SessionOut])
@may(Permission.sessions_read)
async def list_sessions(
    work: Working,
    client_id: UUID,
    limit: Limit = 25,
    cursor: Cursor = None,
    since: Since = None,
    until: Until = None,
    attendance: Annotated[Attendance | None, Query(description="only those with this")] = None,
) -> Response:
    """A client's sessions, the latest first."""
    rows = await sessions.list_of(
        work,
        str(client_id),
        place=place(work, cursor),
        limit=limit,
        since=since,
        until=until,
        attendance=attendance,
    )
    return paged(work, rows, limit)


@staff.get("/sessions/{session_id}", response_model=SessionOut)
@may(Permission.sessions_read)
async def get_session(work: Working, session_id: UUID) -> Response:
    """One session: its time and attendance."""
    session = await sessions.get(work, str(session_id))
    return json(session, version=session["version"])


@staff.patch("/sessions/{session_id}", response_model=SessionOut)
@may(Permission.sessions_write, versioned=True)
async def update_session(work: Working, session_id: UUID, asked: SessionUpdate) -> Response:
    """Move a session, cancel it, book it again, give it to a colleague, or say who came.

    Who came can be said once it has begun, and corrected afterwards; the audit log keeps who said
    what.
    """
    session = await updates.update(work, str(session_id), asked)
    return json(session, version=session["version"])
