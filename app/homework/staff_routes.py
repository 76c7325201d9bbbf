"""Homework at the staff door."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.access.permissions import Permission
from app.core.wire import Page, json
from app.homework import (
    assignments,
    changing,
    making,
    repeating,
    reviewing,
    stating,
    submissions,
)
from app.homework.repetitions import RepetitionOut
from app.homework.schemas import AssignmentOut, AssignmentStatus
from app.homework.sent import ReviewCreate, SubmissionItem, SubmissionOut
from app.homework.wanted import AssignmentCreate, AssignmentUpdate
from app.operation.frame import Framed, Working
from app.operation.listing import Cursor, Limit, after, paged, place
from app.operation.marks import may

staff = APIRouter(prefix="/v1", tags=["homework"], route_class=Framed)

OnlyNews = Annotated[bool, Query(description="only what nobody has read in its newest version")]


@staff.post("/clients/{client_id}/assignments", response_model=AssignmentOut, status_code=201)
@may(Permission.homework_write)
async def create_assignment(work: Working, client_id: UUID, asked: AssignmentCreate) -> Response:
    """Propose homework to a client, record what was agreed in session, or keep a draft of it."""
    made = await making.create(work, str(client_id), asked)
    location = f"/v1/assignments/{made['id']}"
    return json(made, status=201, version=made["version"], location=location)


@staff.get("/clients/{client_id}/assignments", response_model=Page[AssignmentOut])
@may(Permission.homework_read)
async def list_assignments(
    work: Working,
    client_id: UUID,
    limit: Limit = 25,
    cursor: Cursor = None,
    status: Annotated[
        AssignmentStatus | None, Query(description="only assignments in this state")
    ] = None,
) -> Response:
    """A client's assignments, newest first."""
    rows = await assignments.list_of(
        work, str(client_id), after=after(work, cursor), limit=limit, status=status
    )
    return paged(work, rows, limit)


@staff.get("/assignments/{assignment_id}", response_model=AssignmentOut)
@may(Permission.homework_read, living=True)
async def get_assignment(work: Working, assignment_id: UUID) -> Response:
    """One assignment."""
    found = await assignments.get(work, str(assignment_id))
    return json(found, version=found["version"])


@staff.patch("/assignments/{assignment_id}", response_model=AssignmentOut)
@may(Permission.homework_write, versioned=True)
async def update_assignment(
    work: Working, assignment_id: UUID, asked: AssignmentUpdate
) -> Response:
    """Change its words, window or schedule. Slots that are open, answered or past do not move."""
    changed = await changing.update(work, str(assignment_id), asked)
    return json(changed, version=changed["version"])


@staff.post("/assignments/{assignment_id}/withdraw", response_model=AssignmentOut)
@may(Permission.homework_write, versioned=True)
async def withdraw_assignment(work: Working, assignment_id: UUID) -> Response:
    """Take a proposal back that the client has not answered."""
    gone = await stating.withdraw(work, str(assignment_id))
    return json(gone, version=gone["version"], at=f"/v1/assignments/{gone['id']}")


@staff.get("/clients/{client_id}/submissions", response_model=Page[SubmissionItem])
@may(Permission.homework_read)
async def list_submissions(
    work: Working,
    client_id: UUID,
    limit: Limit = 25,
    cursor: Cursor = None,
    only_news: OnlyNews = False,
) -> Response:
    """What a client sent: first what needs attention and nobody has read, urgent before soon,
    then newest first."""
    rows = await submissions.list_of(
        work, str(client_id), place=place(work, cursor), limit=limit, only_news=only_news
    )
    return paged(work, rows, limit)


@staff.get("/submissions", response_model=Page[SubmissionItem])
@may(Permission.homework_read)
async def list_caseload_submissions(
    work: Working, limit: Limit = 25, cursor: Cursor = None, only_news: OnlyNews = False
) -> Response:
    """What my clients sent: first what needs attention and nobody has read, urgent before soon,
    then newest first."""
    rows = await submissions.list_of(
        work, None, place=place(work, cursor), limit=limit, only_news=only_news
    )
    return paged(work, rows, limit)


@staff.get("/submissions/{submission_id}", response_model=SubmissionOut)
@may(Permission.homework_read, living=True)
async def get_submission(work: Working, submission_id: UUID) -> Response:
    """One submission, with the answers the client shares."""
    found = await submissions.get(work, str(submission_id))
    return json(found, version=found["version"])


@staff.post("/submissions/{submission_id}/review", response_model=SubmissionOut)
@may(Permission.homework_review, versioned=True)
async def review_submission(work: Working, submission_id: UUID, asked: ReviewCreate) -> Response:
    """I have read this version. The client sees that, and the comment."""
    found = await reviewing.review(work, str(submission_id), asked)
    return json(found, version=found["version"], at=f"/v1/submissions/{found['id']}")


@staff.get("/clients/{client_id}/repetitions", response_model=Page[RepetitionOut])
@may(Permission.homework_read)
async def list_repetitions(
    work: Working,
    client_id: UUID,
    limit: Limit = 25,
    cursor: Cursor = None,
    only_attention: Annotated[
        bool, Query(description="only practice that was unsafe or made it worse")
    ] = False,
) -> Response:
    """What a client practised: first what needs attention and nobody has seen, urgent before soon,
    then newest first."""
    rows = await repeating.list_of(
        work,
        str(client_id),
        place=place(work, cursor),
        limit=limit,
        only_attention=only_attention,
    )
    return paged(work, rows, limit)


@staff.get("/repetitions/{repetition_id}", response_model=RepetitionOut)
@may(Permission.homework_read, living=True)
async def get_repetition(work: Working, repetition_id: UUID) -> Response:
    """What a client practised, once."""
    found = await repeating.get(work, str(repetition_id))
    return json(found, version=found["version"])
