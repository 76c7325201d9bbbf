"""An assignment's slots at the staff door."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import Response

from app.access.permissions import Permission
from app.core.wire import Day, Id, Output, Page
from app.homework import listing_slots
from app.homework.schemas import OccurrenceState
from app.operation.frame import Framed, Working
from app.operation.listing import Cursor, Limit, paged, place
from app.operation.marks import may

staff = APIRouter(prefix="/v1", tags=["homework"], route_class=Framed)


class OccurrenceOut(Output):
    """One slot of an assignment, as staff see it."""

    id: Id
    local_on: date
    opens_at: Annotated[
        datetime | None, Field(description="null while it waits for a session to be planned")
    ]
    due_at: datetime | None
    closes_at: datetime | None
    state: OccurrenceState
    is_extra: Annotated[bool, Field(description="work that no slot had asked for")]
    submission_id: Annotated[
        Id | None, Field(description="the client's entry, or else the first of a guardian")
    ]
    guardian_submission_id: Annotated[
        Id | None,
        Field(description="a guardian's newest entry; where the client sent none, maybe the same"),
    ]
    session_id: Annotated[Id | None, Field(description="the session it goes with now")]


@staff.get("/assignments/{assignment_id}/occurrences", response_model=Page[OccurrenceOut])
@may(Permission.homework_read)
async def list_occurrences(
    work: Working,
    assignment_id: UUID,
    first_on: Annotated[Day, Query(alias="from", description="the first local day")],
    last_on: Annotated[Day, Query(alias="to", description="the last; at most 366 days in all")],
    limit: Limit = 25,
    cursor: Cursor = None,
) -> Response:
    """The slots of an assignment on these days, day by day."""
    rows = await listing_slots.list_of(
        work,
        str(assignment_id),
        first_on=first_on,
        last_on=last_on,
        place=place(work, cursor),
        limit=limit,
    )
    return paged(work, rows, limit)
