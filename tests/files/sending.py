"""How tests send files, and the files they send."""

from io import BytesIO
from pathlib import Path
from struct import pack
from typing import Any

import httpx
from PIL import Image

from tests.cast import Person

PART = "application/offset+octet-stream"
SAMPLES = Path(__file__).parent / "samples"
"""Half a second each, made by a recorder that wrote a title, a place, a date and a name."""


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def picture(form: str = "JPEG", size: tuple[int, int] = (60, 40), **more: Any) -> bytes:
    """Red on the left, blue on the right."""
    drawn = Image.new("RGB", size, "blue")
    drawn.paste("red", (0, 0, size[0] // 2, size[1]))
    made = BytesIO()
    drawn.save(made, form, **more)
    return made.getvalue()


def placed() -> Image.Exif:
    """What a telephone writes of a photo: where, when, by what, and that it lies on its side."""
    said = Image.Exif()
    said[0x0112] = 6
    said[0x010F] = "Secretphone"
    said[0x0132] = "2026:11:01 10:00:00"
    said.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 18.0)})
    return said


def sound(size: int) -> bytes:
    """A WAV file of exactly that many bytes."""
    body = size - 44
    head = pack("<4sI4s4sIHHIIHH4sI", b"RIFF", size - 8, b"WAVE", b"fmt ", 16, 1, 1, 8000, 8000,
                1, 8, b"data", body)  # fmt: skip
    return head + bytes(body)


async def announce(who: Person, content: bytes, kind: str, **more: Any) -> httpx.Response:
    asked = {"client_key": "phone-0001", "media_type": kind, "size": len(content)} | more
    return await who.http.post("/v1/me/uploads", json=asked)


async def part(who: Person, url: str, offset: int, content: bytes) -> httpx.Response:
    headers = {"Upload-Offset": str(offset), "Content-Type": PART}
    return await who.http.patch(url, content=content, headers=headers)


async def send(
    who: Person, content: bytes, kind: str, *, size: int = 1024 * 1024, **more: Any
) -> dict[str, Any]:
    """Announce a file and send all of it; what the last answer said."""
    url = (await announce(who, content, kind, **more)).headers["location"]
    answer = await part(who, url, 0, content[:size])
    for offset in range(size, len(content), size):
        answer = await part(who, url, offset, content[offset : offset + size])
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def content(who: Person, upload_id: str) -> httpx.Response:
    return await who.http.get(f"/v1/me/uploads/{upload_id}/content")
