"""Programs at the client door."""

from fastapi import APIRouter
from starlette.responses import Response

from app.access.permissions import Permission
from app.core.wire import Page
from app.operation.frame import Framed, Working
from app.operation.listing import Cursor, Limit, after, paged
from app.operation.marks import may
from app.programs import assigning
from app.programs.schemas import MyProgramOut

mine = APIRouter(prefix="/v1/me", tags=["programs"], route_class=Framed)


@mine.get("/programs", response_model=Page[MyProgramOut])
@may(Permission.my_homework_read)
async def list_my_programs(work: Working, limit: Limit = 25, cursor: Cursor = None) -> Response:
    """My programs, newest first: the steps I was given so far, and how many are to come."""
    rows = await assigning.my_list(work, after=after(work, cursor), limit=limit)
    return paged(work, rows, limit)
