"""A file's content, opened chunk by chunk as it is sent: never in a page, always as a download."""

import re
from collections.abc import AsyncIterator, Mapping
from typing import Any, Final

from starlette.responses import Response, StreamingResponse

from app.core.errors import RangeNotSatisfiable
from app.files.chunks import LARGEST, File
from app.files.inspection import file_of
from app.files.sniffing import SUFFIXES
from app.operation.work import Row, Work

_RANGES: Final[dict[str, Any]] = {
    "Accept-Ranges": {"description": "bytes", "schema": {"type": "string"}},
    "ETag": {
        "description": "a file that is ready never changes",
        "schema": {"type": "string"},
    },
}
_RANGE: Final = re.compile(r"bytes=(\d{1,12})?-(\d{1,12})?")

DESCRIBED: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The file, as a download",
        "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in SUFFIXES},
        "headers": {
            "Content-Disposition": {
                "description": "always an attachment, with a name made of its id",
                "schema": {"type": "string"},
            },
            **_RANGES,
        },
    },
    206: {
        "description": "The part of the file that Range asked for",
        "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in SUFFIXES},
        "headers": {
            "Content-Range": {
                "description": "which bytes these are, and how many there are in all",
                "schema": {"type": "string"},
            },
            **_RANGES,
        },
    },
    416: {"description": "Range not satisfiable: the file ends before it"},
}
"""What an operation that answers with a file says of its answer."""
ASKED: Final[dict[str, Any]] = {
    "parameters": [
        {"name": name, "in": "header", "required": False, "description": words, "schema": shape}
        for name, words, shape in (
            (
                "Range",
                "the one part of the file that is wanted, as `bytes=0-1048575`",
                {"type": "string", "pattern": "^bytes=[0-9]{0,12}-[0-9]{0,12}$"},
            ),
            (
                "If-Range",
                "the ETag of the file a part is held of; the whole comes when it is another",
                {"type": "string", "maxLength": 100},
            ),
        )
    ]
}
"""What such an operation reads besides what all read."""


async def download(work: Work, row: Row) -> Response:
    """Answer with the content of a file that is ready, or with the one range of it asked for.

    The first chunk is opened before anything is answered; what is missing later cuts the answer
    short of its Content-Length. Raises RangeNotSatisfiable for a range beyond the end.
    """
    size, tag = row["kept_size"], f'"{row["id"]}"'
    wanted = _wanted(work.headers, size, tag)
    start, end = wanted or (0, size)
    file, parts = file_of(work, row), list(row["parts"])[start // LARGEST : -(-end // LARGEST)]
    first = await file.read(parts[0])
    name = f"{row['id']}.{SUFFIXES[row['media_type']]}"
    headers = {
        "content-length": str(end - start),
        "accept-ranges": "bytes",
        "etag": tag,
        "content-disposition": f'attachment; filename="{name}"',
        # Should a browser show it after all, it may do nothing there.
        "content-security-policy": "default-src 'none'; sandbox",
    }
    if wanted:
        headers["content-range"] = f"bytes {start}-{end - 1}/{size}"
    content = _opened(first, file, parts[1:], start % LARGEST, end - start)
    return StreamingResponse(content, 206 if wanted else 200, headers, row["media_type"])


def _wanted(headers: Mapping[str, str], size: int, tag: str) -> tuple[int, int] | None:
    """Return the one range asked for, as start and end; None for the whole file.

    Several ranges, other units and a range of another file (If-Range) are answered with the whole
    file, as RFC 9110 allows. Raises RangeNotSatisfiable.
    """
    asked = _RANGE.fullmatch(headers.get("range", "").replace(" ", ""))
    if asked is None or headers.get("if-range", tag) != tag or "if-none-match" in headers:
        return None
    first, last = asked.groups()
    if first is None and last is None:
        return None
    if first is None:
        start, end = max(size - int(last), 0), size
    else:
        start, end = int(first), size if last is None else min(int(last) + 1, size)
        if last is not None and int(last) < int(first):
            return None
    if start >= size or start >= end:
        raise RangeNotSatisfiable(
            "files.range",
            f"The file has {size} bytes, and none of those asked for.",
            headers={"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes"},
        )
    return start, end


async def _opened(
    first: bytes, file: File, rest: list[str], skipped: int, length: int
) -> AsyncIterator[bytes]:
    """Yield `length` bytes, from `skipped` on in the first chunk."""
    left = length
    chunk = first[skipped:]
    for name in (*rest, None):
        yield chunk[:left]
        left -= len(chunk)
        if name is not None:
            chunk = await file.read(name)
