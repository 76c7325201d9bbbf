"""A PostgreSQL for the run, with fsync as production has it, and the databases in it."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import asyncpg

from app.core import embedded, schema
from app.core.ids import SYSTEM
from app.main import open_house
from tests.benchmarks import scene_overviews
from tests.benchmarks.programs import Place
from tests.benchmarks.scene import fill
from tests.homework.scenes import EXERCISE

# The log is given room, so that no round pays for a checkpoint the filling left behind.
OPTIONS: Final = {"max_wal_size": "8GB", "checkpoint_timeout": "30min", "shared_buffers": "512MB"}
PASSWORDS: Final = {schema.APPLICATION: "application", schema.WORKER: "worker"}
SMALL: Final = 10_000
LARGE: Final = 1_000_000
EACH: Final = 50
"""Assignments of each client that growth brings."""


@contextmanager
def place(slots: int) -> Iterator[tuple[Place, embedded.Server]]:
    """A filled database with so many slots to answer, for as long as the context lasts."""
    with TemporaryDirectory(prefix="praxis-benchmark-") as name:
        folder = Path(name)
        # PostgreSQL runs as another account when this is root, and must be able to pass.
        folder.chmod(0o711)
        server = embedded.start(folder / "postgres", options=OPTIONS)
        try:
            asyncio.run(_create(server, "small"))
            schema.upgrade(server.dsn("small"))
            made = at(server, folder, "small")
            asyncio.run(_fill(made, slots))
            yield made, server
        finally:
            server.close()
            _wait_until_stopped(folder)


def at(server: embedded.Server, folder: Path, database: str) -> Place:
    """The place in that database."""
    role = schema.APPLICATION
    return Place(folder, server.dsn(database, role, PASSWORDS[role]), server.dsn(database))


def grown(here: Place, server: embedded.Server) -> tuple[Place, Place]:
    """Two more databases: with 10 thousand and with 1 million assignments in the practice."""
    asyncio.run(_copy(server, "small", "ten_thousand"))
    few = at(server, here.folder, "ten_thousand")
    asyncio.run(_grow(few, SMALL))
    asyncio.run(_copy(server, "ten_thousand", "million"))
    many = replace(at(server, here.folder, "million"))
    asyncio.run(_grow(many, LARGE))
    return few, many


async def _create(server: embedded.Server, name: str) -> None:
    admin = await asyncpg.connect(server.dsn())
    await admin.execute(f"create database {name}")
    await admin.close()
    await schema.prepare_roles(server.dsn(name), PASSWORDS)


async def _copy(server: embedded.Server, source: str, name: str) -> None:
    admin = await asyncpg.connect(server.dsn())
    await admin.execute(f"create database {name} template {source} strategy file_copy")
    await admin.execute(
        f"grant connect on database {name} to {schema.APPLICATION}, {schema.WORKER}"
    )
    await admin.close()


async def _fill(made: Place, slots: int) -> None:
    house = await open_house(made.settings(), dsn=made.walled, keys=made.keys)
    admin = await asyncpg.connect(made.admin)
    scene = await fill(house, admin, slots)
    scene.save(made.folder / "scene.json")
    await admin.close()
    await house.pool.close()


async def _grow(grown_in: Place, total: int) -> None:
    """Bring the practice's assignments to `total`, among clients of their own.

    Nobody reads these rows, so they share one meaningless sealed value.
    """
    admin = await asyncpg.connect(grown_in.admin)
    scene = grown_in.scene
    present = await admin.fetchval("select count(*) from assignments")
    clients = (total - present) // EACH
    # Row triggers check foreign keys one by one; these rows are made to fit.
    await admin.execute("set session_replication_role = replica; set synchronous_commit = off")
    await admin.execute("create temporary table fresh (client_id uuid, episode_id uuid)")
    await admin.execute(
        "insert into fresh select uuidv7(), uuidv7() from generate_series(1, $1)", clients
    )
    await admin.execute(
        "insert into clients (practice_id, id, words, zone)"
        " select $1, client_id, $2, 'Europe/Berlin' from fresh", scene.practice_id, bytes(200),
    )  # fmt: skip
    await admin.execute(
        "insert into episodes (practice_id, id, client_id, opened_on)"
        " select $1, episode_id, client_id, current_date from fresh", scene.practice_id,
    )  # fmt: skip
    await admin.execute(
        "insert into assignments (practice_id, id, client_id, episode_id, library_id,"
        " exercise_version_id, status, words, areas, opens_at, zone, assigned_by)"
        " select $1, uuidv7(), client_id, episode_id, $2, $3, 'active', $4, '{trauma}', now(),"
        " 'Europe/Berlin', $5 from fresh, generate_series(1, $6)",
        scene.practice_id, SYSTEM, str(EXERCISE.version.id), os.urandom(240),
        scene.therapist.user_id, EACH,
    )  # fmt: skip
    await scene_overviews.grow(admin, scene.practice_id)
    await admin.execute("vacuum analyze")
    await admin.execute("checkpoint")
    await admin.close()


def _wait_until_stopped(folder: Path) -> None:
    """The server stops by itself when its last user is gone; its folder goes after it."""
    import time

    until = time.monotonic() + 20
    while (folder / "postgres" / "cluster" / "postmaster.pid").exists():
        if time.monotonic() > until:
            return
        time.sleep(0.05)
