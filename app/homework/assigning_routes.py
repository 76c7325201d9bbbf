"""Assignments at the staff door, from one state to the next; copies, and the client's view."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from app.access.permissions import Permission
from app.core.wire import json, several
from app.homework import changing, making, previewing, sharing, stating
from app.homework.schemas import AssignmentOut, AssignmentsMade, MyAssignmentWhole
from app.homework.wanted import AssignmentCopy, AssignmentsCreate, AssignmentUpdate
from app.operation.frame import Framed, Working
from app.operation.marks import may
from app.operation.work import Row

staff = APIRouter(prefix="/v1", tags=["homework"], route_class=Framed)


@staff.post("/assignments", response_model=AssignmentsMade, status_code=201)
@may(Permission.homework_write, cost=5)
async def assign_to_clients(work: Working, asked: AssignmentsCreate) -> Response:
    """The same homework for up to 50 clients: for all of them, or for none.

    A refusal's errors point at each client it cannot be for.
    """
    made = await sharing.assign(work, asked)
    return several(made, [f"/v1/assignments/{one['id']}" for one in made])


@staff.post("/assignments/{assignment_id}/propose", response_model=AssignmentOut)
@may(Permission.homework_write, versioned=True)
async def propose_assignment(work: Working, assignment_id: UUID) -> Response:
    """Show a draft to the client, as a proposal."""
    return _at(await stating.propose(work, str(assignment_id)))


@staff.post("/assignments/{assignment_id}/revise", response_model=AssignmentOut)
@may(Permission.homework_write, versioned=True)
async def revise_assignment(
    work: Working, assignment_id: UUID, asked: AssignmentUpdate | None = None
) -> Response:
    """Propose anew what was declined, changed or as it is."""
    asked = asked or AssignmentUpdate()
    return _at(await changing.revise(work, str(assignment_id), asked))


@staff.post("/assignments/{assignment_id}/agree", response_model=AssignmentOut)
@may(Permission.homework_write, versioned=True)
async def agree_assignment(work: Working, assignment_id: UUID) -> Response:
    """Record that it was agreed in session: it is active at once."""
    return _at(await stating.agree(work, str(assignment_id)))


@staff.post("/assignments/{assignment_id}/pause", response_model=AssignmentOut)
@may(Permission.homework_write, versioned=True)
async def pause_assignment(work: Working, assignment_id: UUID) -> Response:
    """Ask nothing of it for now: its slots are excused until it is resumed."""
    return _at(await stating.pause(work, str(assignment_id)))


@staff.post("/assignments/{assignment_id}/resume", response_model=AssignmentOut)
@may(Permission.homework_write, versioned=True)
async def resume_assignment(work: Working, assignment_id: UUID) -> Response:
    """Go on with it. Slots that are in their window still are open again."""
    return _at(await stating.resume(work, str(assignment_id)))


@staff.post("/assignments/{assignment_id}/finish", response_model=AssignmentOut)
@may(Permission.homework_write, versioned=True)
async def finish_assignment(work: Working, assignment_id: UUID) -> Response:
    """It is done. Slots without a draft in them are called off."""
    return _at(await stating.finish(work, str(assignment_id)))


@staff.post("/assignments/{assignment_id}/end", response_model=AssignmentOut)
@may(Permission.homework_write, versioned=True)
async def end_assignment(work: Working, assignment_id: UUID) -> Response:
    """End it before it is done. Slots without a draft in them are called off."""
    return _at(await stating.end(work, str(assignment_id)))


@staff.post("/assignments/{assignment_id}/discard", response_model=AssignmentOut)
@may(Permission.homework_write, versioned=True)
async def discard_assignment(work: Working, assignment_id: UUID) -> Response:
    """Let a draft go."""
    return _at(await stating.discard(work, str(assignment_id)))


@staff.post("/assignments/{assignment_id}/copy", response_model=AssignmentOut, status_code=201)
@may(Permission.homework_write)
async def copy_assignment(
    work: Working, assignment_id: UUID, asked: AssignmentCopy | None = None
) -> Response:
    """A draft like this one, for the same client or another, of the exercise's newest version."""
    made = await making.copy(work, str(assignment_id), asked or AssignmentCopy())
    location = f"/v1/assignments/{made['id']}"
    return json(made, status=201, version=made["version"], location=location)


@staff.get("/assignments/{assignment_id}/preview", response_model=MyAssignmentWhole)
@may(Permission.homework_read, living=True)
async def preview_assignment(work: Working, assignment_id: UUID) -> Response:
    """Exactly what the client sees, or will see once it is proposed."""
    found = await previewing.preview(work, str(assignment_id))
    return json(found, version=found["version"])


def _at(row: Row) -> Response:
    return json(row, version=row["version"], at=f"/v1/assignments/{row['id']}")
