"""The library at the client door: the forms of what was given."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from app.access.permissions import Permission
from app.core.wire import json
from app.library import service as library
from app.library.schemas import ExerciseVersionOut
from app.operation.frame import Framed, Working
from app.operation.marks import may

mine = APIRouter(prefix="/v1/me", tags=["library"], route_class=Framed)

FOR_EVER = {"cache-control": "private, max-age=31536000, immutable", "etag": '"v1"'}


@mine.get("/exercise-versions/{version_id}", response_model=ExerciseVersionOut)
@may(Permission.my_homework_read)
async def get_my_exercise_version(work: Working, version_id: UUID) -> Response:
    """The form of an exercise in one version. It never changes: keep it as long as you like."""
    return json(await library.version(work, str(version_id)), headers=FOR_EVER)
