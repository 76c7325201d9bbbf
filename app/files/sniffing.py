"""What a file is, told by its content. Its name and what its sender calls it decide nothing."""

from typing import Final, Literal, get_args

MediaType = Literal[
    "image/jpeg", "image/png", "image/webp",
    "audio/mpeg", "audio/mp4", "audio/ogg", "audio/webm", "audio/wav",
]  # fmt: skip
"""What is taken. Everything else is refused."""

TAKEN: Final = frozenset(get_args(MediaType))
ACCEPTED: Final = (
    "pictures as JPEG, PNG or WebP, and voice notes as MP3, M4A (MP4 sound), Ogg Opus, WebM or WAV"
)
SUFFIXES: Final[dict[str, str]] = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/ogg": "ogg",
    "audio/webm": "webm",
    "audio/wav": "wav",
}

_OTHER_NAMES: Final[dict[str, MediaType]] = {
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "audio/mp3": "audio/mpeg",
    "audio/m4a": "audio/mp4",
    "audio/x-m4a": "audio/mp4",
    "video/mp4": "audio/mp4",
    "audio/opus": "audio/ogg",
    "application/ogg": "audio/ogg",
    "video/webm": "audio/webm",
    "audio/wave": "audio/wav",
    "audio/x-wav": "audio/wav",
    "audio/vnd.wave": "audio/wav",
}
"""What devices also call the types that are taken."""

_RIFF: Final[dict[bytes, MediaType]] = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}
_SOUND_BRANDS: Final = (
    b"M4A ", b"M4B ", b"mp41", b"mp42", b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"dash",
)  # fmt: skip


def named(written: str) -> str:
    """The media type as it is known here: without parameters, in lower case, by its usual name."""
    bare = written.partition(";")[0].strip().lower()
    return _OTHER_NAMES.get(bare, bare)


def sniff(content: bytes) -> MediaType | None:
    """The type this content is, of those that are taken; None for any other.

    Only its beginning is looked at: that the rest keeps the promise is found out when it is
    cleaned.
    """
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"OggS"):
        return "audio/ogg"
    if content.startswith(b"\x1a\x45\xdf\xa3"):
        return "audio/webm"
    if content.startswith(b"RIFF"):
        return _RIFF.get(content[8:12])
    if content[4:8] == b"ftyp":
        return "audio/mp4" if content[8:12] in _SOUND_BRANDS else None
    if content.startswith(b"ID3") or _is_layer_three(content):
        return "audio/mpeg"
    return None


def _is_layer_three(content: bytes) -> bool:
    """An MPEG sound frame's sync, of layer III."""
    return len(content) > 1 and content[0] == 0xFF and content[1] & 0xE6 == 0xE2
