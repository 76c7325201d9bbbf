"""A file's content, opened chunk by chunk as it is sent: never in a page, always as a download."""

from collections.abc import AsyncIterator
from typing import Any, Final

from starlette.responses import Response, StreamingResponse

from app.files.chunks import File
from app.files.sniffing import SUFFIXES
from app.files.uploading import file_of
from app.operation.work import Row, Work

DESCRIBED: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The file, as a download",
        "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in SUFFIXES},
        "headers": {
            "Content-Disposition": {
                "description": "always an attachment, with a name made of its id",
                "schema": {"type": "string"},
            }
        },
    }
}
"""What an operation that answers with a file says of its answer."""


async def download(work: Work, row: Row) -> Response:
    """The content of a file that is ready.

    Its first chunk is opened before anything is answered; what is missing later cuts the answer
    short of its Content-Length.
    """
    file, parts = file_of(work, row), list(row["parts"])
    first = await file.read(parts[0])
    name = f"{row['id']}.{SUFFIXES[row['media_type']]}"
    headers = {
        "content-length": str(row["kept_size"]),
        "content-disposition": f'attachment; filename="{name}"',
        # Should a browser show it after all, it may do nothing there.
        "content-security-policy": "default-src 'none'; sandbox",
    }
    return StreamingResponse(_opened(first, file, parts[1:]), 200, headers, row["media_type"])


async def _opened(first: bytes, file: File, rest: list[str]) -> AsyncIterator[bytes]:
    yield first
    for name in rest:
        yield await file.read(name)
