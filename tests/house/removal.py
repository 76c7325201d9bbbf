"""Every wall, predicate and guard removed in turn: `python -m tests.house.removal [WORDS…]`.

Each is removed where it stands alone, and the matrix must notice: some cell is open without it.
With words, only removals whose names hold one of them. It takes some minutes, and its own server.
"""

import asyncio
import os
import re
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import structlog

from app.core import embedded, schema
from app.core.ids import SYSTEM
from app.core.statements import Query
from app.library.shipping import ship
from app.main import open_house
from app.models import metadata
from app.operation.work import Work
from app.settings import Settings
from app.vault import keyfile
from tests.house.matrix import PRIVATE, ROWS, staged
from tests.house.matrix_queries import Uses, learn, name_of
from tests.house.matrix_scene import Scene
from tests.house.matrix_touch import plant_rows
from tests.house.matrix_walls import walls_of
from tests.house.removals import CLAUSES, GATE, SURVIVE, UNASKED
from tests.house.removing import Removal, marks, noticed, policies, predicates

PASSWORDS: Final = {schema.APPLICATION: "application", schema.WORKER: "worker"}
FAST: Final = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@asynccontextmanager
async def ground() -> AsyncIterator[tuple[embedded.Server, str, Settings, keyfile.Keys]]:
    """A server of its own, migrated, with the shipped exercises."""
    with tempfile.TemporaryDirectory(prefix="removal-") as folder:
        home = Path(folder)
        os.chmod(home, 0o711)
        server = await asyncio.to_thread(embedded.start, home / "postgres", options=FAST)
        try:
            await schema.prepare_roles(server.dsn(), PASSWORDS)
            await asyncio.to_thread(schema.upgrade, server.dsn())
            keys = keyfile.load_or_create(home / "keys")
            settings = Settings(data=home / "data", requests_per_minute=10_000_000, pool_size=8)
            dsn = server.dsn("postgres", schema.APPLICATION, "application")
            house = await open_house(settings, dsn=dsn, keys=keys)
            work = Work(house, operation="ship", request_id=SYSTEM)
            async with work.visit(capacity="job", practice_id=SYSTEM):
                await ship(work)
            await house.pool.close()
            yield server, "postgres", settings, keys
        finally:
            server.close()


def touched(uses: Uses) -> dict[str, set[str]]:
    """Which operations touch which table, by the statements they ran."""
    found: dict[str, set[str]] = {}
    for use in uses.found:
        for table in set(re.findall(r"[a-z_]+", use.query.sql)) & metadata.tables.keys():
            found.setdefault(table, set()).add(use.operation)
    return found


async def main(words: Collection[str]) -> int:
    """Remove what there is, or what the words name; how many survived without a reason."""
    lost, survived, started = 0, 0, time.monotonic()
    async with ground() as place:
        async for scene, removals in _settings(place):
            for removal in removals:
                if words and not any(word in removal.name for word in words):
                    continue
                found = await noticed(scene, removal, ROWS)
                lost += 1
                survived += _tell(removal, found)
    seconds = time.monotonic() - started
    _say(f"{lost} removed, {lost - survived} as expected, {survived} not, in {seconds:.0f} s")
    return survived


def _tell(removal: Removal, found: str | None) -> bool:
    reason = SURVIVE.get(removal.name)
    if found is not None:
        _say(f"noticed   {removal.setting}: {removal.name}\n            by {found[:150]}")
        return reason is not None
    said = f"unnoticed {removal.setting}: {removal.name}\n            {reason or 'NO REASON KNOWN'}"
    _say(said)
    return reason is None


def _tell_unasked(uses: Uses) -> None:
    asked = {name_of(query) for query in uses.walled()}
    for name in sorted({name_of(query) for query in Query.made if walls_of(query)} - asked):
        # Plain updates come to be as they are needed, here by what the cast was written with.
        if not name.startswith("update of "):
            _say(f"unasked   {name}\n            {UNASKED.get(name, 'NO REASON KNOWN')}")


async def _settings(place: Any) -> AsyncIterator[tuple[Scene, list[Removal]]]:
    """A scene of each setting, with what is removed in it."""
    async with staged("statements", *place) as scene:
        uses = await learn(scene, PRIVATE)
        _tell_unasked(uses)
        yield scene, [*CLAUSES, *predicates(uses)]
    async with staged("rows", *place) as scene:
        await plant_rows(scene)
        found = await policies(scene, touched(uses))
        yield scene, [*(one for one in GATE if one.setting == "rows"), *found]
    async with staged("all", *place) as scene:
        yield scene, [*(one for one in GATE if one.setting == "all"), *marks(scene.app)]


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _quiet(logger: Any, method: str, event: Any) -> Any:
    raise structlog.DropEvent


if __name__ == "__main__":
    structlog.configure(processors=[_quiet])
    raise SystemExit(1 if asyncio.run(main(sys.argv[1:])) else 0)
