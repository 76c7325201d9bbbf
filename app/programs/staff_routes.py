"""Programs at the staff door."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.access.permissions import Permission
from app.core.wire import Page, json
from app.operation.frame import Framed, Working
from app.operation.listing import Cursor, Limit, after, paged
from app.operation.marks import may
from app.operation.work import Row
from app.programs import assigning
from app.programs import service as programs
from app.programs.schemas import (
    ProgramAssign,
    ProgramAssignmentOut,
    ProgramCreate,
    ProgramItem,
    ProgramOut,
    ProgramUpdate,
)

staff = APIRouter(prefix="/v1", tags=["programs"], route_class=Framed)


@staff.post("/programs", response_model=ProgramOut, status_code=201)
@may(Permission.library_write)
async def create_program(work: Working, asked: ProgramCreate) -> Response:
    """Put exercises in an order, and say when each comes."""
    program = await programs.create(work, asked)
    location = f"/v1/programs/{program['id']}"
    return json(program, status=201, version=program["version"], location=location)


@staff.get("/programs", response_model=Page[ProgramItem])
@may(Permission.library_read)
async def list_programs(
    work: Working,
    limit: Limit = 25,
    cursor: Cursor = None,
    retired: Annotated[bool, Query(description="the retired ones too")] = False,
) -> Response:
    """The practice's programs, newest first."""
    rows = await programs.list_of(work, after=after(work, cursor), limit=limit, retired=retired)
    return paged(work, rows, limit)


@staff.get("/programs/{program_id}", response_model=ProgramOut)
@may(Permission.library_read)
async def get_program(work: Working, program_id: UUID) -> Response:
    """One program with its steps."""
    program = await programs.get(work, str(program_id))
    return json(program, version=program["version"])


@staff.patch("/programs/{program_id}", response_model=ProgramOut)
@may(Permission.library_write, versioned=True)
async def update_program(work: Working, program_id: UUID, asked: ProgramUpdate) -> Response:
    """Change its title or steps. Clients who were given it keep the steps they began with."""
    program = await programs.update(work, str(program_id), asked)
    return json(program, version=program["version"])


@staff.post("/programs/{program_id}/retire", response_model=ProgramOut)
@may(Permission.library_write, versioned=True)
async def retire_program(work: Working, program_id: UUID) -> Response:
    """Take it out of use. It is never assigned again; clients who were given it go on."""
    return _moved(await programs.retire(work, str(program_id)))


@staff.post("/clients/{client_id}/programs", response_model=ProgramAssignmentOut, status_code=201)
@may(Permission.homework_write)
async def assign_program(work: Working, client_id: UUID, asked: ProgramAssign) -> Response:
    """Give a client a program as it is now. Its first steps come at once, the others in time."""
    given = await assigning.assign(work, str(client_id), asked)
    location = f"/v1/program-assignments/{given['id']}"
    return json(given, status=201, version=given["version"], location=location)


@staff.get("/clients/{client_id}/programs", response_model=Page[ProgramAssignmentOut])
@may(Permission.homework_read)
async def list_program_assignments(
    work: Working, client_id: UUID, limit: Limit = 25, cursor: Cursor = None
) -> Response:
    """The programs a client was given, newest first, each with where its steps stand."""
    rows = await assigning.list_of(work, str(client_id), after=after(work, cursor), limit=limit)
    return paged(work, rows, limit)


@staff.get("/program-assignments/{program_assignment_id}", response_model=ProgramAssignmentOut)
@may(Permission.homework_read, living=True)
async def get_program_assignment(work: Working, program_assignment_id: UUID) -> Response:
    """A program as a client has it: what was given, what is done, and what comes when."""
    given = await assigning.get(work, str(program_assignment_id))
    return json(given, version=given["version"])


@staff.post("/program-assignments/{program_assignment_id}/end", response_model=ProgramAssignmentOut)
@may(Permission.homework_write, versioned=True)
async def end_program_assignment(work: Working, program_assignment_id: UUID) -> Response:
    """No further steps. What was given already stays as it is."""
    given = await assigning.end(work, str(program_assignment_id))
    at = f"/v1/program-assignments/{given['id']}"
    return json(given, version=given["version"], at=at)


def _moved(program: Row) -> Response:
    return json(program, version=program["version"], at=f"/v1/programs/{program['id']}")
