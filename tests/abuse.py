"""While somebody attacks the service, everybody else is served: `python -m tests.abuse`.

`praxis up` runs as it is installed; an attacker, a process of its own, does one thing after the
other to it. Meanwhile another client's request takes less than a second, /livez is never late by
more than half a second, and the service takes no more than 64 MiB more.
`python -m tests.abuse [--seconds 8] [NAME ...]`; it ends by itself.
"""

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import psutil  # type: ignore[import-untyped]
from PIL import Image

from tests.abuse_attacks import ATTACKS
from tests.homework.scenes import EXERCISE
from tests.kills import Run, free_port, prepare, up

LATE: Final = {"/livez": 0.5, "/v1/me/today?zone=Europe/London": 1.0}
"""Seconds within which each is answered, whatever happens."""
MIB: Final = 1024 * 1024
GROWTH: Final = dict.fromkeys(ATTACKS, 64 * MIB) | {"files": 512 * MIB}
"""How much more memory each may cost; a picture is drawn anew in up to 400 MB (app.files)."""
PAUSE: Final = 0.25
"""Between two requests of one who is watched, who stays within the usual limits."""
LOOK: Final = 0.05
CALM_SECONDS: Final = 1.0
"""How long it is looked at before the first attack."""


@dataclass(slots=True)
class Watch:
    """Somebody who asks for the same thing again and again, each time as a new caller."""

    port: int
    path: str
    headers: dict[str, str]
    times: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def look(self) -> None:
        while not self.over.wait(PAUSE if self.headers else LOOK):
            self.ask()

    def ask(self) -> None:
        began = time.monotonic()
        try:
            connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
            connection.request("GET", self.path, headers=self.headers)
            answer = connection.getresponse()
            answer.read()
            connection.close()
            if answer.status != 200:
                self.wrong.append(str(answer.status))
        except (OSError, HTTPException) as failure:
            self.wrong.append(type(failure).__name__)
        self.times.append(time.monotonic() - began)


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen during one attack."""

    name: str
    begun: int
    answers: dict[str, int]
    slowest: dict[str, float]
    wrong: dict[str, list[str]]
    growth: int

    def complaints(self) -> list[str]:
        found = [
            f"{path} took {seconds:.2f} s"
            for path, seconds in self.slowest.items()
            if seconds > LATE[path]
        ]
        found += [f"{path}: {' '.join(sorted(set(w)))}" for path, w in self.wrong.items() if w]
        if self.growth > GROWTH[self.name]:
            found.append(f"it took {self.growth // MIB} MiB more")
        if not self.begun:
            found.append("nothing was attacked")
        return found


class Service:
    """The running service, a client of it, and one who attacks it as two others."""

    def __init__(self, run: Run, process: "subprocess.Popen[bytes]", picture: Path) -> None:
        self.run = run
        self.process = psutil.Process(process.pid)
        self.attacker = {
            "port": run.port,
            "tokens": [run.others[name] for name in ("kit", "carl")],
            "client_ids": [run.other_ids[name] for name in ("kit", "carl")],
            "slot": run.slots[0],
            "version_id": str(EXERCISE.version.id),
            "picture": str(picture),
        }

    def attacked(self, name: str, seconds: float) -> Seen:
        """Attack for that long, and say what came of it."""
        command = [sys.executable, "-m", "tests.abuse_attacks", name]
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        before = self._memory()
        with subprocess.Popen(command, **pipes) as attack:
            assert attack.stdin is not None
            assert attack.stdout is not None
            attack.stdin.write(json.dumps(self.attacker))
            attack.stdin.close()
            assert attack.stdout.readline() == "on\n"
            slowest, wrong, most = self.watched(seconds)
            attack.terminate()
            said = json.loads(attack.stdout.readline())
        return Seen(name, said["begun"], said["answers"], slowest, wrong, most - before)

    def warm_up(self) -> None:
        """Have made what is made once: the first description takes a second."""
        Watch(self.run.port, "/openapi.json", {}).ask()
        self.watched(CALM_SECONDS)

    def watched(self, seconds: float) -> tuple[dict[str, float], dict[str, list[str]], int]:
        """The slowest answers of a time, what was answered wrong, and the most memory."""
        token = {"Authorization": f"Bearer {self.run.token}"}
        watches = [Watch(self.run.port, path, token if "me" in path else {}) for path in LATE]
        threads = [threading.Thread(target=one.look) for one in watches]
        for one in threads:
            one.start()
        until, most = time.monotonic() + seconds, 0
        while time.monotonic() < until:
            most = max(most, self._memory())
            watches[0].over.wait(LOOK)
        for watch in watches:
            watch.over.set()
        for one in threads:
            one.join()
        assert all(watch.times for watch in watches)
        return (
            {watch.path: max(watch.times) for watch in watches},
            {watch.path: watch.wrong for watch in watches},
            most,
        )

    def _memory(self) -> int:
        return int(self.process.memory_info().rss)


def main() -> int:
    """The number of attacks that somebody else suffered from."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=float, default=8, help="of each attack")
    asked.add_argument("--tries", type=int, default=1, help="to suffer from it in each of them")
    asked.add_argument("--limit", type=int, help="requests a minute, instead of the usual ones")
    asked.add_argument("names", nargs="*", metavar="NAME", help=", ".join(ATTACKS))
    given = asked.parse_args()
    if given.limit:
        os.environ["PRAXIS_REQUESTS_PER_MINUTE"] = str(given.limit)
    with tempfile.TemporaryDirectory(dir="/var/tmp", ignore_cleanup_errors=True) as made:
        Path(made).chmod(0o711)
        run = Run(Path(made) / "data", free_port())
        picture = Path(made) / "picture.png"
        picture.write_bytes(_picture())
        with up(run.folder, run.port) as process:
            asyncio.run(prepare(run, slots=1))
            service = Service(run, process, picture)
            service.warm_up()
            return sum(
                all(_tell(service.attacked(name, given.seconds)) for _ in range(given.tries))
                for name in given.names or ATTACKS
            )


def _tell(seen: Seen) -> bool:
    """Print what was seen; whether somebody suffered."""
    slowest = ", ".join(f"{path.partition('?')[0]} {s:.3f} s" for path, s in seen.slowest.items())
    print(  # noqa: T201
        f"{seen.name:18} begun {seen.begun:6}; slowest: {slowest};"
        f" {seen.growth / MIB:+.0f} MiB; answered {seen.answers or '-'}",
        flush=True,
    )
    for one in seen.complaints():
        print(f"  SUFFERED: {one}", flush=True)  # noqa: T201
    return bool(seen.complaints())


def _picture() -> bytes:
    """4,000 by 4,000 points of noise in part, 16 million in all, in few bytes."""
    drawn = Image.new("RGB", (4000, 4000), "blue")
    noise = random.Random(1).randbytes(500 * 500 * 3)
    drawn.paste(Image.frombytes("RGB", (500, 500), noise), (0, 0))
    made = BytesIO()
    drawn.save(made, "PNG")
    return made.getvalue()


if __name__ == "__main__":
    raise SystemExit(main())
