"""Why a file is not taken: a stable code, and what its sender can do about it."""

from typing import Final

from app.files.sniffing import ACCEPTED

WORDS: Final = {
    "files.unknown_type": f"This is none of what is taken here: {ACCEPTED}.",
    "files.other_type": "It was announced as sound and is a picture, or the other way round."
    " Send it again as what it is.",
    "files.unreadable": "The file is damaged, or an end is missing. Save or record it anew and"
    " send that.",
    "files.too_many_pixels": "A picture has at most 50 million pixels, a WebP 16 million."
    " Send a smaller one.",
    "files.not_sound_alone": "There is more in it than one sound, such as video. Send the sound"
    " alone.",
    "files.unknown_sound": f"The sound in it is coded in a way that is not taken here: {ACCEPTED}.",
    "files.too_many_parts": "The recording is cut into too many parts. Save it anew, or send it in"
    " shorter pieces.",
    "files.lost": "A part of it was lost on our side. Please send it again under a fresh"
    " client_key.",
}


MOST_PARTS: Final = 400_000
"""Frames, pages, boxes or elements of one recording: two hours and more of any that is taken. A
file made of the smallest there are would keep a core busy for a minute."""


class Unfit(Exception):
    """A file that is not taken. `code` is one of `WORDS`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def require_few(parts: int) -> None:
    """Raise Unfit for a file of more parts than `MOST_PARTS`."""
    if parts > MOST_PARTS:
        raise Unfit("files.too_many_parts")


def unreadable() -> Unfit:
    """The file breaks the rules of what it says it is."""
    return Unfit("files.unreadable")
