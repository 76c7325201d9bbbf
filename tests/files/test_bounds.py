"""The largest file there may be, and how little it takes to keep and to read it."""

import asyncio
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from app.files import uploading
from app.files.uploading import LARGEST
from tests.cast import Cast
from tests.files.sending import announce, part, picture, send, sound

MIB = 1024 * 1024


@contextmanager
def at_most(size: int) -> Iterator[None]:
    """Within, no more than that is held at once beside what was held before."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < size
    finally:
        tracemalloc.stop()


async def test_20_mb_are_kept_in_bounded_memory(harbour: Cast) -> None:
    whole = sound(LARGEST)
    url = (await announce(harbour.cleo, whole, "audio/wav")).headers["location"]
    for offset in range(0, LARGEST - 2 * MIB, MIB):
        await part(harbour.cleo, url, offset, whole[offset : offset + MIB])
    with at_most(6 * MIB):
        await part(harbour.cleo, url, LARGEST - 2 * MIB, whole[-2 * MIB : -MIB])
    with at_most(4 * LARGEST):
        answer = await part(harbour.cleo, url, LARGEST - MIB, whole[-MIB:])
    assert (answer.json()["status"], answer.json()["kept_size"]) == ("ready", LARGEST)


async def test_20_mb_are_read_chunk_by_chunk(harbour: Cast) -> None:
    sent = await send(harbour.cleo, sound(LARGEST), "audio/wav")
    url = f"/v1/me/uploads/{sent['id']}/content"
    scope: dict[str, Any] = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET",
        "path": url, "raw_path": url.encode(), "query_string": b"", "root_path": "",
        "scheme": "http", "server": ("praxis.test", 80), "client": ("::1", 1),
        "headers": [(b"host", b"praxis.test"),
                    (b"authorization", f"Bearer {harbour.cleo.token}".encode())],
    }  # fmt: skip
    heard = 0

    async def receive() -> Any:
        await asyncio.Event().wait()

    async def hear(message: Any) -> None:
        nonlocal heard
        heard += len(message.get("body", b""))

    with at_most(8 * MIB):
        await harbour.clients.app(scope, receive, hear)
    assert heard == LARGEST


async def test_one_clients_files_do_not_fill_the_disk(
    harbour: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploading, "MOST_IN_ALL", len(picture()) + 10)
    assert (await announce(harbour.cleo, picture(), "image/jpeg")).status_code == 201
    more = await announce(harbour.cleo, picture(), "image/jpeg", client_key="phone-0002")
    assert (more.status_code, more.json()["code"]) == (409, "files.no_room")


async def test_the_room_left_is_judged_by_what_is_kept(
    harbour: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    smallest = picture("PNG", optimize=True)
    sent = await send(harbour.cleo, smallest, "image/png")
    assert sent["kept_size"] > len(smallest)
    monkeypatch.setattr(uploading, "MOST_IN_ALL", len(smallest) + sent["kept_size"] - 1)
    more = await announce(harbour.cleo, smallest, "image/png", client_key="phone-0002")
    assert (more.status_code, more.json()["code"]) == (409, "files.no_room")
