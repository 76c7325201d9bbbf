"""What an attacker sends, as a process of its own: `python -m tests.abuse_attacks NAME`.

It reads where to and as whom from its input, says `on` once it has begun, goes on until it is
ended, and then says how often it did what it does. It needs nothing but the standard library.
"""

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any

MIB = 1024 * 1024
BLANK = b" " * MIB
PARTS = b"%x\r\n%b\r\n" % (MIB, BLANK)


class Attacker:
    """One caller who means no good."""

    def __init__(self, known: dict[str, Any]) -> None:
        self.port: int = known["port"]
        self.tokens: list[str] = known["tokens"]
        self.client_ids: list[str] = known["client_ids"]
        self.slot: str = known["slot"]
        self.version_id: str = known["version_id"]
        self.picture = Path(known["picture"]).read_bytes()
        self.done = 0
        self.answers: dict[int, int] = {}

    @cached_property
    def much_work(self) -> list[tuple[str, bytes]]:
        """Requests that are."""
        never = {"kind": "monthly", "every": 12, "day": 30, "starts_on": "2027-02-01"}
        wanted = {"exercise_id": self.version_id, "schedule": never}
        items: list[Any] = [
            {"kind": "assignment", "client_key": f"abuse-{number:05}", "body": wanted}
            for number in range(500)
        ]
        unknown = {f"k{number:06}": number for number in range(49_000)}
        ninety = {f"k{number}": number for number in range(90)}
        draft = {"exercise_version_id": self.version_id}
        sync = {"zone": "Europe/Berlin", "sent_at": "2026-11-26T09:00:00Z"}
        put = f"PUT /v1/me/occurrences/{self.slot}/draft"
        found: list[tuple[str, Any]] = [
            ("POST /v1/me/assignments", unknown),
            (put, draft | {"answers": {"rows": [{}] * 300_000}}),
            (put, draft | {"answers": {"rows": [{}] * 24_000}}),
            (put, draft | {"answers": {"words": "\ud83d" * 100_000}}),
            (put, unknown | {"a": [[[[]]]] * 10}),
        ]
        for client_id in self.client_ids:
            batch = sync | {"client_id": client_id}
            found += [
                ("POST /v1/me/sync", batch | {"items": items}),
                ("POST /v1/me/sync", batch | {"items": [unknown]}),
                ("POST /v1/me/sync", batch | {"items": [ninety] * 500}),
            ]
        return [(line, json.dumps(body).encode()) for line, body in found]

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self.port)

    def head(self, line: str, *fields: str, known: int | None = 0) -> bytes:
        who = () if known is None else (f"Authorization: Bearer {self.tokens[known]}",)
        return "\r\n".join((f"{line} HTTP/1.1", "Host: praxis", *who, *fields, "", "")).encode()

    async def ask(
        self, line: str, body: bytes, kind: str = "application/json", known: int = 0, **more: str
    ) -> Any:
        """One whole request; the parsed answer."""
        reader, writer = await self.connect()
        fields = [f"Content-Type: {kind}", f"Content-Length: {len(body)}", "Connection: close"]
        fields += [f"{name.replace('_', '-')}: {value}" for name, value in more.items()]
        try:
            writer.write(self.head(line, *fields, known=known) + body)
            answer = await reader.read()
        finally:
            writer.close()
        head, _, said = answer.partition(b"\r\n\r\n")
        status = int(head.split(b" ")[1])
        self.answers[status] = self.answers.get(status, 0) + 1
        self.done += 1
        return json.loads(said) if said[:1] == b"{" else None


async def large_bodies(who: Attacker, number: int) -> None:
    """300 MiB, by each method in turn, with and without a token."""
    method = ("HEAD", "DELETE", "GET", "POST", "PUT", "OPTIONS", "PATCH", "BREW")[number % 8]
    path = ("/v1/me/goals", f"/v1/me/occurrences/{who.slot}/draft", "/v1/nowhere")[number % 3]
    _, writer = await who.connect()
    fields = ("Transfer-Encoding: chunked", "Content-Type: application/json")
    with contextlib.suppress(ConnectionError):
        writer.write(
            who.head(f"{method} {path}", *fields, known=None if number % 4 == 3 else number % 2)
        )
        for _ in range(300):
            writer.write(PARTS)
            await writer.drain()
    writer.close()


async def trickling_bodies(who: Attacker, number: int) -> None:
    """One byte of a body, and then another one."""
    method = ("DELETE", "HEAD", "POST", "PUT")[number % 4]
    _, writer = await who.connect()
    fields = ("Content-Length: 1000", "Content-Type: application/json")
    path = f"/v1/me/occurrences/{who.slot}/draft"
    with contextlib.suppress(ConnectionError):
        writer.write(who.head(f"{method} {path}", *fields, known=None if number % 2 else 0))
        for _ in range(900):
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.1)
    writer.close()


async def large_heads(who: Attacker, number: int) -> None:
    """148 MiB of fields, of one field, of an address, or of fields after the body."""
    start, part = (
        (b"GET /livez HTTP/1.1\r\nHost: x\r\n", b"a: b\r\n" * 10_000),
        (b"GET /livez HTTP/1.1\r\nHost: x\r\na: ", b"b" * 60_000),
        (b"GET /", b"x" * 60_000),
        (b"GET /livez HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
         b"a: b\r\n" * 10_000),
    )[number % 4]  # fmt: skip
    _, writer = await who.connect()
    with contextlib.suppress(ConnectionError):
        writer.write(start)
        for _ in range(148 * MIB // len(part)):
            writer.write(part)
            await writer.drain()
    writer.close()


async def half_open(who: Attacker, number: int) -> None:
    """Half a head, or nothing at all, for as long as it is borne."""
    reader, writer = await who.connect()
    with contextlib.suppress(ConnectionError):
        writer.write(b"GET /livez HTTP/1.1\r\nHost: x\r\n" if number % 2 else b"")
        await reader.read()
    writer.close()


async def many_connections(who: Attacker, number: int) -> None:
    """More connections than there may be, each asking once and staying."""
    reader, writer = await who.connect()
    with contextlib.suppress(ConnectionError):
        writer.write(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")
        await reader.read()
    writer.close()


async def unread_answers(who: Attacker, number: int) -> None:
    """The description again and again, and none of it is read."""
    _, writer = await who.connect()
    writer.transport.pause_reading()  # type: ignore[attr-defined]
    with contextlib.suppress(ConnectionError):
        for turn in range(1000):
            # Each host has a description of its own.
            host = b"Host: x%d-%d\r\n\r\n" % (number, turn)
            writer.write((b"GET /openapi.json HTTP/1.1\r\n" + host) * 15)
            await writer.drain()
            await asyncio.sleep(0.05)
    writer.close()


async def small_pieces(who: Attacker, number: int) -> None:
    """A body in pieces of one byte each."""
    _, writer = await who.connect()
    fields = ("Transfer-Encoding: chunked", "Content-Type: application/json")
    with contextlib.suppress(ConnectionError):
        writer.write(who.head(f"PUT /v1/me/occurrences/{who.slot}/draft", *fields))
        for _ in range(200):
            writer.write(b"1\r\n \r\n" * 10_000)
            await writer.drain()
    writer.close()


async def freezing_requests(who: Attacker, number: int) -> None:
    """Requests within all bounds of size that are much work."""
    line, body = who.much_work[number % len(who.much_work)]
    for key in ("one", "two"):
        once = f"abuse-{number}-{key}"
        await who.ask(line, body, known=number // 8 % 2, Idempotency_Key=once)


async def files(who: Attacker, number: int) -> None:
    """Pictures that are much work to clean, one after the other."""
    content = who.picture
    asked = {
        "client_key": f"abuse-file-{os.getpid()}-{number}",
        "media_type": "image/png",
        "size": len(content),
    }
    made = await who.ask("POST /v1/me/uploads", json.dumps(asked).encode())
    if made is None or "id" not in made:
        await asyncio.sleep(0.2)
        return
    for offset in range(0, len(content), MIB):
        part = content[offset : offset + MIB]
        where = f"PATCH /v1/me/uploads/{made['id']}"
        kind = "application/offset+octet-stream"
        await who.ask(where, part, kind, Upload_Offset=str(offset))


ATTACKS: dict[str, tuple[Callable[[Attacker, int], Awaitable[None]], int]] = {
    "large_bodies": (large_bodies, 6),
    "trickling_bodies": (trickling_bodies, 64),
    "large_heads": (large_heads, 8),
    "half_open": (half_open, 1200),
    "many_connections": (many_connections, 1200),
    "unread_answers": (unread_answers, 30),
    "small_pieces": (small_pieces, 4),
    "files": (files, 6),
    "freezing_requests": (freezing_requests, 16),
}
"""What each does, and how many of it at once."""


async def _attack(name: str, known: dict[str, Any]) -> None:
    act, at_once = ATTACKS[name]
    who, numbers = Attacker(known), count()
    if act is freezing_requests:
        assert who.much_work
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)

    async def again_and_again() -> None:
        while True:
            try:
                await act(who, next(numbers))
                who.done += 1
            except (OSError, asyncio.IncompleteReadError, IndexError):
                await asyncio.sleep(0.02)

    attackers = [asyncio.ensure_future(again_and_again()) for _ in range(at_once)]
    sys.stdout.write("on\n")
    sys.stdout.flush()
    await ended.wait()
    for one in attackers:
        one.cancel()
    sys.stdout.write(json.dumps({"begun": next(numbers), "answers": who.answers}) + "\n")


if __name__ == "__main__":
    # Whoever attacks has a machine of their own; here both share one.
    os.nice(10)
    asyncio.run(_attack(sys.argv[1], json.load(sys.stdin)))
