"""Compression of answers: gzip, for those who ask for it.

Safe beside TLS (BREACH, 2013) because three things do not come together here. A caller sends its
token in a header that no other site can make a browser send, so nobody makes somebody else ask;
no answer repeats what its own request said; and answers that hold secrets (tokens, codes) are
never compressed: `app.operation.answers` names them.
"""

import re
import zlib
from functools import lru_cache
from typing import Final

SMALLEST: Final = 1024
"""Bytes up to which compressing costs more than it saves."""
FASTEST: Final = 1
USUAL: Final = 6
"""For what is compressed once and sent often: a third smaller, in three times the time."""
_AS_GZIP: Final = 31
_LONGEST: Final = 200
_CODING: Final = re.compile(
    r"\s*([A-Za-z0-9*_-]+)\s*(?:;\s*[qQ]\s*=\s*([01](?:\.[0-9]{0,3})?)\s*)?"
)


def accepts_gzip(accept_encoding: str) -> bool:
    """Return whether this Accept-Encoding asks for gzip, with its q-values heard."""
    return len(accept_encoding) <= _LONGEST and _accepts(accept_encoding)


@lru_cache(maxsize=64)
def _accepts(accept_encoding: str) -> bool:
    weights: dict[str, float] = {}
    for one in accept_encoding.split(","):
        matched = _CODING.fullmatch(one)
        if matched is not None:
            weights[matched[1].lower()] = float(matched[2] or 1)
    wanted = weights.get("gzip", weights.get("x-gzip", weights.get("*", 0.0)))
    return wanted > 0 and wanted >= weights.get("identity", 0.0)


def gzip(body: bytes, level: int = FASTEST) -> bytes:
    """Return the body compressed: at the lowest level, which takes 0.1 ms for 16 KiB of JSON."""
    making = zlib.compressobj(level, zlib.DEFLATED, _AS_GZIP)
    return making.compress(body) + making.flush()
