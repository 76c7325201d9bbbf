"""The three programs, each made alone in a process of its own."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import asyncpg

from app.access.tokens import TokenAuthority
from app.core.database import open_pool
from app.settings import Settings
from app.vault import keyfile
from app.vault.keyring import Keyring
from tests.benchmarks.asking import Asking
from tests.benchmarks.scene import Scene

PROGRAMS: Final = ("limit", "ours", "idiomatic")
URL: Final = "http://praxis.test"


@dataclass(frozen=True, slots=True)
class Place:
    """Where everything is. `walled` is the application role's address, `admin` passes walls."""

    folder: Path
    walled: str
    admin: str

    @property
    def keys(self) -> keyfile.Keys:
        """The keys of this run."""
        return keyfile.load_or_create(self.folder / "keys")

    @property
    def scene(self) -> Scene:
        """The scene of this run."""
        return Scene.load(self.folder / "scene.json")

    def settings(self) -> Settings:
        """Ours, without a limit that a benchmark would run into."""
        return Settings(data=self.folder / "data", public_url=URL, requests_per_minute=10**9)


def application(program: str, place: Place) -> Any:
    """The ASGI application of that name."""
    # Imported here, so that none carries the others' weight.
    if program == "ours":
        from app.main import create_app

        return create_app(place.settings(), dsn=place.walled, keys=place.keys)
    if program == "limit":
        from tests.benchmarks import limit

        return limit.create(place.keys, URL, place.walled)
    from tests.benchmarks import (
        idiomatic,
        idiomatic_overviews,
        idiomatic_sync,
        idiomatic_today,
        idiomatic_week,
    )

    idiomatic.app.include_router(idiomatic_overviews.staff)
    idiomatic.app.include_router(idiomatic_week.mine)
    idiomatic.app.include_router(idiomatic_sync.mine)
    idiomatic.app.include_router(idiomatic_today.mine)

    found = asyncio.run(_client_keys(place))
    return idiomatic.create(place.keys, URL, place.admin, found)


def asking(place: Place) -> Asking:
    """The requests, signed with this run's keys."""
    keys = place.keys
    return Asking(place.scene, TokenAuthority(keys, URL, URL), Keyring(keys.root).cursors.raw)


async def _client_keys(place: Place) -> dict[tuple[UUID, str], Any]:
    """Every client's keys, for the program that keeps them all at hand."""
    ring = Keyring(place.keys.root)
    practice_id = place.scene.practice_id
    pool: asyncpg.Pool[Any] = await open_pool(place.admin, size=1, name="keys")
    found: dict[tuple[UUID, str], Any] = {}
    async with pool.acquire() as connection:
        ids = [row["client_id"] for row in await connection.fetch(
            "select distinct client_id from client_keys where practice_id = $1", practice_id
        )]  # fmt: skip
        for kind in ("record", "identity"):
            await ring.fetch(connection, practice_id, ids, kind)
            found |= {(UUID(one), kind): ring.held(practice_id, one, kind) for one in ids}
        found[UUID(practice_id), "practice"] = await ring.practice(connection, practice_id)
    await pool.close()
    return found
