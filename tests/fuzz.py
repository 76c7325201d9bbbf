"""Throws everything schemathesis can think of at the running service, as each role.

`python -m tests.fuzz [--examples N] [--role NAME]`: no server error, no undocumented status, in
any role. It needs nothing but an installed checkout, and takes some minutes.
"""

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.core import embedded, schema
from app.core.ids import SYSTEM
from app.library.shipping import ship
from app.main import create_app, open_house
from app.operation.work import Work
from app.settings import Settings
from app.vault import keyfile
from tests.cast import Clients, stage
from tests.service import Address, serving

ROLES = ("nobody", "thea", "ana", "abe", "cleo", "greta")
PASSWORD = "only for this run"
CHECKS = "all"


def main() -> int:
    """The number of roles for which something was found."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--examples", type=int, default=10)
    asked.add_argument("--role", choices=ROLES, action="append")
    given = asked.parse_args()
    roles: list[str] = given.role or list(ROLES)
    with _service() as (address, headers):
        found = [role for role in roles if _run(address, headers[role], given.examples, role)]
    print(f"roles tried: {', '.join(roles)}; with findings: {', '.join(found) or 'none'}")  # noqa: T201
    return len(found)


def _run(address: Address, headers: dict[str, str], examples: int, role: str) -> bool:
    print(f"== as {role}", flush=True)  # noqa: T201
    command = [
        str(Path(sys.executable).parent / "st"),
        "--no-color",
        "run",
        f"{address.url}/openapi.json",
        "--checks",
        CHECKS,
        "--phases",
        "examples,coverage,fuzzing",
        "--max-examples",
        str(examples),
        "--warnings",
        "off",
        "--generation-deterministic",
    ]
    for name, value in headers.items():
        command += ["-H", f"{name}: {value}"]
    told = os.environ | {"SCHEMATHESIS_HOOKS": "tests.fuzz_bytes"}
    return subprocess.run(command, check=False, env=told).returncode != 0


@contextmanager
def _service() -> Iterator[tuple[Address, dict[str, dict[str, str]]]]:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)
        server = embedded.start(Path(folder) / "postgres", options={"fsync": "off"})
        try:
            passwords = {schema.APPLICATION: PASSWORD, schema.WORKER: PASSWORD}
            asyncio.run(schema.prepare_roles(server.dsn(), passwords))
            schema.upgrade(server.dsn())
            dsn = server.dsn("postgres", schema.APPLICATION, PASSWORD)
            keys = keyfile.load_or_create(Path(folder) / "keys")
            settings = Settings(
                data=Path(folder), requests_per_minute=10_000_000, sign_ins_per_minute=100_000
            )
            headers = asyncio.run(_stage(settings, dsn, keys))
            with serving(create_app(settings, dsn=dsn, keys=keys)) as address:
                yield address, headers
        finally:
            server.close()


async def _stage(settings: Settings, dsn: str, keys: keyfile.Keys) -> dict[str, dict[str, str]]:
    house = await open_house(settings, dsn=dsn, keys=keys)
    work = Work(house, operation="ship", request_id=SYSTEM)
    async with work.visit(capacity="job", practice_id=SYSTEM):
        await ship(work)
    cast = await stage(house, Clients(create_app(settings)), "Harbour")
    await house.pool.close()
    headers: dict[str, dict[str, str]] = {"nobody": {}}
    for name in ROLES[1:]:
        headers[name] = {"Authorization": f"Bearer {cast.people[name].token}"}
    headers["greta"]["Acting-For"] = cast.client_ids["kit"]
    return headers


if __name__ == "__main__":
    raise SystemExit(main())
