"""WebM sound: the elements that are needed to play it. Every other one (tags, titles, dates,
attachments) becomes a Void of the same size, full of zeros, so that all positions hold."""

from typing import Final

from app.files.unfit import Unfit, require_few, unreadable

_SEGMENT, _CLUSTER = 0x18538067, 0x1F43B675
_OPENED: Final = frozenset(
    {0x1A45DFA3, _SEGMENT, _CLUSTER, 0x114D9B74, 0x4DBB, 0x1549A966, 0x1654AE6B, 0xAE, 0xE1, 0xA0,
     0x1C53BB6B, 0xBB, 0xB7}
)  # fmt: skip
"""Header, segment, cluster; where things are; information; tracks, a track, its sound; blocks'
groups; cues."""
_KEPT: Final = frozenset(
    {0x4286, 0x42F7, 0x42F2, 0x42F3, 0x4282, 0x4287, 0x4285,
     0x53AB, 0x53AC, 0x2AD7B1, 0x4489,
     0xD7, 0x73C5, 0x83, 0xB9, 0x88, 0x55AA, 0x9C, 0x86, 0x63A2, 0x56AA, 0x56BB, 0x23E383,
     0xB5, 0x78B5, 0x9F, 0x6264,
     0xE7, 0xA3, 0xA1, 0x9B, 0xFB, 0x75A2, 0xAB, 0xA7,
     0xB3, 0xF7, 0xF1, 0xF0, 0x5378}
)  # fmt: skip
_BLANKED: Final = frozenset({0x4D80, 0x5741})
"""Which programs made it: they must be there, and may be empty."""
_DOC_TYPE, _TRACK_TYPE, _CODEC = 0x4282, 0x83, 0x86
_SOUND: Final = 2


def clean(content: bytes) -> bytes:
    """The same sound with nothing said about it. Raises Unfit."""
    made = bytearray(content)
    said: dict[int, list[bytes]] = {_DOC_TYPE: [], _TRACK_TYPE: [], _CODEC: []}
    place = elements = 0
    while place < len(made):
        elements += 1
        require_few(elements)
        # An opened element's parts follow at once: one walk through the file meets them all.
        name, after_name = _name(made, place)
        size, start = _size(made, after_name)
        if name in _OPENED:
            if size is None and name not in (_SEGMENT, _CLUSTER):
                raise unreadable()
            place = start
            continue
        if size is None or start + size > len(made):
            raise unreadable()
        end = start + size
        if name in said:
            said[name].append(bytes(made[start:end]).rstrip(b"\0"))
        if name in _BLANKED:
            made[start:end] = bytes(size)
        elif name not in _KEPT:
            made[place:end] = _void(end - place)
        place = end
    _demand_sound(said)
    return bytes(made)


def _demand_sound(said: dict[int, list[bytes]]) -> None:
    if said[_DOC_TYPE] != [b"webm"] or not said[_TRACK_TYPE]:
        raise unreadable()
    if any(int.from_bytes(kind, "big") != _SOUND for kind in said[_TRACK_TYPE]):
        raise Unfit("files.not_sound_alone")
    if any(codec != b"A_OPUS" for codec in said[_CODEC]) or not said[_CODEC]:
        raise Unfit("files.unknown_sound")


def _name(made: bytearray, place: int) -> tuple[int, int]:
    """An element's id, its marker bits included, and where it ends."""
    length = 9 - made[place].bit_length()
    if length > 4 or place + length > len(made):
        raise unreadable()
    return int.from_bytes(made[place : place + length], "big"), place + length


def _size(made: bytearray, place: int) -> tuple[int | None, int]:
    """An element's size, None where it is not told, and where its content begins."""
    if place >= len(made):
        raise unreadable()
    length = 9 - made[place].bit_length()
    if length > 8 or place + length > len(made):
        raise unreadable()
    value = int.from_bytes(made[place : place + length], "big") - (1 << 7 * length)
    untold = value == (1 << 7 * length) - 1
    return None if untold else value, place + length


def _void(size: int) -> bytes:
    """A Void element of `size` bytes in all, at least 2."""
    if size < 9:
        return bytes((0xEC, 0x80 | size - 2)) + bytes(size - 2)
    return b"\xec" + (1 << 56 | size - 9).to_bytes(8, "big") + bytes(size - 9)
