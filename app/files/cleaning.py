"""Cleaning: what a file says beside what it shows is taken out before it is kept.

One file at a time, in a thread of its own: a large picture costs seconds of a core and some
400 MB. What finds the queue full is left to the worker (app.files.inspection).
"""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from threading import BoundedSemaphore
from typing import Final

from app.files import mp4, mpeg, ogg, pictures, wav, webm
from app.files.sniffing import MediaType, sniff
from app.files.unfit import Unfit

AT_ONCE: Final = 4
"""One is cleaned, three wait; each holds its file in memory."""

_POOL: Final = ThreadPoolExecutor(1, thread_name_prefix="files")
_PLACES: Final = BoundedSemaphore(AT_ONCE)

_CLEANED: Final[dict[MediaType, Callable[[bytes], bytes]]] = {
    "image/jpeg": partial(pictures.clean, media_type="image/jpeg"),
    "image/png": partial(pictures.clean, media_type="image/png"),
    "image/webp": partial(pictures.clean, media_type="image/webp"),
    "audio/mpeg": mpeg.clean,
    "audio/mp4": mp4.clean,
    "audio/ogg": ogg.clean,
    "audio/webm": webm.clean,
    "audio/wav": wav.clean,
}


@contextmanager
def place() -> Iterator[bool]:
    """A place in the queue, to be held from before the file is in memory until it is not; False
    when there is none."""
    has_place = _PLACES.acquire(blocking=False)
    try:
        yield has_place
    finally:
        if has_place:
            _PLACES.release()


async def clean(content: bytes, announced: str) -> tuple[MediaType, bytes]:
    """What the file is, and the file with nothing in it but what is seen or heard.

    A picture announced as another kind of picture is what it is; so is sound. Raises Unfit.
    """
    found = sniff(content)
    if found is None:
        raise Unfit("files.unknown_type")
    if found.partition("/")[0] != announced.partition("/")[0]:
        raise Unfit("files.other_type")
    loop = asyncio.get_running_loop()
    return found, await loop.run_in_executor(_POOL, _CLEANED[found], content)
