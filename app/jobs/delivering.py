"""From rows in `events` to work done: each event is passed on once, and its handler run."""

from typing import Any, Final

import asyncpg
import orjson
import structlog
from pgqueuer import AsyncpgDriver, Queries
from sqlalchemy import Integer, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from app.core.ids import new_id
from app.core.statements import UUID_TEXT, Query, p
from app.jobs.codes import code_of
from app.jobs.registry import CHORES, HANDLERS, Event
from app.operation.house import House
from app.operation.record import Event as EventRow
from app.operation.work import Work

ENTRYPOINT: Final = "event"
BATCH: Final = 100

_log = structlog.get_logger("praxis.jobs")

_EVENTS = select(
    EventRow.practice_id, EventRow.id, EventRow.kind, EventRow.subject_id, EventRow.client_id
)
_WAITING = Query(
    _EVENTS.where(EventRow.dispatched_at.is_(None))
    .order_by(EventRow.id)
    .limit(p("most", Integer()))
    .with_for_update(skip_locked=True)
)
_PASSED_ON = Query(
    update(EventRow)
    .where(EventRow.dispatched_at.is_(None), EventRow.id == p("ids", ARRAY(UUID_TEXT)).any_())
    .values(dispatched_at=func.now())
)
_EVENT = Query(
    _EVENTS.where(EventRow.practice_id == p("practice_id"), EventRow.id == p("event_id"))
)


async def pass_on(connection: "asyncpg.Connection[Any]") -> int:
    """Turn the oldest waiting events into jobs; how many events there were, at most 100.

    In one transaction, past what other workers hold: an event becomes one job, however many
    workers there are. An event nobody handles becomes none. `connection` is a plain one, since
    the queue's library reads and writes JSON and UUIDs as the driver does by itself.
    """
    async with connection.transaction():
        waiting = await connection.fetch(_WAITING.sql, *_WAITING.arguments({"most": BATCH}))
        payloads: list[bytes | None] = [
            orjson.dumps({"practice": str(row["practice_id"]), "event": str(row["id"])})
            for row in waiting
            if row["kind"] in HANDLERS
        ]
        if payloads:
            many = len(payloads)
            queue = Queries(AsyncpgDriver(connection))
            await queue.enqueue([ENTRYPOINT] * many, payloads, [0] * many)
        if waiting:
            ids = [row["id"] for row in waiting]
            await connection.execute(_PASSED_ON.sql, *_PASSED_ON.arguments({"ids": ids}))
    return len(waiting)


async def drain(house: House) -> int:
    """Do now, in order and without the queue, what every waiting event asks, until none is left;
    how many there were. For tests and the demo.

    `house` has the worker's pool. What a handler raises comes out; its batch is then still
    waiting, and what was done of it will be done again.
    """
    done = 0
    while True:
        work = Work(house, operation="drain", request_id=new_id())
        async with work.opened("select 1"):
            waiting = await work.rows(_WAITING, most=BATCH)
            for row in waiting:
                await handle(house, Event(**row))
            await work.run(_PASSED_ON, ids=[row["id"] for row in waiting])
        if not waiting:
            return done
        done += len(waiting)


async def deliver(house: House, practice_id: str, event_id: str) -> None:
    """Do what this event asks. Raises what its handler raises."""
    work = Work(house, operation="deliver", request_id=event_id)
    async with work.visit(capacity="job", practice_id=practice_id):
        row = await work.row(_EVENT, event_id=event_id)
    if row is not None:
        await handle(house, Event(**row))


async def handle(house: House, event: Event) -> None:
    """Run the event's handler, if it has one; its audit rows bear the event's id."""
    handler = HANDLERS.get(event.kind)
    if handler is not None:
        await handler(Work(house, operation=f"job:{event.kind}", request_id=event.id), event)


async def do_chore(house: House, name: str) -> None:
    """Run one regular chore. What goes wrong is logged as a code; its next time comes anyway."""
    chore = CHORES[name][1]
    work = Work(house, operation=f"job:{name}", request_id=new_id())
    try:
        await chore(work)
    except Exception as failure:
        _log.error("chore_failed", chore=name, code=code_of(failure, work.request_id))
