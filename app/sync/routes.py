"""The door for devices that come back from being offline."""

from fastapi import APIRouter
from starlette.responses import Response

from app.access.permissions import Permission
from app.core.clock import now
from app.core.errors import Conflict
from app.core.wire import json
from app.operation.frame import Framed, Working
from app.operation.marks import may
from app.practices import help as crisis_help
from app.sync import changing, taking
from app.sync.schemas import SyncOut, SyncRequest

mine = APIRouter(prefix="/v1/me", tags=["sync"], route_class=Framed)


@mine.post("/sync", response_model=SyncOut)
@may(Permission.my_homework_submit, cost=5, replays=False)
async def sync_mine(work: Working, asked: SyncRequest) -> Response:
    """What I did while offline goes in, and what changed meanwhile comes back.

    Each item stands alone: what is wrong with one is said of that one. Send a batch again as often
    as you like. Items may point at each other by key, and come in any order.
    """
    if str(asked.client_id) != work.client_id:
        raise Conflict(
            "sync.other_client",
            "This batch is of another client than the one acted for. Nothing was stored.",
        )
    scopes = await taking.scopes_of(work)
    results = await taking.take(work, asked, scopes)
    changes = await changing.since(work, asked.cursor, scopes)
    return json(
        {
            "results": results,
            "changes": changes.items,
            "start_over": changes.start_over,
            "more": changes.more,
            "cursor": changes.cursor,
            "server_time": now(),
            "help": (await crisis_help.of(work))["help"],
        }
    )
