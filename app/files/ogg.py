"""Ogg with Opus: its packet of comments (titles, places, covers) is blanked where it stands, so
that every page keeps its size and number."""

from collections.abc import Iterator
from struct import Struct
from typing import Final, NamedTuple

from app.files.unfit import Unfit, require_few, unreadable

_HEAD: Final = Struct("<4sBBqIIIB")
_CRC_AT: Final = 22
_STARTS: Final = 2
_BLANK_TAGS: Final = b"OpusTags" + bytes(8)
"""No vendor, no comments; what follows in the packet is padding (RFC 7845, section 5.2)."""


class Page(NamedTuple):
    """Where a page stands, and what its header says."""

    start: int
    body: int
    end: int
    flags: int
    serial: int
    sizes: bytes


def clean(content: bytes) -> bytes:
    """The same sound with nothing said about it. Raises Unfit."""
    pages: list[Page] = []
    for page in _pages(content):
        require_few(len(pages))
        pages.append(page)
    if not pages:
        raise unreadable()
    first = pages[0]
    if not content.startswith(b"OpusHead", first.body):
        raise Unfit("files.unknown_sound")
    if any(page.serial != first.serial or page.flags & _STARTS for page in pages[1:]):
        raise Unfit("files.not_sound_alone")
    tags = _comments(pages[1:])
    packet = sum(page.end - page.body for page in tags)
    if packet < len(_BLANK_TAGS) or not content.startswith(b"OpusTags", tags[0].body):
        raise unreadable()
    made = bytearray(content[: pages[-1].end])
    blank = memoryview(_BLANK_TAGS + bytes(packet - len(_BLANK_TAGS)))
    for page in tags:
        size = page.end - page.body
        made[page.body : page.end] = blank[:size]
        blank = blank[size:]
        made[page.start + _CRC_AT : page.start + _CRC_AT + 4] = bytes(4)
        checked = _crc(made[page.start : page.end]).to_bytes(4, "little")
        made[page.start + _CRC_AT : page.start + _CRC_AT + 4] = checked
    return bytes(made)


def _pages(content: bytes) -> Iterator[Page]:
    place = 0
    while content.startswith(b"OggS", place):
        if len(content) < place + _HEAD.size:
            raise unreadable()
        _, version, flags, _, serial, _, _, many = _HEAD.unpack_from(content, place)
        body = place + _HEAD.size + many
        sizes = content[place + _HEAD.size : body]
        end = body + sum(sizes)
        if version != 0 or end > len(content):
            raise unreadable()
        yield Page(place, body, end, flags, serial, sizes)
        place = end


def _comments(pages: list[Page]) -> list[Page]:
    """The pages of the second packet, which has pages of its own. Raises Unfit when it has not."""
    for many, page in enumerate(pages, 1):
        ends = [number for number, size in enumerate(page.sizes, 1) if size < 255]
        if ends:
            if ends != [len(page.sizes)]:
                raise unreadable()
            return pages[:many]
    raise unreadable()


def _table() -> tuple[int, ...]:
    made = []
    for byte in range(256):
        value = byte << 24
        for _ in range(8):
            value = (value << 1 ^ (0x04C11DB7 if value & 0x80000000 else 0)) & 0xFFFFFFFF
        made.append(value)
    return tuple(made)


_TABLE: Final = _table()


def _crc(page: bytes | bytearray) -> int:
    """Ogg's own checksum of a page (RFC 3533, section 6): not reflected, from zero."""
    value = 0
    for byte in page:
        value = (value << 8 & 0xFFFFFFFF) ^ _TABLE[value >> 24 ^ byte]
    return value
