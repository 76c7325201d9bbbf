"""Homework at the client door."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.access.permissions import Permission
from app.core.wire import Page, Zone, json
from app.homework import agreeing, previewing, slots
from app.homework.schemas import (
    AssignmentStatus,
    MyAssignmentOut,
    MyAssignmentWhole,
    MyOccurrenceOut,
    TodayOut,
)
from app.homework.wanted import AcceptRequest, DeclineRequest
from app.operation.frame import Framed, Working
from app.operation.listing import Cursor, Limit, after, paged, place
from app.operation.marks import may

mine = APIRouter(prefix="/v1/me", tags=["homework"], route_class=Framed)


@mine.get("/today", response_model=TodayOut)
@may(Permission.my_homework_read, living=True)
async def get_my_today(
    work: Working, zone: Annotated[Zone, Query(description="where I am now")]
) -> Response:
    """What is open now, what waits for my answer, and where help is."""
    return json(await slots.today(work, zone))


@mine.get("/assignments", response_model=Page[MyAssignmentOut])
@may(Permission.my_homework_read)
async def list_my_assignments(
    work: Working,
    limit: Limit = 25,
    cursor: Cursor = None,
    status: Annotated[
        AssignmentStatus | None, Query(description="only assignments in this state")
    ] = None,
) -> Response:
    """My homework, newest first."""
    rows = await agreeing.my_list(work, after=after(work, cursor), limit=limit, status=status)
    return paged(work, rows, limit)


@mine.get("/assignments/{assignment_id}", response_model=MyAssignmentWhole)
@may(Permission.my_homework_read, living=True)
async def get_my_assignment(work: Working, assignment_id: UUID) -> Response:
    """One piece of my homework, whole: with its exercise, and when it comes first."""
    found = await previewing.mine(work, str(assignment_id))
    return json(found, version=found["version"])


@mine.post("/assignments/{assignment_id}/accept", response_model=MyAssignmentWhole)
@may(Permission.my_homework_agree, versioned=True)
async def accept_my_assignment(
    work: Working, assignment_id: UUID, asked: AcceptRequest | None = None
) -> Response:
    """Yes, I will try this; or something smaller, now or later while it is active."""
    await agreeing.accept(work, str(assignment_id), asked or AcceptRequest())
    found = await previewing.mine(work, str(assignment_id))
    return json(found, version=found["version"], at=f"/v1/me/assignments/{found['id']}")


@mine.post("/assignments/{assignment_id}/decline", response_model=MyAssignmentWhole)
@may(Permission.my_homework_agree, versioned=True)
async def decline_my_assignment(
    work: Working, assignment_id: UUID, asked: DeclineRequest
) -> Response:
    """No, or not now. That is an answer."""
    await agreeing.decline(work, str(assignment_id), asked)
    found = await previewing.mine(work, str(assignment_id))
    return json(found, version=found["version"], at=f"/v1/me/assignments/{found['id']}")


@mine.get("/occurrences", response_model=Page[MyOccurrenceOut])
@may(Permission.my_homework_read)
async def list_my_occurrences(
    work: Working,
    first_on: Annotated[date, Query(alias="from", description="the first local day")],
    last_on: Annotated[date, Query(alias="to", description="the last; at most 28 days in all")],
    limit: Limit = 25,
    cursor: Cursor = None,
) -> Response:
    """The slots of my homework on these days, day by day."""
    rows = await slots.list_of(
        work, first_on=first_on, last_on=last_on, place=place(work, cursor), limit=limit
    )
    return paged(work, rows, limit)


@mine.get("/occurrences/{occurrence_id}", response_model=MyOccurrenceOut)
@may(Permission.my_homework_read, living=True)
async def get_my_occurrence(work: Working, occurrence_id: UUID) -> Response:
    """One slot of my homework."""
    found = await slots.get(work, str(occurrence_id))
    return json(found, version=found["version"])
