"""MP4 sound (M4A): the boxes that are needed to play it. Every other one (places, titles, covers,
free space) becomes free space full of zeros, of the same size, so that all offsets hold."""

from struct import unpack_from
from typing import Final

from app.files.unfit import Unfit, require_few, unreadable

DEEPEST: Final = 10

_OPENED: Final = frozenset(
    {b"moov", b"trak", b"edts", b"mdia", b"minf", b"dinf", b"stbl", b"mvex", b"moof", b"traf",
     b"mfra"}
)  # fmt: skip
_KEPT: Final = frozenset(
    {b"ftyp", b"styp", b"mdat", b"sidx", b"mvhd", b"tkhd", b"mdhd", b"hdlr", b"smhd", b"nmhd",
     b"elst", b"dref", b"stsd", b"stts", b"ctts", b"cslg", b"stsc", b"stsz", b"stz2", b"stco",
     b"co64", b"stss", b"sgpd", b"sbgp", b"sdtp", b"subs", b"saiz", b"saio", b"mehd", b"trex",
     b"mfhd", b"tfhd", b"tfdt", b"trun", b"tfra", b"mfro"}
)  # fmt: skip
_TIMED: Final = frozenset({b"mvhd", b"tkhd", b"mdhd"})
_CODINGS: Final = frozenset({b"mp4a", b"Opus", b"alac", b"fLaC"})


def clean(content: bytes) -> bytes:
    """The same sound, byte by byte where it was, with nothing said about it. Raises Unfit."""
    made = bytearray(content)
    seen: list[tuple[bytes, int, int]] = []
    _walk(made, 0, len(made), 0, seen)
    names = {name for name, _, _ in seen}
    kinds = [bytes(made[start + 8 : start + 12]) for name, start, _ in seen if name == b"hdlr"]
    if not {b"ftyp", b"moov", b"mdat"} <= names or not kinds:
        raise unreadable()
    if any(kind != b"soun" for kind in kinds):
        raise Unfit("files.not_sound_alone")
    for name, start, end in seen:
        if name == b"stsd" and bytes(made[start + 12 : start + 16]) not in _CODINGS:
            raise Unfit("files.unknown_sound")
        if name in _TIMED:
            _forget_times(made, start, end)
        elif name == b"hdlr":
            # What follows the kind and three reserved words is a name, in anybody's words.
            _blank(made, min(start + 24, end), end)
    return bytes(made)


def _walk(
    made: bytearray, place: int, end: int, depth: int, seen: list[tuple[bytes, int, int]]
) -> None:
    """Look at the boxes from `place` to `end`; note those kept, as name and extent of content."""
    if depth > DEEPEST:
        raise unreadable()
    while place < end:
        if end - place < 8:
            _blank(made, place, end)
            return
        size, name = unpack_from(">I4s", made, place)
        start = place + 8
        if size == 1:
            if end - start < 8:
                raise unreadable()
            size = unpack_from(">Q", made, start)[0]
            start += 8
        elif size == 0 and depth == 0:
            size = end - place
        require_few(len(seen))
        after = place + size
        if after < start or after > end:
            raise unreadable()
        if name in _OPENED:
            seen.append((name, start, after))
            _walk(made, start, after, depth + 1, seen)
        elif name in _KEPT:
            seen.append((name, start, after))
        else:
            seen.append((b"free", start, after))
            made[place + 4 : place + 8] = b"free"
            _blank(made, start, after)
        place = after


def _forget_times(made: bytearray, start: int, end: int) -> None:
    """When it was recorded and changed: two numbers after version and flags."""
    if end - start < 4:
        raise unreadable()
    _blank(made, start + 4, min(start + (20 if made[start] == 1 else 12), end))


def _blank(made: bytearray, start: int, end: int) -> None:
    made[start:end] = bytes(end - start)
