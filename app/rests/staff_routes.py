"""Rest periods at the staff door."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from app.access.permissions import Permission
from app.core.wire import Page, json
from app.operation import preconditions
from app.operation.frame import Framed, Working
from app.operation.listing import Cursor, Limit, after, paged
from app.operation.marks import may
from app.rests import looking_in
from app.rests import service as rests
from app.rests.schemas import RestPeriodCreate, RestPeriodEnd, RestPeriodOut

staff = APIRouter(prefix="/v1", tags=["rests"], route_class=Framed)


@staff.post("/clients/{client_id}/rest-periods", response_model=RestPeriodOut, status_code=201)
@may(Permission.homework_write)
async def start_rest_period(
    work: Working, client_id: UUID, asked: RestPeriodCreate | None = None
) -> Response:
    """Start a time in which nothing is asked of a client. No reason is asked for, or kept."""
    rest = await rests.create(work, str(client_id), asked or RestPeriodCreate())
    where = f"/v1/rest-periods/{rest['id']}"
    return json(rest, status=201, version=rest["version"], location=where)


@staff.get("/clients/{client_id}/rest-periods", response_model=Page[RestPeriodOut])
@may(Permission.homework_read)
async def list_rest_periods(
    work: Working, client_id: UUID, limit: Limit = 25, cursor: Cursor = None
) -> Response:
    """A client's rest periods, newest first."""
    rows = await rests.list_of(work, str(client_id), after=after(work, cursor), limit=limit)
    return paged(work, rows, limit)


@staff.get("/rest-periods/{rest_period_id}", response_model=RestPeriodOut)
@may(Permission.homework_read, living=True)
async def get_rest_period(work: Working, rest_period_id: UUID) -> Response:
    """One rest period."""
    rest = await rests.get(work, str(rest_period_id))
    return json(rest, version=rest["version"])


@staff.post("/rest-periods/{rest_period_id}/end", response_model=RestPeriodOut)
@may(Permission.homework_write, versioned=True)
async def end_rest_period(
    work: Working, rest_period_id: UUID, asked: RestPeriodEnd | None = None
) -> Response:
    """End it now, and work opens again at once; or with a day ahead, which may also be later than
    the one it had."""
    wanted = asked or RestPeriodEnd()
    rest = await rests.end(work, str(rest_period_id), wanted, preconditions.seen(work))
    return json(rest, version=rest["version"], at=f"/v1/rest-periods/{rest['id']}")


@staff.post("/rest-periods/{rest_period_id}/look-in", response_model=RestPeriodOut)
@may(Permission.homework_write)
async def look_in_on_rest_period(work: Working, rest_period_id: UUID) -> Response:
    """Note that you looked in on a client at rest. It is asked for again after 14 days."""
    rest = await looking_in.look_in(work, str(rest_period_id))
    return json(rest, version=rest["version"], at=f"/v1/rest-periods/{rest['id']}")
