"""A bounded load over keep-alive connections, from a process of its own.

Started as `python -m tests.benchmarks.load PORT PLACE`; an order is one line of JSON
{operation, first, count, connections}, its answer requests a second and the 99th percentile.
"""

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import uvloop

from tests.benchmarks.measure import say
from tests.benchmarks.programs import Place, asking

LONGEST_SECONDS = 60


class Caller(asyncio.Protocol):
    """One connection: sends the next request as soon as an answer is whole."""

    def __init__(self, waiting: Iterator[bytes], times: list[float]) -> None:
        self.waiting = waiting
        self.times = times
        self.held = b""
        self.sent_at = 0.0
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self._next()

    def _next(self) -> None:
        wire = next(self.waiting, None)
        if wire is None:
            self.transport.close()
            return
        self.sent_at = time.perf_counter()
        self.transport.write(wire)

    def data_received(self, data: bytes) -> None:
        self.held += data
        head, parted, body = self.held.partition(b"\r\n\r\n")
        if not parted:
            return
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r")[0])
        if len(body) < length:
            return
        if head[9:12] not in (b"200", b"201"):
            self.done.set_exception(RuntimeError(f"answered {head[9:12]!r}: {body!r}"))
            self.transport.close()
            return
        self.times.append(time.perf_counter() - self.sent_at)
        self.held = b""
        self._next()

    def connection_lost(self, failure: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)


async def load(port: int, wires: list[bytes], connections: int) -> tuple[float, float]:
    """Requests a second, and the 99th percentile in milliseconds."""
    times: list[float] = []
    waiting = iter(wires)
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    made = [
        await loop.create_connection(lambda: Caller(waiting, times), "127.0.0.1", port)
        for _ in range(connections)
    ]
    async with asyncio.timeout(LONGEST_SECONDS):
        await asyncio.gather(*(caller.done for _, caller in made))
    spent = time.perf_counter() - began
    if len(times) != len(wires):
        raise RuntimeError(f"{len(wires)} asked, {len(times)} answered")
    return len(times) / spent, sorted(times)[int(len(times) * 0.99)] * 1000


def main() -> None:
    given = json.loads(sys.argv[2])
    place = Place(Path(given["folder"]), given["walled"], given["admin"])
    ask = asking(place)
    say({"ready": True})
    for order in map(json.loads, sys.stdin):
        asked = ask.requests(order["operation"], order["first"], order["count"])
        wires = [one.wire() for one in asked]
        rate, late = uvloop.run(load(int(sys.argv[1]), wires, order["connections"]))
        say({"rate": rate, "p99": late})


if __name__ == "__main__":
    main()
