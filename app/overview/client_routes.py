"""Overviews at the client door: the week, and the toolbox."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.access.permissions import Permission
from app.core.wire import Locale, Zone, hashed
from app.homework import toolbox
from app.operation.frame import Framed, Working
from app.operation.marks import may
from app.overview import week
from app.overview.my_schemas import MyToolboxOut, MyWeekOut
from app.practices import help as crisis_help

mine = APIRouter(prefix="/v1/me", tags=["overview"], route_class=Framed)


@mine.get("/week", response_model=MyWeekOut)
@may(Permission.my_homework_read, cost=2)
async def get_my_week(
    work: Working,
    zone: Annotated[Zone, Query(description="where I am now")],
    passed: Annotated[
        bool, Query(description="also the slots that went by without an answer")
    ] = False,
) -> Response:
    """What happened this week, what is open, and when the rest comes next."""
    return hashed(await week.week(work, zone, passed=passed))


@mine.get("/toolbox", response_model=MyToolboxOut)
@may(Permission.my_homework_read, cost=2)
async def get_my_toolbox(
    work: Working,
    locale: Annotated[
        Locale | None, Query(description="the language to read in; absent: my own")
    ] = None,
) -> Response:
    """Every exercise I can use, whole: what I was given, what was pinned, and ways to ground."""
    items = await toolbox.mine(work, locale)
    return hashed({"items": items, "help": (await crisis_help.of(work))["help"]})
