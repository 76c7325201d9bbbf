"""MP3: its frames of sound, one after the other, and nothing that stands before, between or
behind them (ID3, APE, Lyrics3)."""

from typing import Final

from app.files.unfit import require_few, unreadable

MOST_ELSE: Final = 64 * 1024
"""Bytes that are neither sound nor a known tag; with more, it is not what it says."""

_KBITS_1: Final = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0)
_KBITS_2: Final = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0)
_HERTZ: Final = (44100, 48000, 32000, 0)


def clean(content: bytes) -> bytes:
    """The same sound with nothing said about it. Raises Unfit."""
    frames: list[memoryview] = []
    whole, place, other = memoryview(content), 0, 0
    while place < len(content):
        size = _frame(content, place)
        after = place + size
        if size and after <= len(content) and _goes_on(content, after):
            require_few(len(frames))
            frames.append(whole[place:after])
            place = after
            continue
        tag = _tag(content, place)
        if not tag:
            onward = content.find(b"\xff", place + 1)
            tag = (len(content) if onward < 0 else onward) - place
            other += tag
        if other > MOST_ELSE:
            raise unreadable()
        place += tag
    if len(frames) < 2:
        raise unreadable()
    return b"".join(frames)


def _goes_on(content: bytes, place: int) -> bool:
    """Here is the end, or a frame, or a tag: what was before this was a frame indeed."""
    left = len(content) - place
    return left < 4 or bool(_frame(content, place)) or bool(_tag(content, place)) or left < 2048


def _frame(content: bytes, place: int) -> int:
    """The size of the frame of layer III here, in bytes; 0 where there is none."""
    head = content[place : place + 4]
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return 0
    version = head[1] >> 3 & 3
    kbits = (_KBITS_1 if version == 3 else _KBITS_2)[head[2] >> 4]
    hertz = _HERTZ[head[2] >> 2 & 3] >> {3: 0, 2: 1, 0: 2}.get(version, 20)
    if not kbits or not hertz:
        return 0
    return (144_000 if version == 3 else 72_000) * kbits // hertz + (head[2] >> 1 & 1)


def _tag(content: bytes, place: int) -> int:
    """The size of the tag here, in bytes; 0 where there is none."""
    if content.startswith((b"ID3", b"3DI"), place) and len(content) >= place + 10:
        a, b, c, d = content[place + 6 : place + 10]
        footer = 10 if content[place + 5] & 0x10 else 0
        return 10 + ((a & 127) << 21 | (b & 127) << 14 | (c & 127) << 7 | d & 127) + footer
    if content.startswith(b"APETAGEX", place):
        return len(content) - place
    if content.startswith(b"TAG", place) and len(content) - place <= 128 + 227:
        return len(content) - place
    return 0
