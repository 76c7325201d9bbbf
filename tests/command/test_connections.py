"""The server under a real socket: what callers send that is too much, too slow or too often."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import pytest

from app.command import serving
from app.command.connections import Bounds
from app.settings import Settings
from app.vault.keyfile import Keys

LIVE = b"GET /livez HTTP/1.1\r\nHost: x\r\n"
FEW = Bounds(
    connections=4, head_fields=20, pipelined=3, head_seconds=0.3, request_seconds=0.3,
    idle_seconds=1, answer_seconds=0.3,
)  # fmt: skip
ROOMY = Bounds(connections=4)


@dataclass(slots=True)
class Caller:
    """One connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def say(self, *words: bytes) -> None:
        with contextlib.suppress(ConnectionError):
            for one in words:
                self.writer.write(one)
                await self.writer.drain()

    async def hear(self) -> bytes:
        """Everything until the server ends the connection."""
        with contextlib.suppress(ConnectionError):
            return await self.reader.read()
        return b""

    async def status(self) -> int:
        """The status of the next answer; 0 where the connection ended."""
        try:
            head = await self.reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            return 0
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        await self.reader.readexactly(int(length or 0))
        return int(head.split(b" ")[1])

    async def ask(self) -> int:
        await self.say(LIVE + b"\r\n")
        return await self.status()


Connect = Callable[[], Awaitable[Caller]]
Serve = Callable[[Bounds], contextlib.AbstractAsyncContextManager[Connect]]


@pytest.fixture
def serve(settings: Settings, application_dsn: str, keys: Keys) -> Serve:
    @asynccontextmanager
    async def served(bounds: Bounds) -> AsyncIterator[Connect]:
        ready = asyncio.Event()
        api = serving.api(settings, application_dsn, keys, ready.set, bounds)
        listener = socket.create_server(("127.0.0.1", 0))
        running = asyncio.create_task(api.serve(sockets=[listener]))
        await ready.wait()
        open_ones: list[Caller] = []

        async def connect() -> Caller:
            one = socket.socket()
            # Little fits between the two ends, so that whoever does not read is noticed.
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            one.setblocking(False)
            await asyncio.get_running_loop().sock_connect(one, listener.getsockname())
            open_ones.append(Caller(*await asyncio.open_connection(sock=one)))
            return open_ones[-1]

        try:
            yield connect
        finally:
            for one in open_ones:
                one.writer.close()
            api.stop()
            await running

    return served


async def test_a_head_over_its_bound_is_refused_and_one_within_is_not(serve: Serve) -> None:
    async with serve(ROOMY) as connect:
        within = await connect()
        await within.say(LIVE, b"X-Long: " + b"x" * 63 * 1024 + b"\r\n\r\n")
        assert await within.status() == 200
        for head in (
            LIVE + b"X-Long: " + b"x" * 64 * 1024 + b"\r\n\r\n",
            LIVE + b"X-Never-Ends: " + b"x" * 80 * 1024,
            b"GET /livez?" + b"x" * 80 * 1024,
            LIVE + b"a: b\r\n" * 200 + b"\r\n",
        ):
            caller = await connect()
            await caller.say(head)
            answer = await caller.hear()
            assert answer.startswith(b"HTTP/1.1 431 "), answer[:100]
            assert b'"code":"wire.head_too_large"' in answer


async def test_fields_after_a_body_are_fields_too(serve: Serve) -> None:
    async with serve(ROOMY) as connect:
        caller = await connect()
        await caller.say(LIVE, b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"a: b\r\n" * 50_000)
        assert (await caller.hear()).count(b"HTTP/1.1") <= 1


async def test_half_a_head_is_given_up(serve: Serve) -> None:
    async with serve(FEW) as connect:
        silent, half = await connect(), await connect()
        await half.say(LIVE)
        assert (await half.hear()).startswith(b"HTTP/1.1 408 ")
        assert await silent.hear() == b""


async def test_a_body_that_is_still_trickling_after_its_answer_is_given_up(serve: Serve) -> None:
    async with serve(FEW) as connect:
        caller = await connect()
        await caller.say(b"POST /v1/clients HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n{")
        assert await caller.status() == 401
        assert await caller.hear() == b""


async def test_what_follows_a_refused_body_is_dropped_up_to_a_bound(serve: Serve) -> None:
    async with serve(ROOMY) as connect:
        small, large = await connect(), await connect()
        head = b"POST /v1/clients HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"
        await small.say(head % 1_500_000, b" " * 1_500_000)
        assert await small.status() == 401
        assert await small.ask() == 200
        await large.say(head % 90_000_000)
        assert await large.status() == 401
        await large.say(*[b" " * 1_000_000] * 90)
        assert large.writer.transport.is_closing()


async def test_a_body_in_very_small_pieces_is_cut_off(serve: Serve) -> None:
    async with serve(ROOMY) as connect:
        caller = await connect()
        head = b"POST /v1/auth/sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        await caller.say(head + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n" * 200_000)
        assert caller.writer.transport.is_closing() or await caller.hear() == b""


async def test_a_request_that_was_answered_is_not_answered_again(serve: Serve) -> None:
    async with serve(ROOMY) as connect:
        caller = await connect()
        head = b"POST /v1/clients HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        await caller.say(head)
        assert await caller.status() == 401
        await caller.say(b"not a chunk\r\n")
        assert await caller.hear() == b""


async def test_answers_that_are_not_awaited_are_bounded(serve: Serve) -> None:
    async with serve(FEW) as connect:
        two, many = await connect(), await connect()
        await two.say((LIVE + b"\r\n") * 2)
        assert [await two.status(), await two.status()] == [200, 200]
        await many.say((LIVE + b"\r\n") * 1000)
        assert (await many.hear()).count(b"HTTP/1.1 200") <= FEW.pipelined + 1


async def test_an_idle_connection_is_kept_for_the_next_request_and_not_for_ever(
    serve: Serve,
) -> None:
    async with serve(FEW) as connect:
        caller = await connect()
        assert await caller.ask() == 200
        ended = asyncio.ensure_future(caller.hear())
        done, _ = await asyncio.wait({ended}, timeout=2 * FEW.head_seconds)
        assert not done
        assert await ended == b""


async def test_who_does_not_read_the_answer_is_cut_off(serve: Serve) -> None:
    async with serve(replace(FEW, pipelined=16)) as connect:
        caller = await connect()
        caller.writer.transport.pause_reading()  # type: ignore[attr-defined]
        await caller.say(b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * 16)
        async with asyncio.timeout(10):
            # What is written is refused once the other end is gone.
            while not caller.writer.transport.is_closing():
                await caller.say(b"\r\n")
                await asyncio.sleep(0)


async def test_who_has_waited_longest_makes_room(serve: Serve) -> None:
    async with serve(ROOMY) as connect:
        first = await connect()
        await first.say(LIVE)
        others = [await connect() for _ in range(ROOMY.connections)]
        assert [await one.ask() for one in others] == [200] * ROOMY.connections
        assert await first.hear() == b""
        assert await (await connect()).ask() == 200


async def test_whose_body_comes_is_the_last_to_make_room(serve: Serve) -> None:
    async with serve(ROOMY) as connect:
        writing = await connect()
        head = b"POST /v1/auth/sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        await writing.say(head + b"Content-Length: 2\r\n\r\n{")
        for _ in range(ROOMY.connections * 2):
            assert await (await connect()).ask() == 200
        await writing.say(b"}")
        assert await writing.status() == 422
