"""Homework with schedules as planning finds it: planted at any time, and what became of it."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from app.core.clock import now
from app.core.ids import SYSTEM, new_id
from app.homework import planning
from app.homework.models import Assignment, Occurrence
from app.operation.house import House
from app.operation.work import Row, Work
from app.sessions.models import Session
from tests.cast import Cast
from tests.homework.scenes import EXERCISE
from tests.jobs.conftest import Admin

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
DAILY = {"kind": "daily", "opens": "09:00"}
KINDS: list[dict[str, Any]] = [
    DAILY,
    {"kind": "daily", "every": 3, "opens": "21:30", "due": "22:00"},
    {"kind": "weekdays", "days_open": 3},
    {"kind": "weekly", "days": ["mo", "th"], "opens": "07:00"},
    {"kind": "monthly", "day": -1, "days_open": 4},
    {"kind": "times_a_week", "times": 3},
]
"""Of every kind that recurs, one."""

_SLOTS = """
select id::text, slot, local_on, opens_at, due_at, closes_at, remind_at, status, drafted_at,
       session_id::text, version, occurrences::text as whole
  from occurrences where assignment_id = $1 order by local_on, length(slot), slot
"""


async def given(
    cast: Cast, schedule: dict[str, Any], client: str = "cleo", **other: Any
) -> tuple[str, str]:
    """Active homework with this schedule that nobody has planned yet; its client and its id."""
    assignment_id, client_id = new_id(), cast.client_ids[client]
    values = {
        "status": "active",
        "zone": "Europe/Berlin",
        "opens_at": now(),
        "library_id": SYSTEM,
        "exercise_version_id": str(EXERCISE.version.id),
    } | other
    await cast.write(
        Assignment,
        id=assignment_id,
        client_id=client_id,
        episode_id=cast.episode_ids[client],
        words={"title": "A page", "rationale": "You asked.", "instructions": None,
               "minimum_version": None, "steps": []},
        areas=[],
        assigned_by=cast.thea.user_id,
        schedule=schedule,
        **values,
    )  # fmt: skip
    return client_id, assignment_id


Doing = Callable[[Work, Row], Awaitable[None]]


async def do(cast: Cast, assigned: tuple[str, str], what: Doing = planning.plan) -> None:
    """Plan it, or do with it what planning does otherwise, as a job of the practice would."""
    work, transaction = cast.job()
    async with transaction:
        await what(work, await planning.needed(work, *assigned))


async def change(cast: Cast, assigned: tuple[str, str], **values: Any) -> None:
    """Write these columns, and plan anew."""
    work, transaction = cast.job()
    async with transaction:
        await work.alter(Assignment, assigned[1], **values)
        await planning.replan(work, await planning.needed(work, *assigned))


async def touch(cast: Cast, occurrence_id: str, **values: Any) -> None:
    """Write these columns of a slot, as answering or drafting does."""
    work, transaction = cast.job()
    async with transaction:
        await work.alter(Occurrence, occurrence_id, **values)


async def session(cast: Cast, starts_at: datetime, client: str = "cleo", **other: Any) -> str:
    """A session that is planned; its id. Nobody was told."""
    session_id = new_id()
    await cast.write(
        Session,
        id=session_id,
        client_id=cast.client_ids[client],
        episode_id=cast.episode_ids[client],
        therapist_id=cast.thea.user_id,
        starts_at=starts_at,
        zone="Europe/Berlin",
        setting="video",
        **other,
    )
    return session_id


async def put_session(cast: Cast, session_id: str, **values: Any) -> None:
    """Write these columns of a session. Nobody was told."""
    work, transaction = cast.job()
    async with transaction:
        await work.alter(Session, session_id, **values)


async def slots(admin: Admin, assigned: tuple[str, str]) -> list[Any]:
    """All of its slots, in order; `whole` is the row as text."""
    return list(await admin.fetch(_SLOTS, assigned[1]))


async def by_key(admin: Admin, assigned: tuple[str, str]) -> dict[str, Any]:
    """The same, by their keys."""
    return {row["slot"]: row for row in await slots(admin, assigned)}


async def asked(admin: Admin, assigned: tuple[str, str]) -> dict[str, Any]:
    """Those that are not called off, by their keys."""
    found = await by_key(admin, assigned)
    return {key: row for key, row in found.items() if row["status"] != "cancelled"}


def at(text: str) -> datetime:
    """An instant of UTC, as 2026-10-25T08:00."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def job(house: House, name: str = "test") -> Work:
    """A unit of work that nothing was done with yet, as a chore is given."""
    return Work(house, operation=name, request_id=SYSTEM)
