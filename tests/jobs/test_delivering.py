"""Events become jobs once, jobs are tried again, and only codes are kept of what went wrong."""

import asyncio
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from app.core.ids import new_id
from app.jobs import delivering, registry, worker
from app.jobs.registry import Event, Handler, NotDone
from app.operation.house import House
from app.operation.work import Work
from app.settings import Settings
from app.vault import keyfile
from tests.cast import Cast
from tests.jobs.conftest import Admin

SECRET_WORDS = "Cleo cannot sleep"


@pytest.fixture
def kind() -> Iterator[str]:
    """A kind of event that only one test knows."""
    name = f"tests.{new_id().replace('-', '_')}"
    yield name
    registry.HANDLERS.pop(name, None)


async def tell(cast: Cast, kind: str, many: int = 1) -> None:
    work, transaction = cast.job()
    async with transaction:
        for _ in range(many):
            work.tell(kind, new_id())


async def nothing(_work: Work, _event: Event) -> None:
    """Do nothing."""


async def run_until(
    done: asyncio.Event, settings: Settings, dsn: str, keys: keyfile.Keys, workers: int = 1
) -> None:
    """Workers, from their start until `done`, and then to their orderly end."""
    stop = asyncio.Event()
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        for _ in range(workers):
            group.create_task(worker.run(settings, dsn, keys, stop=stop))
        await done.wait()
        stop.set()


async def jobs_of(admin: Admin, practice_id: str) -> list[Any]:
    rows = await admin.fetch("select * from pgqueuer order by id")
    return [r for r in rows if json.loads(r["payload"])["practice"] == practice_id]


async def pass_all_on(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    while await delivering.pass_on(connection):
        pass
    await connection.close()


async def test_two_workers_at_once_make_one_job_of_each_event(
    harbour: Cast, worker_dsn: str, admin: Admin, kind: str
) -> None:
    registry.on(kind)(nothing)
    await tell(harbour, kind, many=450)
    await asyncio.gather(pass_all_on(worker_dsn), pass_all_on(worker_dsn), pass_all_on(worker_dsn))
    events = [json.loads(j["payload"])["event"] for j in await jobs_of(admin, harbour.practice_id)]
    assert (len(events), len(set(events))) == (450, 450)


async def test_a_job_holds_ids_only(
    harbour: Cast, worker_dsn: str, admin: Admin, kind: str
) -> None:
    registry.on(kind)(nothing)
    await tell(harbour, kind)
    await pass_all_on(worker_dsn)
    (job,) = await jobs_of(admin, harbour.practice_id)
    assert json.loads(job["payload"]).keys() == {"practice", "event"}


async def test_what_nobody_handles_is_passed_over(
    harbour: Cast, worker_dsn: str, admin: Admin, kind: str
) -> None:
    await tell(harbour, kind)
    await pass_all_on(worker_dsn)
    assert await jobs_of(admin, harbour.practice_id) == []
    assert await admin.fetchval("select count(*) from events where dispatched_at is null") == 0


async def test_running_workers_do_each_event_once(
    harbour: Cast, settings: Settings, worker_dsn: str, keys: keyfile.Keys, kind: str
) -> None:
    seen: list[str] = []
    done = asyncio.Event()

    async def note(_work: Work, event: Event) -> None:
        seen.append(event.id)
        if len(seen) >= 60:
            done.set()

    registry.on(kind)(note)
    await tell(harbour, kind, many=60)
    await run_until(done, settings, worker_dsn, keys, workers=2)
    assert (len(seen), len(set(seen))) == (60, 60)


@pytest.fixture
def no_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "WAITS", (timedelta(0),) * len(worker.WAITS))
    monkeypatch.setattr(worker, "LOOK_AGAIN", timedelta(milliseconds=20))


def failing(times: int, done: asyncio.Event) -> Handler:
    """A handler that comes to nothing so many times; `done` is set the last time it is asked."""
    asked: list[str] = []

    async def handler(_work: Work, event: Event) -> None:
        asked.append(event.id)
        if len(asked) > times or len(asked) > len(worker.WAITS):
            done.set()
        if len(asked) <= times:
            raise ValueError(SECRET_WORDS)

    return handler


async def log_of(admin: Admin, kept: str) -> list[str]:
    query = "select status::text || coalesce(traceback::text, '') from pgqueuer_log where "
    return [row[0] for row in await admin.fetch(query + kept)]


@pytest.mark.usefixtures("no_waits")
async def test_a_job_that_came_to_nothing_is_tried_again(
    harbour: Cast, settings: Settings, worker_dsn: str, keys: keyfile.Keys, admin: Admin, kind: str
) -> None:
    done = asyncio.Event()
    registry.on(kind)(failing(2, done))
    await tell(harbour, kind)
    await run_until(done, settings, worker_dsn, keys)
    assert await jobs_of(admin, harbour.practice_id) == []


@pytest.mark.usefixtures("no_waits")
async def test_after_eight_tries_a_job_is_left_and_only_a_code_is_stored(
    harbour: Cast, settings: Settings, worker_dsn: str, keys: keyfile.Keys, admin: Admin, kind: str
) -> None:
    done = asyncio.Event()
    registry.on(kind)(failing(100, done))
    await tell(harbour, kind)
    await run_until(done, settings, worker_dsn, keys)
    (job,) = await jobs_of(admin, harbour.practice_id)
    assert (job["status"], job["attempts"]) == ("failed", 7)
    stored = await log_of(admin, f"job_id = {job['id']} and traceback is not null")
    assert len(stored) == 8
    assert all("fault.ValueError" in one and SECRET_WORDS not in one for one in stored)


async def test_a_job_that_can_never_be_done_is_not_tried_again(
    harbour: Cast, settings: Settings, worker_dsn: str, keys: keyfile.Keys, admin: Admin, kind: str
) -> None:
    done = asyncio.Event()

    async def never(_work: Work, _event: Event) -> None:
        done.set()
        raise NotDone("mail.address", permanent=True)

    registry.on(kind)(never)
    await tell(harbour, kind)
    await run_until(done, settings, worker_dsn, keys)
    (job,) = await jobs_of(admin, harbour.practice_id)
    assert (job["status"], job["attempts"]) == ("failed", 0)


def test_eight_tries_take_about_a_day() -> None:
    assert len(worker.WAITS) == 7
    assert timedelta(hours=22) < sum(worker.WAITS, timedelta()) < timedelta(hours=26)
    assert sorted(worker.WAITS) == list(worker.WAITS)


async def test_a_lost_connection_is_made_again(
    harbour: Cast, settings: Settings, worker_dsn: str, keys: keyfile.Keys, admin: Admin, kind: str
) -> None:
    first, second = asyncio.Event(), asyncio.Event()

    async def note(_work: Work, _event: Event) -> None:
        (second if first.is_set() else first).set()

    async def interrupt() -> None:
        await first.wait()
        await admin.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where application_name = 'praxis-worker'"
        )
        await tell(harbour, kind)

    registry.on(kind)(note)
    await tell(harbour, kind)
    async with asyncio.TaskGroup() as group:
        group.create_task(interrupt())
        await run_until(second, settings, worker_dsn, keys)


async def test_draining_does_what_waits_and_what_that_leads_to(
    harbour: Cast, worker: House, kind: str
) -> None:
    seen: list[str] = []

    async def once_more(work: Work, event: Event) -> None:
        seen.append(event.subject_id)
        async with work.visit(**registry.acting(event)):
            if len(seen) < 3:
                work.tell(kind, event.subject_id)

    registry.on(kind)(once_more)
    await tell(harbour, kind)
    await delivering.drain(worker)
    assert len(seen) == 3
    assert len(set(seen)) == 1


async def test_a_drain_that_was_interrupted_leaves_its_events_waiting(
    harbour: Cast, worker: House, kind: str
) -> None:
    await delivering.drain(worker)
    registry.on(kind)(failing(1, asyncio.Event()))
    await tell(harbour, kind)
    with pytest.raises(ValueError, match=SECRET_WORDS):
        await delivering.drain(worker)
    assert await delivering.drain(worker) == 1


def test_a_kind_has_one_handler(kind: str) -> None:
    registry.on(kind)(nothing)

    async def other(_work: Work, _event: Event) -> None:
        """Do something else."""

    with pytest.raises(ValueError, match="has a handler"):
        registry.on(kind)(other)


async def test_a_chore_runs_at_its_time(
    settings: Settings, worker_dsn: str, keys: keyfile.Keys
) -> None:
    done = asyncio.Event()

    async def every_second(_work: Work) -> None:
        done.set()

    registry.regularly("* * * * * *")(every_second)
    try:
        await run_until(done, settings, worker_dsn, keys)
    finally:
        registry.CHORES.pop("every_second")
