"""The versions of a submission, at both doors."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.access.permissions import Permission
from app.core.wire import Page
from app.homework import submission_versions as versions
from app.homework.sent import MySubmissionVersionOut, SubmissionVersionOut
from app.operation.frame import Framed, Working
from app.operation.listing import Cursor, paged, place
from app.operation.marks import may

staff = APIRouter(prefix="/v1", tags=["homework"], route_class=Framed)
mine = APIRouter(prefix="/v1/me", tags=["homework"], route_class=Framed)

Few = Annotated[
    int, Query(ge=1, le=versions.MOST, description="how many versions, at most: each is whole")
]


@staff.get("/submissions/{submission_id}/versions", response_model=Page[SubmissionVersionOut])
@may(Permission.homework_read, cost=2)
async def list_submission_versions(
    work: Working, submission_id: UUID, limit: Few = 10, cursor: Cursor = None
) -> Response:
    """Every version of a submission, newest first: those I may read now, and those that were
    reviewed, whatever became of them since."""
    rows = await versions.list_of(work, str(submission_id), place=place(work, cursor), limit=limit)
    return paged(work, rows, limit)


@mine.get("/submissions/{submission_id}/versions", response_model=Page[MySubmissionVersionOut])
@may(Permission.my_homework_read, cost=2)
async def list_my_submission_versions(
    work: Working, submission_id: UUID, limit: Few = 10, cursor: Cursor = None
) -> Response:
    """Every version of what I sent, newest first, whichever of my devices it came from."""
    rows = await versions.my_list(work, str(submission_id), place=place(work, cursor), limit=limit)
    return paged(work, rows, limit)
