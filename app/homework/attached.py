"""Files that came with a submission, at the staff door."""

from typing import Final
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import and_, or_, select
from starlette.responses import Response

from app.access.permissions import Permission
from app.access.visible import readable
from app.core.errors import NotFound
from app.core.statements import Query, p
from app.files import reading
from app.files.models import Upload
from app.homework.models import Submission
from app.operation.frame import Framed, Working
from app.operation.marks import may

staff = APIRouter(prefix="/v1", tags=["files"], route_class=Framed)

_OF_IT: Final = and_(
    Upload.practice_id == Submission.practice_id,
    Upload.client_id == Submission.client_id,
    Upload.submission_id == Submission.id,
    Upload.status == "ready",
    or_(
        and_(
            or_(Upload.visible == "shared", Upload.visible == "therapist"),
            Upload.taken_back.is_(False),
        ),
        Upload.reviewed,
    ),
)
_FILE = Query(
    select(
        Upload.id,
        Upload.client_id,
        Upload.media_type,
        Upload.kept_size,
        Upload.file_key,
        Upload.parts,
    )
    .select_from(Submission)
    .join(Upload, _OF_IT)
    .where(
        Submission.id == p("of_submission"),
        Upload.id == p("id"),
        readable(Submission),
    )
)
_READABLE = Query(
    select(Submission.id, Submission.client_id).where(
        Submission.id == p("of_submission"), readable(Submission)
    )
)


@staff.get(
    "/submissions/{submission_id}/files/{upload_id}",
    response_class=Response,
    responses=dict(reading.DESCRIBED),
    openapi_extra=reading.ASKED,
)
@may(Permission.homework_read, cost=2)
async def get_submission_file(work: Working, submission_id: UUID, upload_id: UUID) -> Response:
    """A voice note or picture that came with answers that are shared, or were when they were
    reviewed."""
    row = await work.row(_FILE, of_submission=str(submission_id), id=str(upload_id))
    if row is None:
        if await work.row(_READABLE, of_submission=str(submission_id)):
            raise NotFound()
        await work.nothing(Submission, str(submission_id))
    return await reading.download(work, row)
