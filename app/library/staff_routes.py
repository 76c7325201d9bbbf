"""The library at the staff door."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.access.permissions import Permission
from app.core.wire import Locale, Page, json
from app.library import finding, making
from app.library import service as library
from app.library.catalogue import Kind, Modality
from app.library.client_routes import FOR_EVER
from app.library.schemas import (
    Area,
    ExerciseCreate,
    ExerciseItem,
    ExerciseOut,
    ExerciseUpdate,
    ExerciseVersionItem,
    ExerciseVersionOut,
)
from app.operation.frame import Framed, Working
from app.operation.listing import Cursor, Limit, after, paged, place
from app.operation.marks import may
from app.operation.work import Row

staff = APIRouter(prefix="/v1", tags=["library"], route_class=Framed)


@staff.get("/exercises", response_model=Page[ExerciseItem])
@may(Permission.library_read)
async def list_exercises(
    work: Working,
    limit: Limit = 25,
    cursor: Cursor = None,
    area: Annotated[Area | None, Query(description="only for this area of work")] = None,
    kind: Annotated[Kind | None, Query(description="only of this kind")] = None,
    modality: Annotated[Modality | None, Query(description="only of this modality")] = None,
    minutes: Annotated[int | None, Query(ge=1, le=120, description="this long at most")] = None,
    difficulty: Annotated[int | None, Query(ge=1, le=3, description="1 gentle, 3 hard")] = None,
    q: Annotated[
        str | None,
        Query(max_length=200, description="words of the title in any language; all must be there"),
    ] = None,
    mine: Annotated[
        bool, Query(description="only the practice's own, those not published yet included")
    ] = False,
) -> Response:
    """Exercises that can be assigned: the shipped ones and the practice's own."""
    rows = await finding.list_of(
        work,
        after=after(work, cursor),
        limit=limit,
        area=area,
        kind=kind,
        modality=modality,
        minutes=minutes,
        difficulty=difficulty,
        q=q,
        mine=mine,
    )
    return paged(work, rows, limit)


@staff.post("/exercises", response_model=ExerciseOut, status_code=201)
@may(Permission.library_write)
async def create_exercise(work: Working, asked: ExerciseCreate) -> Response:
    """Write an exercise of the practice's own. It is a draft until it is published."""
    return _made(await making.create(work, asked))


@staff.get("/exercises/{exercise_id}", response_model=ExerciseOut)
@may(Permission.library_read, living=True)
async def get_exercise(work: Working, exercise_id: UUID) -> Response:
    """One exercise: its current version with form and texts, and its draft."""
    exercise = await library.get(work, str(exercise_id))
    return json(exercise, version=exercise["version"])


@staff.patch("/exercises/{exercise_id}", response_model=ExerciseOut)
@may(Permission.library_write, versioned=True)
async def update_exercise(work: Working, exercise_id: UUID, asked: ExerciseUpdate) -> Response:
    """Change an exercise of the practice's own. What clients answer waits until it is published."""
    exercise = await making.update(work, str(exercise_id), asked)
    return json(exercise, version=exercise["version"])


@staff.post("/exercises/{exercise_id}/copy", response_model=ExerciseOut, status_code=201)
@may(Permission.library_write)
async def copy_exercise(work: Working, exercise_id: UUID) -> Response:
    """Copy an exercise, shipped or own, as a draft to adapt."""
    return _made(await making.copy(work, str(exercise_id)))


@staff.post("/exercises/{exercise_id}/publish", response_model=ExerciseOut)
@may(Permission.library_write, versioned=True)
async def publish_exercise(work: Working, exercise_id: UUID) -> Response:
    """Make the draft the next version. It never changes again; old answers keep theirs."""
    return _moved(await making.publish(work, str(exercise_id)))


@staff.post("/exercises/{exercise_id}/retire", response_model=ExerciseOut)
@may(Permission.library_write, versioned=True)
async def retire_exercise(work: Working, exercise_id: UUID) -> Response:
    """Take an exercise out of the library. What was assigned goes on; versions stay readable."""
    return _moved(await making.retire(work, str(exercise_id)))


@staff.get(
    "/exercises/{exercise_id}/schema",
    response_model=dict[str, Any],
    responses={
        200: {
            "headers": {
                "Content-Language": {
                    "description": "the language of the words",
                    "schema": {"type": "string"},
                }
            }
        }
    },
)
@may(Permission.library_read, living=True)
async def get_exercise_schema(
    work: Working,
    exercise_id: UUID,
    locale: Annotated[
        Locale | None,
        Query(description="the language of the words; the nearest there is is taken"),
    ] = None,
) -> Response:
    """The JSON Schema of the answers that the current version takes.

    `#completed` adds what completed work needs. Before there is a version it is the draft's.
    """
    schema, language, version = await making.schema(work, str(exercise_id), locale)
    return json(schema, version=version, headers={"content-language": language})


@staff.get("/exercises/{exercise_id}/versions", response_model=Page[ExerciseVersionItem])
@may(Permission.library_read)
async def list_exercise_versions(
    work: Working, exercise_id: UUID, limit: Limit = 25, cursor: Cursor = None
) -> Response:
    """What was published of an exercise, newest first."""
    rows = await finding.versions_of(
        work, str(exercise_id), before=place(work, cursor), limit=limit
    )
    return paged(work, rows, limit)


@staff.get("/exercise-versions/{version_id}", response_model=ExerciseVersionOut)
@may(Permission.library_read)
async def get_exercise_version(work: Working, version_id: UUID) -> Response:
    """One version, whole, as it was answered. It never changes: keep it as long as you like."""
    return json(await library.version(work, str(version_id)), headers=FOR_EVER)


def _made(exercise: Row) -> Response:
    location = f"/v1/exercises/{exercise['id']}"
    return json(exercise, status=201, version=exercise["version"], location=location)


def _moved(exercise: Row) -> Response:
    return json(exercise, version=exercise["version"], at=f"/v1/exercises/{exercise['id']}")
