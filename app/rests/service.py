"""The rules of rest periods: started by either side, ended by either side, explained by neither."""

from datetime import datetime, timedelta
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, Integer, select
from sqlalchemy.dialects.postgresql import ARRAY

from app.access.visible import readable, treated
from app.clients import care
from app.clients.models import Client
from app.core.clock import now
from app.core.ids import new_id
from app.core.statements import UUID_TEXT, Query, p
from app.operation import preconditions, states
from app.operation.failures import not_on_care_team
from app.operation.work import Row, Work
from app.rests.models import RestPeriod
from app.rests.placing import OF_ALL, demand_free, demand_near, placed, refused
from app.rests.schemas import RestPeriodCreate, RestPeriodEnd
from app.schedules.local import local_day, midnight_after

STATES: Final[states.Transitions] = {
    "ahead": frozenset({"taken_back"}),
    "running": frozenset({"over"}),
}
LOOK_IN_AFTER: Final = timedelta(days=14)

_SHOWN: Final = (
    RestPeriod.id,
    RestPeriod.client_id,
    RestPeriod.starts_on,
    RestPeriod.ends_on,
    RestPeriod.zone,
    RestPeriod.starts_at,
    RestPeriod.ends_at,
    RestPeriod.started_by,
    RestPeriod.started_as,
    RestPeriod.ended_by,
    RestPeriod.looked_in_at,
    RestPeriod.created_at,
    RestPeriod.changed_at,
    RestPeriod.version,
)


def one(ground: ColumnElement[bool]) -> Query:
    """The query of one rest period, on this ground."""
    return Query(select(*_SHOWN).where(RestPeriod.id == p("id"), OF_ALL, ground))


def several(ground: ColumnElement[bool]) -> Query:
    """The query of those with these ids, on this ground."""
    return Query(
        select(*_SHOWN).where(RestPeriod.id == p("ids", ARRAY(UUID_TEXT)).any_(), OF_ALL, ground)
    )


def page(ground: ColumnElement[bool]) -> Query:
    """The query of a page of one client's, newest first, on this ground."""
    return Query(
        select(*_SHOWN)
        .where(RestPeriod.client_id == p("of_client"), RestPeriod.id < p("after"), OF_ALL, ground)
        .order_by(RestPeriod.id.desc())
        .limit(p("limit", Integer()))
    )


def held(ground: ColumnElement[bool]) -> Query:
    """The query of whose it is, held until the transaction ends: of two rest periods that
    overlap the second finds the first."""
    return Query(
        select(Client.id, Client.zone)
        .where(Client.id == p("of_client"), ground)
        .with_for_update(of=Client, key_share=True)
    )


_ONE, _TREATED = one(readable(RestPeriod)), one(treated(RestPeriod))
_LIST, _CLIENT = page(readable(RestPeriod)), held(treated(Client))


async def create(work: Work, client_id: str, asked: RestPeriodCreate) -> Row:
    """Start one for a client the caller treats.

    Raises Invalid for days out of order or out of reach, Conflict `rests.overlap` naming the
    other, and as `care.demand_readable` does.
    """
    client = await work.row(_CLIENT, of_client=client_id)
    if client is None:
        await care.demand_readable(work, client_id)
        raise not_on_care_team()
    values = await placed(work, client_id, client["zone"], asked.starts_on, asked.ends_on)
    rest_id = new_id()
    await work.add(RestPeriod, id=rest_id, **values, **starter(work))
    work.tell("rests.started", rest_id, client_id)
    return await get(work, rest_id)


async def get(work: Work, rest_id: str) -> Row:
    """One rest period, for staff who may read it. Raises as `work.nothing` does."""
    row = await work.row(_ONE, id=rest_id)
    if row is None:
        await work.nothing(RestPeriod, rest_id)
    return _shape(row)


async def list_of(work: Work, client_id: str, *, after: str, limit: int) -> list[Row]:
    """A client's rest periods, newest first, one past the limit."""
    rows = await work.rows(_LIST, of_client=client_id, after=after, limit=limit + 1)
    if not rows:
        await care.demand_readable(work, client_id)
    return [_shape(row) for row in rows]


async def treated_one(work: Work, rest_id: str) -> Row:
    """One rest period as it is stored, of a client the caller treats; the client is held.

    Raises as `work.nothing` does, and Forbidden `access.not_on_care_team` for who may only read.
    """
    row = await work.row(_TREATED, id=rest_id)
    if row is None:
        await get(work, rest_id)
        raise not_on_care_team()
    held_one = await work.row(_CLIENT, of_client=row["client_id"])
    # Read again: it may have changed while others held the client.
    row = await work.row(_TREATED, id=rest_id)
    if held_one is None or row is None:
        raise not_on_care_team()
    return row


async def end(
    work: Work, rest_id: str, asked: RestPeriodEnd, seen: preconditions.Seen | None
) -> Row:
    """End one, at the staff door. Raises as `treated_one` and `end_one` do."""
    row = await treated_one(work, rest_id)
    await end_one(work, row, asked, seen)
    return await get(work, rest_id)


async def end_one(
    work: Work, row: Row, asked: RestPeriodEnd, seen: preconditions.Seen | None
) -> None:
    """End `row`: at this moment, so that work opens again at once, or with a day ahead.

    One that has not begun is taken back. A day that is over ends it now: what was excused stays
    so. `seen` is the version the caller saw. Raises Conflict `rests.state` once it is over,
    unless the same caller ended it, or `rests.overlap`; Invalid, VersionRequired, Stale.
    """
    moment = now()
    state, by_me = state_of(row, moment), row["ended_by"] == work.actor.user_id
    if state not in STATES:
        if by_me:
            return
        states.refuse("rests", STATES, state, "ended")
    today = local_day(moment, row["zone"])
    ends_on = asked.ends_on
    if ends_on is not None and ends_on < row["starts_on"]:
        raise refused("ends_on", "rests.order", "A rest period does not end before it starts.")
    if by_me and ends_on is not None and ends_on == row["ends_on"]:
        return
    values: dict[str, Any]
    if ends_on is not None and ends_on >= today:
        demand_near("ends_on", ends_on, today)
        values = {"ends_on": ends_on, "ends_at": midnight_after(ends_on, row["zone"])}
        await demand_free(work, row, row["starts_at"], values["ends_at"])
        told = "rests.changed"
    elif state == "ahead":
        values = {"ends_on": row["starts_on"], "ends_at": row["starts_at"]}
        told = "rests.ended"
    else:
        values = {"ends_on": today, "ends_at": moment}
        told = "rests.ended"
    seen = preconditions.demand_seen(seen, row["version"])
    await work.change(RestPeriod, row["id"], seen, ended_by=work.actor.user_id, **values)
    work.tell(told, row["id"], row["client_id"])


def starter(work: Work) -> dict[str, Any]:
    """Who starts one, and as what."""
    return {"started_by": work.actor.user_id, "started_as": work.actor.capacity}


def state_of(row: Row, moment: datetime) -> str:
    """Its state at `moment`: read off the clock, never kept."""
    starts_at, ends_at = cast(datetime, row["starts_at"]), cast(datetime | None, row["ends_at"])
    if starts_at == ends_at:
        return "taken_back"
    if ends_at is not None and ends_at <= moment:
        return "over"
    return "running" if starts_at <= moment else "ahead"


def _shape(row: Row) -> Row:
    state = state_of(row, now())
    looked = row["looked_in_at"] or row["starts_at"]
    look_in_at = looked + LOOK_IN_AFTER if state == "running" else None
    return row | {"state": state, "look_in_at": look_in_at}
