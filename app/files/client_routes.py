"""Files at the client door: voice notes and pictures, sent in parts that a cut does not lose."""

import re
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.access.permissions import Permission
from app.core.errors import Invalid
from app.core.wire import json
from app.files import reading, uploading
from app.files.inspection import inspect
from app.files.schemas import MyUploadOut, UploadCreate
from app.operation.after_commit import AfterCommit
from app.operation.frame import Framed, Working
from app.operation.marks import may
from app.operation.work import Row, Work

mine = APIRouter(prefix="/v1/me", tags=["files"], route_class=Framed)

PART: Final = ("application/offset+octet-stream", "application/octet-stream")
"""The first is the resumable protocol's own; generated clients know the second."""
_NUMBER: Final = re.compile("[0-9]{1,12}")


def _told(*names: str) -> dict[str, Any]:
    words = {
        "Upload-Offset": "how many bytes have arrived: where to go on",
        "Upload-Length": "how many bytes there are in all",
        "Location": "where the upload is read and continued",
    }
    return {
        name: {"description": words[name], "schema": {"type": "string"}} for name in sorted(names)
    }


_WHERE: Final = _told("Upload-Offset", "Upload-Length")


@mine.post(
    "/uploads",
    response_model=MyUploadOut,
    status_code=201,
    responses={
        200: {"model": MyUploadOut, "description": "Announced before, under this key"},
        201: {"headers": _told("Location", *_WHERE)},
    },
)
@may(Permission.my_homework_submit, replays=False)
async def create_my_upload(work: Working, asked: UploadCreate) -> Response:
    """Announce a voice note or a picture. Its bytes follow in parts, to the address that is
    answered. Of what it says beside its sound or picture (place, time, device) nothing is kept."""
    upload, is_new = await uploading.create(work, asked)
    address = f"/v1/me/uploads/{upload['id']}"
    return json(upload, status=201 if is_new else 200, location=address, headers=_where(upload))


@mine.patch(
    "/uploads/{upload_id}",
    response_model=MyUploadOut,
    responses={200: {"headers": _WHERE}},
    openapi_extra={
        "parameters": [
            {
                "name": "Upload-Offset",
                "in": "header",
                "required": True,
                "description": "where this part begins: how many bytes have arrived before it",
                "schema": {"type": "string", "pattern": "^[0-9]{1,12}$"},
            }
        ],
        "requestBody": {
            "required": True,
            "description": "a part: 64 KiB to 1 MiB, the last one of any size",
            "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in PART},
        },
    },
)
@may(Permission.my_homework_submit, cost=2, takes=", ".join(PART))
async def continue_my_upload(work: Working, request: Request, upload_id: UUID) -> Response:
    """Send the next part. It is stored whole or not at all; after a cut, HEAD tells where to go
    on, and so does the 409 for any other offset. After the last part the file is cleaned, and is
    `ready` or `refused`; while the service is busy with other files it is `looking`."""
    part, told = await request.body(), work.headers.get("upload-offset", "")
    if not _NUMBER.fullmatch(told):
        raise Invalid("files.no_offset", "Say where this part begins in the header Upload-Offset.")
    if not part:
        raise Invalid("files.no_part", "Send a part of the file as the body.")
    upload = await uploading.go_on(work, str(upload_id), int(told), part)
    if upload["status"] != "looking":
        return json(upload, headers=_where(upload))

    async def finish() -> None:
        job = Work(
            work.house,
            operation="job:inspect_file",
            request_id=work.request_id,
            practice_id=work.practice_id,
        )
        await inspect(job, str(upload_id))

    async def answer() -> Response:
        upload = await uploading.mine(work, str(upload_id))
        return json(upload, headers=_where(upload))

    return AfterCommit(finish, answer)


@mine.get("/uploads/{upload_id}", response_model=MyUploadOut, responses={200: {"headers": _WHERE}})
@may(Permission.my_homework_read, living=True)
async def get_my_upload(work: Working, upload_id: UUID) -> Response:
    """How far a file has come. HEAD answers the same headers, Upload-Offset and Upload-Length
    among them, without a body."""
    upload = await uploading.mine(work, str(upload_id))
    return json(upload, headers=_where(upload))


@mine.get(
    "/uploads/{upload_id}/content",
    response_class=Response,
    responses=dict(reading.DESCRIBED),
    openapi_extra=reading.ASKED,
)
@may(Permission.my_homework_read, cost=2)
async def get_my_upload_content(work: Working, upload_id: UUID) -> Response:
    """The file itself, once it is ready."""
    return await reading.download(work, await uploading.ready(work, str(upload_id)))


def _where(upload: Row) -> dict[str, str]:
    return {"upload-offset": str(upload["offset"]), "upload-length": str(upload["size"])}
