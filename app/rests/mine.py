"""The client's own rest periods: started and ended from any device, explained to nobody."""

from datetime import date
from typing import Any, Final

from sqlalchemy import Text, select

from app.access.visible import own
from app.clients.models import Client
from app.core.clock import corrected, now
from app.core.errors import Forbidden
from app.core.ids import new_id
from app.core.statements import Query, p
from app.operation import once, preconditions
from app.operation.work import Row, Work
from app.practices import help as crisis_help
from app.rests import placing
from app.rests import service as rests
from app.rests.models import RestPeriod
from app.rests.schemas import MyRestPeriodCreate, RestPeriodEnd
from app.schedules.local import local_day

_SEVERAL = rests.several(own(RestPeriod))
_ONE, _LIST, _ME = rests.one(own(RestPeriod)), rests.page(own(RestPeriod)), rests.held(own(Client))
_BY_KEY = Query(
    select(
        RestPeriod.id,
        RestPeriod.client_id,
        RestPeriod.starts_on,
        RestPeriod.zone,
        RestPeriod.created_at,
        RestPeriod.body_hash,
        RestPeriod.started_by,
    ).where(own(RestPeriod), RestPeriod.client_key == p("client_key", Text()))
)

_STAFFS: Final = ("client_id", "started_by", "ended_by", "looked_in_at", "created_at", "changed_at")


async def start(work: Work, asked: MyRestPeriodCreate) -> tuple[Row, bool]:
    """Start one for the client acted for, once for each key; the receipt, and whether it is new.

    Raises NotFound when the door looks empty, Invalid for days out of order or out of reach or
    for other days under the same key, or for a guardian's that lasts too long, Conflict
    `rests.overlap` naming the other.
    """
    said = once.fingerprint(work.client_id, asked, about="rest")
    client = await work.row(_ME, of_client=work.client_id)
    if client is None:
        await work.nothing(Client, work.client_id)
    stored = await work.row(_BY_KEY, client_key=asked.client_key)
    is_new = stored is None
    if stored is None:
        zone = asked.zone or client["zone"]
        starts_on = asked.starts_on or _said_on(asked, zone)
        if work.actor.capacity == "guardian":
            placing.demand_short(starts_on or local_day(now(), zone), asked.ends_on)
        values = await placing.placed(work, work.client_id, zone, starts_on, asked.ends_on)
        rest_id = new_id()
        key: dict[str, Any] = {"client_key": asked.client_key, "body_hash": said.digest}
        await work.add(RestPeriod, id=rest_id, **values, **key, **rests.starter(work))
        work.tell("rests.started", rest_id, work.client_id)
        stored = await work.row(_BY_KEY, client_key=asked.client_key)
    if stored is None or stored["started_by"] != work.actor.user_id:
        raise once.taken()
    receipt = {
        "rest_period_id": stored["id"],
        "version": 1,
        "starts_on": stored["starts_on"],
        "zone": stored["zone"],
        "received_at": stored["created_at"],
        "help": (await crisis_help.of(work))["help"],
    }
    once.demand_same(stored["body_hash"], said, receipt)
    return receipt, is_new


def _said_on(asked: MyRestPeriodCreate, zone: str) -> date | None:
    """The local day on which the device was told, as far back as a rest period may start."""
    if asked.occurred_at is None:
        return None
    moment = now()
    said_on = local_day(corrected(asked.occurred_at, asked.sent_at, moment), zone)
    return max(said_on, local_day(moment, zone) - placing.LONGEST_AGO)


async def get(work: Work, rest_id: str) -> Row:
    """One of the client's own rest periods. Raises NotFound."""
    return _shape(await _own(work, rest_id))


async def several(work: Work, ids: list[str]) -> list[Row]:
    """Those of the client's own rest periods that have these ids."""
    return [_shape(row) for row in await work.rows(_SEVERAL, ids=ids)]


async def list_of(work: Work, *, after: str, limit: int) -> list[Row]:
    """The client's rest periods, newest first, one past the limit."""
    rows = await work.rows(_LIST, of_client=work.client_id, after=after, limit=limit + 1)
    return [_shape(row) for row in rows]


async def end(
    work: Work, rest_id: str, asked: RestPeriodEnd, seen: preconditions.Seen | None
) -> Row:
    """End one. Raises NotFound, Forbidden `rests.not_yours` for a guardian who did not start it,
    and as `service.end_one` does."""
    await work.row(_ME, of_client=work.client_id)
    current = await _own(work, rest_id)
    if work.actor.capacity == "guardian":
        if current["started_by"] != work.actor.user_id:
            raise Forbidden(
                "rests.not_yours",
                "Somebody else started this rest period. They end it, or the client or the"
                " therapist does.",
            )
        if asked.ends_on is not None:
            placing.demand_short(current["starts_on"], asked.ends_on)
    await rests.end_one(work, current, asked, seen)
    return await get(work, rest_id)


async def _own(work: Work, rest_id: str) -> Row:
    row = await work.row(_ONE, id=rest_id)
    if row is None:
        await work.nothing(RestPeriod, rest_id)
    return row


def _shape(row: Row) -> Row:
    shown = row | {"state": rests.state_of(row, now())}
    for hidden in _STAFFS:
        del shown[hidden]
    return shown
