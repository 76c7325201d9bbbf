"""The door for devices that come back from being offline."""

from typing import Any, Final

from fastapi import APIRouter
from sqlalchemy import func, select
from starlette.responses import Response

from app.access.permissions import Permission
from app.access.practice import Practice
from app.core.errors import Conflict
from app.core.statements import Query, p
from app.core.wire import json
from app.operation.frame import Framed, Working
from app.operation.marks import may
from app.practices import help as crisis_help
from app.sync import changing, taking
from app.sync.kinds import described
from app.sync.schemas import SyncOut, SyncRequest

_AROUND = Query(
    select(Practice.crisis_resources, func.now().label("at")).where(
        Practice.practice_id == p("practice_id")
    )
)
SAID: Final = (
    "What I did while offline goes in, and what changed meanwhile comes back. Each item stands"
    " alone: what is wrong with one is said of that one. Send a batch again as often as you like."
    " Items may point at each other by key, and come in any order. Each result says in `keep` what"
    " stays on the device: never forget an item that it does not call stored. An item says what the"
    " operation of its kind takes:"
)
mine = APIRouter(prefix="/v1/me", tags=["sync"], route_class=Framed)


@mine.post("/sync", response_model=SyncOut, description=f"{SAID}\n\n{described()}")
@may(Permission.my_homework_submit, cost=5, replays=False)
async def sync_mine(work: Working, asked: SyncRequest) -> Response:
    """What I did while offline goes in, and what changed meanwhile comes back."""
    if str(asked.client_id) != work.client_id:
        raise Conflict(
            "sync.other_client",
            "This batch is of another client than the one acted for. Nothing was stored.",
        )
    scopes = await taking.scopes_of(work)
    results = await taking.take(work, asked, scopes)
    around: Any = await work.row(_AROUND)
    changes = await changing.since(work, asked.cursor, scopes, around["at"])
    return json(
        {
            "results": results,
            "changes": changes.items,
            "start_over": changes.start_over,
            "more": changes.more,
            "cursor": changes.cursor,
            "server_time": around["at"],
            "help": crisis_help.shown(around["crisis_resources"]),
        }
    )
