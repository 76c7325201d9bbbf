"""Two devices of one client, mostly offline: what they wrote down is what the record holds.

`python -m tests.offline [--items 1000] [--kills 8] [--seed N]`. The devices are killed in the
middle of things, and so is the server. They do what the description says: of each result they keep
what it names. Work comes again in other spellings, with half an emoji, from unknown zones; slots
are answered by both, and drafts are begun, sent and thrown away by both. At the end each item of
both journals is there once, as it was written down, and nothing else is; nothing was refused; no
word that a device was told is stored is lost; and both show the drafts that there are.
"""

import argparse
import asyncio
import os
import random
import signal
import sys
import tempfile
from pathlib import Path

import httpx

from app.command.preparing import DATABASE
from app.core import embedded
from app.main import open_house
from app.settings import Settings
from app.vault import keyfile
from tests.device_differences import differences
from tests.devices import Device, drafts_of, live, pair, part
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
        devices, killed, there = asyncio.run(_story(run, given.items, given.kills, given.seed))
        wrong = asyncio.run(_wrong(run, devices, there))
    sys.stdout.write(
        f"seed {given.seed}: {given.items} items on two devices, the server killed {killed} times,"
        f" {len(wrong)} differences\n" + "".join(f"{one}\n" for one in wrong[:10])
    )
    sys.stdout.write("".join(f"{one.name}: {one.summary()}\n" for one in devices))
    return len(wrong)


async def _story(
    run: Run, items: int, kills: int, seed: int
) -> tuple[list[Device], int, dict[str, set[str]]]:
    """Both devices live, the server is killed and started again, until all is settled; then both
    hear what is new, and the client looks at the drafts."""
    chance, killed = random.Random(seed), 0
    with up(run.folder, run.port):
        await prepare(run, SLOTS)
    devices = pair(seed, run.client_id, run.slots, run.assignment_id)
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{run.port}",
        headers={"Authorization": f"Bearer {run.token}"},
        timeout=10,
    ) as http:

        async def post(body: bytes) -> httpx.Response:
            await asyncio.sleep(chance.uniform(0, 0.1))
            headers = {"Content-Type": "application/json"}
            answer = await http.post("/v1/me/sync", content=body, headers=headers)
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
        with up(run.folder, run.port):
            await part(devices, post)
            there = await drafts_of(http, devices[0].drafting)
    return list(devices), killed, there


async def _wrong(run: Run, devices: list[Device], there: dict[str, set[str]]) -> list[str]:
    keys = keyfile.load(run.folder / "keys")
    settings = Settings(data=run.folder, public_url=f"http://127.0.0.1:{run.port}")
    server = embedded.start(run.folder)
    house = await open_house(settings, dsn=server.dsn(DATABASE), keys=keys)
    found = await differences(house, run.practice_id, devices, there)
    await house.pool.close()
    server.close()
    return found


if __name__ == "__main__":
    raise SystemExit(main())
