"""The exchange with a device with the least there is to do: our statements, and no checks."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import orjson
from starlette.requests import Request

from app.access.tokens import Claims
from app.core import paging
from app.core.ids import BEFORE_ALL
from app.practices.help import shown
from app.sync import bodies, changing, routes, taking
from tests.benchmarks.limit_base import Limit, Told, arguments

_turn_arguments = arguments(taking._ONE_AT_A_TIME)
_around_arguments = arguments(routes._AROUND)
SINCE = changing._SINCE["self"]
_since_arguments = arguments(SINCE)
Store = Callable[[Limit, Any, Claims, str, dict[str, Any]], Awaitable[dict[str, Any]]]


def handler(store: Store) -> Any:
    """The handler; `store` stores one submission."""

    async def sync_mine(self: Limit, request: Request, claims: Claims, db: Any) -> Told:
        asked = orjson.loads(await request.body())
        values: dict[str, Any] = {
            "practice_id": claims.practice, "me": claims.sub, "acting": claims.client,
        }  # fmt: skip
        await db.fetch(taking._ONE_AT_A_TIME.sql, *_turn_arguments(values))
        results, told = [], []
        for item in asked["items"]:
            body = item["body"] | {
                "client_key": item["client_key"], "sent_at": asked["sent_at"],
                "zone": asked["zone"],
            }  # fmt: skip
            await db.execute("savepoint attempt")
            receipt = await store(self, db, claims, item["about_id"], body)
            await db.execute("release savepoint attempt")
            told.append(("homework.submitted", receipt["submission_id"], str(claims.client)))
            results.append(
                {
                    "client_key": item["client_key"], "kind": item["kind"], "outcome": "stored",
                    "keep": "nothing", "resend_key": None, "id": receipt["submission_id"],
                    "current_version": None, "zone_replaced": False, "also_answered": [],
                    "receipt": receipt,
                    "problem": None,
                }
            )  # fmt: skip
        around = await db.fetchrow(routes._AROUND.sql, *_around_arguments(values))
        listing = f"sync:{claims.practice}:{claims.sub}:{claims.client}"
        secret = self.keyring.cursors.raw
        place = changing._place(paging.read(secret, listing, asked["cursor"]) or "")
        moment = around["at"]
        values |= {
            "kinds": list(bodies.KINDS), "since": place.at, "after": place.id,
            "after_kind": place.kind, "gone_since": moment - changing.TOO_OLD,
            "slots_since": (moment - changing.SLOTS_BACK).date(),
            "sent_since": moment - changing.SENT_BACK, "limit": changing.MOST + 1,
        }  # fmt: skip
        assert not await db.fetch(SINCE.sql, *_since_arguments(values))
        onward = changing.Place(moment - timedelta(minutes=2), BEFORE_ALL, "", moment)
        content = {
            "results": results, "changes": [], "start_over": False, "more": False,
            "cursor": paging.make(secret, listing, changing._written(onward)),
            "server_time": moment, "help": shown(around["crisis_resources"]),
        }  # fmt: skip
        return content, [], told

    return sync_mine
