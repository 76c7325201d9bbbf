"""The library at the staff door."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.access.permissions import Permission
from app.core.wire import Page, json
from app.library import service as library
from app.library.schemas import Area, ExerciseItem, ExerciseOut, Kind
from app.operation.frame import Framed, Working
from app.operation.listing import Cursor, Limit, after, paged
from app.operation.marks import may

staff = APIRouter(prefix="/v1", tags=["library"], route_class=Framed)


@staff.get("/exercises", response_model=Page[ExerciseItem])
@may(Permission.library_read)
async def list_exercises(
    work: Working,
    limit: Limit = 25,
    cursor: Cursor = None,
    area: Annotated[Area | None, Query(description="only for this area of work")] = None,
    kind: Annotated[Kind | None, Query(description="only of this kind")] = None,
    difficulty: Annotated[int | None, Query(ge=1, le=3, description="1 gentle, 3 hard")] = None,
) -> Response:
    """Exercises that can be assigned: the shipped ones and the practice's own."""
    rows = await library.list_of(
        work,
        after=after(work, cursor),
        limit=limit,
        area=area,
        kind=kind,
        difficulty=difficulty,
    )
    return paged(work, rows, limit)


@staff.get("/exercises/{exercise_id}", response_model=ExerciseOut)
@may(Permission.library_read)
async def get_exercise(work: Working, exercise_id: UUID) -> Response:
    """One exercise with its current version: form and texts."""
    exercise = await library.get(work, str(exercise_id))
    return json(exercise, version=exercise["version"])
