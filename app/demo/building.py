"""The demo is built: once, in half a minute, as twelve weeks that have passed."""

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from app.accounts import signing_in
from app.core import clock
from app.core.errors import Conflict
from app.core.ids import new_id
from app.demo import coming
from app.demo.arriving import (
    PASSWORD,
    SECRET,
    Stage,
    close,
    invite_to_staff,
    open_practice,
)
from app.demo.life import Life, life_of, live
from app.demo.people import Practice, practices, staff_addresses
from app.demo.weeks import HOW_MANY
from app.operation.house import House
from app.operation.work import Work

AT_ONCE: Final = 6
"""How many clients' stories are told side by side."""


class SignIn(NamedTuple):
    """How someone in the demo signs in. `secret` makes one-time codes; only staff have one."""

    name: str
    role: str
    practice: str
    email: str
    password: str
    secret: str | None


async def build(house: House, *, on_progress: Callable[[int, int], None]) -> list[SignIn]:
    """Make the practices Harbour and Lakeside, unless they are there; how their people sign in.

    `on_progress` hears how much is done, of how much. `house` has the application's pool.
    Raises Conflict outside development, where nobody may have a password that is known to all,
    and when an earlier attempt was broken off.
    """
    if house.settings.environment != "development":
        raise Conflict("demo.production", "The demo is for development: its passwords are known.")
    if not await _is_there(house):
        await _tell(house, on_progress)
    return [one for plan in practices() for one in _sign_ins(plan)]


async def _is_there(house: House) -> bool:
    """Whether the story was told, to its end: only then do staff have a second factor."""
    work = Work(house, operation="demo", request_id=new_id())
    known_as = signing_in.email_hash(work, practices()[0].owner.email)
    async with work.visit(login=known_as.hex()):
        owner = await work.row(signing_in.USER, email_hash=known_as)
    if owner is not None and owner["second_factor_at"] is None:
        raise Conflict(
            "demo.unfinished",
            "The demo practice was begun here and not finished. Make it in an empty database, or"
            " in another folder.",
        )
    return owner is not None


async def _tell(house: House, on_progress: Callable[[int, int], None]) -> None:
    until = clock.now() - timedelta(minutes=1)
    plans = practices()
    total = sum(1 + len(plan.staff) for plan in plans)
    total += sum(HOW_MANY - one.start for plan in plans for one in plan.clients)
    done = 0

    def tick(steps: int = 1) -> None:
        nonlocal done
        done += steps
        on_progress(done, total)

    stages = []
    for plan in plans:
        stages.append(await open_practice(house, plan, until))
        tick(1 + len(plan.staff))
    await _live([life for stage in stages for life in _lives(stage)], tick)
    for stage in stages:
        await _ask_one_more(stage, until - timedelta(hours=20))
    await close(stages)


def _lives(stage: Stage) -> list[Life]:
    of_theirs: Counter[str] = Counter()
    found = []
    for one in stage.plan.clients:
        found.append(life_of(stage, one, of_theirs[one.therapist]))
        of_theirs[one.therapist] += 1
    return found


async def _live(lives: list[Life], tick: Callable[[], None]) -> None:
    places = asyncio.Semaphore(AT_ONCE)

    async def one(life: Life) -> None:
        async with places:
            coming.begin(life)
            await live(life, tick)

    try:
        async with asyncio.TaskGroup() as group:
            for life in lives:
                group.create_task(one(life))
    except ExceptionGroup as several:
        # Whoever asked for the demo can be told one reason, and the first is the one.
        raise several.exceptions[0] from None


async def _ask_one_more(stage: Stage, at: datetime) -> None:
    if stage.plan.invited is not None:
        await invite_to_staff(stage, stage.plan.invited, at)


def _sign_ins(plan: Practice) -> list[SignIn]:
    practice = str(plan.practice["name"])
    found = [
        SignIn(one.name, ", ".join(one.roles), practice, one.email, PASSWORD, SECRET)
        for one in (plan.owner, *plan.staff)
        if plan.left is None or one.key != plan.left.who
    ]
    known = [one for one in plan.clients if one.key]
    for client in known:
        of = plan.name_of(client.therapist)
        secret = SECRET if client.email in staff_addresses() else None
        found.append(
            SignIn(client.name, f"client of {of}", practice, client.email, PASSWORD, secret)
        )
        if client.guardian is not None:
            ward = client.guardian
            role = f"guardian of {client.called or client.name}"
            found.append(SignIn(ward.name, role, practice, ward.email, PASSWORD, None))
    return found
