"""`praxis up` is killed with -9 at random moments while a client submits; nothing may be lost.

`python -m tests.kills [--times 25] [--seed N]`. Each time either everything is killed, or only
PostgreSQL, or the worker; then it is started again. At the end every submission that was
acknowledged is there once, whole, and none is there in half.
"""

import argparse
import asyncio
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import psutil  # type: ignore[import-untyped]

from app.command.preparing import DATABASE
from app.core import embedded
from app.core.clock import now
from app.core.ids import SYSTEM, new_id
from app.homework.models import Assignment, Occurrence
from app.main import create_app, open_house
from app.operation.work import Work
from app.settings import Settings
from app.vault import keyfile
from tests.cast import Clients, stage
from tests.homework.scenes import EXERCISE, submission

SLOTS = 4_000
PATIENCE = 180.0


@dataclass(slots=True)
class Run:
    """One data folder, its client's token and slots, and what was acknowledged."""

    folder: Path
    port: int
    token: str = ""
    practice_id: str = ""
    client_id: str = ""
    assignment_id: str = ""
    slots: list[str] = field(default_factory=list)
    others: dict[str, str] = field(default_factory=dict)
    """Tokens of clients who send nothing, by name."""
    other_ids: dict[str, str] = field(default_factory=dict)
    receipts: dict[str, dict[str, Any]] = field(default_factory=dict)
    tried: int = 0


def main() -> int:
    """0 when everything that was acknowledged is there, once and whole."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--times", type=int, default=25)
    asked.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    given = asked.parse_args()
    chance = random.Random(given.seed)
    with tempfile.TemporaryDirectory(dir="/var/tmp", ignore_cleanup_errors=True) as made:
        Path(made).chmod(0o711)
        run = Run(Path(made) / "data", free_port())
        killed: list[str] = []
        with up(run.folder, run.port):
            asyncio.run(prepare(run))
        for _ in range(given.times):
            with up(run.folder, run.port) as process:
                victim = chance.choice(("everything", "everything", "postgres", "worker"))
                killed.append(victim)
                asyncio.run(_submit_until_killed(run, process, victim, chance))
        with up(run.folder, run.port):
            lost = asyncio.run(_missing(run))
    print(  # noqa: T201
        f"seed {given.seed}: killed {given.times} times ({killed.count('everything')} whole,"
        f" {killed.count('postgres')} PostgreSQL, {killed.count('worker')} worker);"
        f" {run.tried} sent, {len(run.receipts)} acknowledged, {len(lost)} wrong"
    )
    for one in lost[:10]:
        print(one)  # noqa: T201
    return len(lost) or (0 if run.receipts else 1)


@contextmanager
def up(data: Path, port: int, *options: str) -> Iterator[subprocess.Popen[bytes]]:
    """`praxis up`, answering; afterwards it is gone, by itself or by our interrupt."""
    command = [sys.executable, "-m", "app.cli", "up", "--data", str(data), "--port", str(port)]
    said = data.parent / "log"
    log = said.open("ab")
    process = subprocess.Popen([*command, *options], stdout=log, stderr=log, start_new_session=True)
    try:
        deadline = now().timestamp() + PATIENCE
        while not _ready(port):
            if process.poll() is not None or now().timestamp() > deadline:
                raise RuntimeError(said.read_text()[-3000:])
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait(PATIENCE)
        log.close()


def _ready(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=1).status_code == 200
    except httpx.TransportError:
        return False


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


async def prepare(run: Run, slots: int = SLOTS) -> None:
    """A practice whose client Cleo has that many open slots."""
    keys = keyfile.load(run.folder / "keys")
    settings = Settings(data=run.folder, public_url=f"http://127.0.0.1:{run.port}")
    server = embedded.start(run.folder)
    house = await open_house(settings, dsn=server.dsn(DATABASE), keys=keys)
    cast = await stage(house, Clients(create_app(settings)), "Harbour")
    run.token = cast.cleo.token
    run.practice_id = cast.practice_id
    run.others = {name: cast.people[name].token for name in ("carl", "kit")}
    run.other_ids = {name: cast.client_ids[name] for name in run.others}
    run.client_id, run.assignment_id = cast.client_ids["cleo"], new_id()
    moment = now()
    work = Work(house, operation="test", request_id=SYSTEM)
    async with work.visit(capacity="job", practice_id=cast.practice_id):
        await work.add(
            Assignment,
            id=run.assignment_id,
            client_id=run.client_id,
            episode_id=cast.episode_ids["cleo"],
            library_id=SYSTEM,
            exercise_version_id=str(EXERCISE.version.id),
            status="active",
            words={
                "title": "Again and again",
                "rationale": "To see what holds.",
                "instructions": None,
                "minimum_version": None,
                "steps": [],
            },
            areas=[],
            opens_at=moment,
            zone="UTC",
            assigned_by=cast.thea.user_id,
        )
        for number in range(slots):
            run.slots.append(new_id())
            await work.add(
                Occurrence,
                id=run.slots[-1],
                client_id=run.client_id,
                assignment_id=run.assignment_id,
                slot=str(number),
                local_on=moment.date(),
                opens_at=moment,
            )
    await house.pool.close()
    server.close()


async def _submit_until_killed(
    run: Run, process: subprocess.Popen[bytes], victim: str, chance: random.Random
) -> None:
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{run.port}",
        headers={"Authorization": f"Bearer {run.token}"},
        timeout=5,
    ) as http:
        stop = asyncio.Event()
        senders = [asyncio.create_task(_send(run, http, stop)) for _ in range(8)]
        await asyncio.sleep(chance.uniform(0.05, 1.2))
        _kill(process, victim)
        await asyncio.sleep(chance.uniform(0.0, 0.3))
        stop.set()
        await asyncio.gather(*senders)
    if victim == "everything":
        process.wait(PATIENCE)


async def _send(run: Run, http: httpx.AsyncClient, stop: asyncio.Event) -> None:
    """Send slot after slot, each until it is acknowledged, under one key, as an app would."""
    while not stop.is_set() and run.tried < len(run.slots):
        slot = run.slots[run.tried]
        run.tried += 1
        for _ in range(3):
            try:
                answer = await http.post(
                    f"/v1/me/occurrences/{slot}/submissions", json=submission(f"key-{slot}")
                )
            except httpx.TransportError:
                if stop.is_set():
                    return
                continue
            if answer.status_code in (200, 201):
                run.receipts[slot] = answer.json()
                break
            if answer.status_code not in (401, 429, 503):
                raise RuntimeError(answer.text)


def _kill(process: subprocess.Popen[bytes], victim: str) -> None:
    mine = psutil.Process(process.pid)
    if victim == "everything":
        os.killpg(process.pid, signal.SIGKILL)
    elif victim == "worker":
        for child in mine.children(recursive=True):
            child.kill()
    else:
        for one in psutil.process_iter(["cmdline", "name"]):
            words = one.info["cmdline"] or []
            if one.info["name"] == "postgres" and any(str(mine.cmdline()[5]) in w for w in words):
                one.kill()


async def _missing(run: Run) -> list[str]:
    """What is wrong with what is stored, in words; empty when nothing is."""
    server = embedded.start(run.folder)
    connection = await asyncpg.connect(server.dsn(DATABASE))
    wrong: list[str] = []
    counted = await connection.fetch(
        "select s.occurrence_id::text slot, s.id::text submission, s.number, o.status,"
        " count(v.id) versions, count(a.id) answers"
        " from submissions s join occurrences o on o.id = s.occurrence_id"
        " left join submission_versions v on v.submission_id = s.id"
        " left join submission_answers a on a.id = v.id"
        " group by s.occurrence_id, s.id, s.number, o.status"
    )
    there = {row["slot"]: row for row in counted}
    events = await connection.fetch(
        "select subject_id::text subject, count(*) n from events"
        " where kind = 'homework.submitted' group by subject_id"
    )
    told = {row["subject"]: row["n"] for row in events}
    for slot, row in there.items():
        shape = (row["number"], row["versions"], row["answers"], row["status"])
        if shape != (1, 1, 1, "submitted") or told.get(row["submission"]) != 1:
            wrong.append(f"{slot} is there in half, or twice: {shape}")
    for slot, receipt in run.receipts.items():
        if slot not in there or there[slot]["submission"] != receipt["submission_id"]:
            wrong.append(f"{slot} was acknowledged and is not there")
    await connection.close()
    server.close()
    return wrong


if __name__ == "__main__":
    raise SystemExit(main())
