"""The demo practice: made once, and its people's sign-ins shown at every start."""

import asyncio
import json
import os
from pathlib import Path

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from app.command.addresses import Addresses
from app.command.demo_codes import FILE
from app.command.preparing import opened
from app.command.saying import err, plain, say
from app.demo import SignIn, build
from app.settings import Settings
from app.vault.keyfile import Keys


def people(settings: Settings, keys: Keys, addresses: Addresses) -> list[SignIn]:
    """The demo's people, who are made first where they are not there.

    Kept in the data folder too: they are nobody, and their passwords are no secrets.
    """
    found = asyncio.run(_people(settings, keys, addresses))
    _keep(settings.data / FILE, found)
    return found


def show(found: list[SignIn]) -> None:
    """Print how they sign in."""
    for practice in dict.fromkeys(one.practice for one in found):
        say(f"  Sign in at [bold]{plain(practice)}[/]")
        for one in found:
            if one.practice == practice:
                code = "[dim], with a one-time code[/]" if one.secret else ""
                say(f"    {one.email:34} {plain(one.name)}, {plain(one.role)}{code}")
        say()
    say(f"  Password of all: [bold]{plain(found[0].password)}[/]")
    secrets = dict.fromkeys(one.secret for one in found if one.secret)
    say("  One-time codes:  [bold]praxis demo --code ADDRESS[/]")
    say(f"  or an authenticator app with the secret {' or '.join(map(plain, secrets))}")
    say()


async def _people(settings: Settings, keys: Keys, addresses: Addresses) -> list[SignIn]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    async with opened(settings, addresses, keys) as house:
        watched = err.is_terminal
        with Progress(*columns, console=err, transient=True, disable=not watched) as bar:
            task = bar.add_task("Making the demo practice", total=None)

            def progress(done: int, total: int) -> None:
                bar.update(task, completed=done, total=total)

            return await build(house, on_progress=progress)


def _keep(file: Path, found: list[SignIn]) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with open(descriptor, "w", encoding="utf-8") as writing:
        json.dump([one._asdict() for one in found], writing)
