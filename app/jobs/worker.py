"""The worker: passes events on to the queue, and does what is in it, until told to stop.

pgqueuer keeps the jobs: picked once, picked again when a worker dies on them, tried again later
when they come to nothing. It stores the text of exceptions, so it is shown codes only.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Final

import asyncpg
import orjson
import structlog
from pgqueuer import Job, PgQueuer, RetryRequested
from pgqueuer.models import Schedule

from app.access.tokens import TokenAuthority
from app.core.database import open_pool
from app.jobs import delivering
from app.jobs.codes import code_of
from app.jobs.registry import CHORES, NotDone
from app.operation.house import House
from app.operation.limiting import Limiter
from app.settings import Settings
from app.vault import keyfile
from app.vault.keyring import Keyring

POLL_SECONDS: Final = 0.5
WAITS: Final = (
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=45),
    timedelta(hours=3),
    timedelta(hours=7),
    timedelta(hours=13),
)
"""Between one try and the next: eight tries within a day. Then a job is left as `failed`."""
LOOK_AGAIN: Final = timedelta(seconds=5)
"""New jobs announce themselves; those put off are looked for this often."""
AT_ONCE: Final = 20
"""Jobs one worker does side by side."""
LONGEST_REST: Final = 30.0
STEADY_SECONDS: Final = 60.0

_log = structlog.get_logger("praxis.jobs")


async def run(
    settings: Settings, dsn: str, keys: keyfile.Keys | None = None, *, stop: asyncio.Event
) -> None:
    """Work until `stop` is set; jobs under way are finished first. `dsn` is the worker role's.

    A database that goes away is waited for. Raises the key file's exceptions without keys.
    """
    found = keys or keyfile.load(settings.key_folder)
    house = House(
        settings=settings,
        pool=await open_pool(dsn, size=settings.pool_size, name="praxis-worker"),
        keyring=Keyring(found.root),
        tokens=TokenAuthority(found, settings.public_url, settings.public_url),
        limiter=Limiter(settings.requests_per_minute),
    )
    try:
        async with asyncio.TaskGroup() as both:
            both.create_task(_keep_up("passing_on", lambda: _pass_on(dsn, stop), stop))
            both.create_task(_keep_up("queue", lambda: _work(house, dsn, stop), stop))
    finally:
        await house.pool.close()


async def _keep_up(name: str, once: Callable[[], Awaitable[None]], stop: asyncio.Event) -> None:
    """Run `once` again whenever it ends before its time, resting longer each time, up to 30 s."""
    loop = asyncio.get_running_loop()
    rest = POLL_SECONDS
    while not stop.is_set():
        started = loop.time()
        try:
            await once()
        except Exception as failure:
            _log.warning("worker_interrupted", part=name, code=code_of(failure, name))
        if loop.time() - started > STEADY_SECONDS:
            rest = POLL_SECONDS
        await _rest(stop, rest)
        rest = min(rest * 2, LONGEST_REST)


async def _pass_on(dsn: str, stop: asyncio.Event) -> None:
    connection = await _plain(dsn)
    try:
        while not stop.is_set():
            if not await delivering.pass_on(connection):
                await _rest(stop, POLL_SECONDS)
    finally:
        await _close(connection)


async def _work(house: House, dsn: str, stop: asyncio.Event) -> None:
    """One run of the queue, on a connection of its own; ends with it, or with `stop`."""
    connection = await _plain(dsn)
    try:
        queue = PgQueuer.from_asyncpg_connection(connection)
        connection.add_termination_listener(lambda _: queue.shutdown.set())
        _furnish(queue, house)
        stopping = asyncio.create_task(_set_after(stop, queue.shutdown))
        try:
            await queue.run(
                dequeue_timeout=LOOK_AGAIN,
                batch_size=AT_ONCE // 2,
                max_concurrent_tasks=AT_ONCE,
                shutdown_on_listener_failure=True,
            )
        finally:
            stopping.cancel()
    finally:
        await _close(connection)


def _furnish(queue: PgQueuer, house: House) -> None:
    async def event(job: Job) -> None:
        await attempt(house, job)

    queue.entrypoint(delivering.ENTRYPOINT, accepts_context=False, on_failure="hold")(event)
    for name, (crontab, _) in CHORES.items():

        async def chore(schedule: Schedule) -> None:
            await delivering.do_chore(house, schedule.entrypoint)

        queue.schedule(name, crontab, clean_old=True, accepts_context=False)(chore)


async def attempt(house: House, job: Job) -> None:
    """Do a job. Raises RetryRequested; NotDone after the last try, or after the first where another
    would come to nothing either; with a code and no cause."""
    named: dict[str, str] = orjson.loads(job.payload or b"{}")
    failed = await _outcome(house, named)
    if failed is None:
        return
    code = failed.code
    tries = {"event_id": named.get("event"), "job": job.id, "attempt": job.attempts + 1}
    if job.attempts < len(WAITS) and not failed.permanent:
        _log.warning("job_postponed", code=code, **tries)
        raise RetryRequested(WAITS[job.attempts], code)
    _log.error("job_failed", code=code, **tries)
    raise NotDone(code)


async def _outcome(house: House, named: dict[str, str]) -> NotDone | None:
    """Return what became of it: None when it was done, else why it was not."""
    try:
        await delivering.deliver(house, named["practice"], named["event"])
    except Exception as failure:
        code = code_of(failure, named.get("event", "unknown"))
        return NotDone(code, permanent=getattr(failure, "permanent", False))
    return None


async def _plain(dsn: str) -> "asyncpg.Connection[Any]":
    return await asyncpg.connect(
        dsn, timeout=5, command_timeout=30, server_settings={"application_name": "praxis-worker"}
    )


async def _close(connection: "asyncpg.Connection[Any]") -> None:
    try:
        await connection.close(timeout=5)
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError):
        connection.terminate()


async def _rest(stop: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return


async def _set_after(first: asyncio.Event, then: asyncio.Event) -> None:
    await first.wait()
    then.set()
