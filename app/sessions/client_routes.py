"""Sessions at the client door."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.access.permissions import Permission
from app.core.wire import Page
from app.operation.frame import Framed, Working
from app.operation.listing import Cursor, Limit, paged, place
from app.operation.marks import may
from app.sessions import service as sessions
from app.sessions.schemas import MyAttendance, MySessionOut
from app.sessions.staff_routes import Since, Until

mine = APIRouter(prefix="/v1/me", tags=["sessions"], route_class=Framed)


@mine.get("/sessions", response_model=Page[MySessionOut])
@may(Permission.my_sessions_read)
async def list_my_sessions(
    work: Working,
    limit: Limit = 25,
    cursor: Cursor = None,
    since: Since = None,
    until: Until = None,
    attendance: Annotated[MyAttendance | None, Query(description="only those with this")] = None,
) -> Response:
    """My sessions, the latest first."""
    rows = await sessions.my_list(
        work,
        place=place(work, cursor),
        limit=limit,
        since=since,
        until=until,
        attendance=attendance,
    )
    return paged(work, rows, limit)
