"""Two devices of one client, mostly offline: what they wrote down is what the record holds.

`python -m tests.offline [--items 1000] [--kills 8] [--seed N]`. The devices are killed in the
middle of things, and so is the server. At the end each item of both journals is there once, as it
was written down, and nothing else is; nothing was refused.
"""

import argparse
import asyncio
import os
import random
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

import httpx

from app.command.preparing import DATABASE
from app.core import embedded
from app.main import open_house
from app.settings import Settings
from app.vault import keyfile
from tests.devices import Device, differences, live, pair
from tests.kills import PATIENCE, Run, free_port, prepare, up

SLOTS = 80


def main() -> int:
    """0 when the record holds what the journals do."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--items", type=int, default=1000, help="in all, on both devices")
    asked.add_argument("--kills", type=int, default=8, help="of the server")
    asked.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(dir="/var/tmp", ignore_cleanup_errors=True) as made:
        Path(made).chmod(0o711)
        run = Run(Path(made) / "data", free_port())
        devices, killed = asyncio.run(_story(run, given.items, given.kills, given.seed))
        wrong = asyncio.run(_wrong(run, devices))
    written = sum(len(one.journal) for one in devices)
    sys.stdout.write(
        f"seed {given.seed}: {written} items on two devices, the server killed {killed} times,"
        f" {len(wrong)} differences\n" + "".join(f"{one}\n" for one in wrong[:10])
    )
    return len(wrong) or (0 if written == given.items // 2 * 2 else 1)


async def _story(run: Run, items: int, kills: int, seed: int) -> tuple[list[Device], int]:
    """Both devices live, the server is killed and started again, until all is settled."""
    chance, killed = random.Random(seed), 0
    with up(run.folder, run.port):
        await prepare(run, SLOTS)
    devices = pair(seed, run.client_id, run.slots, run.assignment_id)
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{run.port}",
        headers={"Authorization": f"Bearer {run.token}"},
        timeout=10,
    ) as http:

        async def post(body: dict[str, Any]) -> httpx.Response:
            await asyncio.sleep(chance.uniform(0, 0.1))
            answer = await http.post("/v1/me/sync", json=body)
            if answer.status_code == 429:
                await asyncio.sleep(float(answer.headers["retry-after"]))
            return answer

        lives = asyncio.gather(*(live(one, post, items // 2) for one in devices))
        while not lives.done():
            with up(run.folder, run.port) as process:
                try:
                    patience = chance.uniform(0.5, 2.5) if killed < kills else PATIENCE
                    await asyncio.wait_for(asyncio.shield(lives), patience)
                except TimeoutError:
                    killed += 1
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait(PATIENCE)
    return list(devices), killed


async def _wrong(run: Run, devices: list[Device]) -> list[str]:
    keys = keyfile.load(run.folder / "keys")
    settings = Settings(data=run.folder, public_url=f"http://127.0.0.1:{run.port}")
    server = embedded.start(run.folder)
    house = await open_house(settings, dsn=server.dsn(DATABASE), keys=keys)
    found = await differences(house, run.practice_id, devices)
    await house.pool.close()
    server.close()
    return found


if __name__ == "__main__":
    raise SystemExit(main())
