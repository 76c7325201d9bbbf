"""Rest periods at the client door."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from app.access.permissions import Permission
from app.core.wire import Page, json
from app.operation import preconditions
from app.operation.frame import Framed, Working
from app.operation.listing import Cursor, Limit, after, paged
from app.operation.marks import may
from app.rests import mine as rests
from app.rests.schemas import (
    MyRestPeriodCreate,
    MyRestPeriodOut,
    RestPeriodEnd,
    RestPeriodReceipt,
)

mine = APIRouter(prefix="/v1/me", tags=["rests"], route_class=Framed)


@mine.post(
    "/rest-periods",
    response_model=RestPeriodReceipt,
    status_code=201,
    responses={200: {"model": RestPeriodReceipt, "description": "Stored before, under this key"}},
)
@may(Permission.my_rest, replays=False)
async def start_my_rest_period(work: Working, asked: MyRestPeriodCreate) -> Response:
    """Start a time in which nothing is asked of me. Nobody asks why, and nothing needs an excuse;
    what I do in it is welcome all the same."""
    receipt, is_new = await rests.start(work, asked)
    where = f"/v1/me/rest-periods/{receipt['rest_period_id']}"
    if is_new:
        return json(receipt, status=201, version=receipt["version"], location=where)
    return json(receipt, location=where)


@mine.get("/rest-periods", response_model=Page[MyRestPeriodOut])
@may(Permission.my_homework_read)
async def list_my_rest_periods(work: Working, limit: Limit = 25, cursor: Cursor = None) -> Response:
    """My rest periods, newest first."""
    rows = await rests.list_of(work, after=after(work, cursor), limit=limit)
    return paged(work, rows, limit)


@mine.get("/rest-periods/{rest_period_id}", response_model=MyRestPeriodOut)
@may(Permission.my_homework_read, living=True)
async def get_my_rest_period(work: Working, rest_period_id: UUID) -> Response:
    """One rest period of mine."""
    rest = await rests.get(work, str(rest_period_id))
    return json(rest, version=rest["version"])


@mine.post("/rest-periods/{rest_period_id}/end", response_model=MyRestPeriodOut)
@may(Permission.my_rest, versioned=True)
async def end_my_rest_period(
    work: Working, rest_period_id: UUID, asked: RestPeriodEnd | None = None
) -> Response:
    """End it now, and what is open opens again at once; or with a day ahead."""
    wanted = asked or RestPeriodEnd()
    rest = await rests.end(work, str(rest_period_id), wanted, preconditions.seen(work))
    return json(rest, version=rest["version"], at=f"/v1/me/rest-periods/{rest['id']}")
