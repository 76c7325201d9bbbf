"""WAV: the sound and what is needed to play it. Every other chunk (LIST, INFO, bext, id3, iXML)
is left out."""

from struct import pack, unpack_from
from typing import Final

from app.files.unfit import Unfit, unreadable

KEPT: Final = (b"fmt ", b"fact", b"data")
_CODINGS: Final = (1, 3, 6, 7, 0xFFFE)
"""PCM, floats, A-law, µ-law, and the one that says more."""
_UNTOLD: Final = (0, 0xFFFFFFFF)
"""The size of a recording whose recorder never came back to write it."""


def clean(content: bytes) -> bytes:
    """The same sound with nothing said about it. Raises Unfit."""
    kept: dict[bytes, memoryview] = {}
    whole, place = memoryview(content), 12
    while place + 8 <= len(content) and len(kept) < len(KEPT):
        name, size = unpack_from("<4sI", content, place)
        start = place + 8
        if name == b"data" and size in _UNTOLD:
            size = len(content) - start
        if start + size > len(content):
            raise unreadable()
        if name in KEPT:
            kept.setdefault(name, whole[start : start + size])
        place = start + size + size % 2
    if len(kept.get(b"fmt ", b"")) < 16 or not kept.get(b"data"):
        raise unreadable()
    if unpack_from("<H", kept[b"fmt "])[0] not in _CODINGS:
        raise Unfit("files.unknown_sound")
    parts = [part for name in KEPT if name in kept for part in _chunk(name, kept[name])]
    return b"".join((pack("<4sI4s", b"RIFF", 4 + sum(map(len, parts)), b"WAVE"), *parts))


def _chunk(name: bytes, body: memoryview) -> tuple[bytes | memoryview, ...]:
    return pack("<4sI", name, len(body)), body, b"\0" * (len(body) % 2)
