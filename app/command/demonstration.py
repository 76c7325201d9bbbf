"""The demo practice: made once, and its people's sign-ins shown at every start."""

import asyncio
import importlib
import importlib.util
import json
import os
from pathlib import Path
from typing import Any, Final, TypedDict

import pyotp
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy import Text, select

from app.access.practice import Practice
from app.command.addresses import Addresses
from app.command.preparing import opened
from app.command.saying import Complaint, err, plain, say
from app.core.database import open_pool
from app.core.ids import SYSTEM
from app.core.statements import Query, p
from app.operation.house import House
from app.operation.work import Work
from app.settings import Settings
from app.vault.keyfile import Keys

NAME: Final = "Harbour"
MODULE: Final = "app.demo"
FILE: Final = "demo-sign-ins.json"

_NAMED = Query(select(Practice.practice_id).where(Practice.name == p("name", Text())).limit(1))


class SignIn(TypedDict):
    """How one person of the demo signs in; `secret` is for an authenticator app, if they have one.

    They are nobody, and their passwords are no secrets.
    """

    who: str
    email: str
    password: str
    secret: str | None


def people(settings: Settings, keys: Keys, addresses: Addresses) -> list[SignIn]:
    """The demo's people, who are made first where they are not there. Raises Complaint."""
    if importlib.util.find_spec(MODULE) is None:
        raise Complaint("This installation has no demo practice: leave --demo out.")
    return asyncio.run(_people(settings, keys, addresses))


def code_of(settings: Settings, email: str) -> str:
    """The one-time code that this person's phone would show now. Raises Complaint."""
    for one in _kept(settings.data / FILE):
        if one["email"] == email and one["secret"]:
            return pyotp.TOTP(one["secret"]).now()
    raise Complaint(
        f"Nobody of the demo practice in {plain(settings.data)} has the address {plain(email)} and"
        " a second factor: `praxis demo` shows who does."
    )


def show(found: list[SignIn]) -> None:
    """Print how they sign in."""
    if not found:
        say("  The demo practice is there; how its people sign in was shown when it was made.")
        return
    say("  Sign in as")
    for one in found:
        secret = f"  [dim]one-time code secret[/] {plain(one['secret'])}" if one["secret"] else ""
        say(
            f"    {plain(one['who'])}: [bold]{plain(one['email'])}[/]"
            f"  {plain(one['password'])}{secret}"
        )
    say()


async def _people(settings: Settings, keys: Keys, addresses: Addresses) -> list[SignIn]:
    kept = settings.data / FILE
    async with opened(settings, addresses, keys) as house:
        if await _is_there(house):
            return _kept(kept)
        pool = await open_pool(addresses.worker, size=settings.pool_size, name="praxis-demo")
        try:
            worker_house = House(settings, pool, house.keyring, house.tokens, house.limiter)
            made = await _build(house, worker_house)
        finally:
            await pool.close()
    _keep(kept, made)
    return made


async def _build(house: House, worker_house: House) -> list[SignIn]:
    demo: Any = importlib.import_module(MODULE)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task("Making the demo practice", total=1.0)

        def progress(done: float) -> None:
            bar.update(task, completed=done)

        made: list[SignIn] = await demo.build(house, worker_house, progress)
    return made


async def _is_there(house: House) -> bool:
    work = Work(house, operation="demo", request_id=SYSTEM)
    async with work.visit():
        return await work.row(_NAMED, name=NAME) is not None


def _kept(file: Path) -> list[SignIn]:
    try:
        found: list[SignIn] = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return found


def _keep(file: Path, made: list[SignIn]) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with open(descriptor, "w", encoding="utf-8") as writing:
        json.dump(made, writing)
