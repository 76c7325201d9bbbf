"""Goals at the staff door."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.access.permissions import Permission
from app.core.wire import Page, json
from app.goals import service as goals
from app.goals.schemas import GoalCreate, GoalOut, GoalUpdate, Status
from app.operation.frame import Framed, Working
from app.operation.listing import Cursor, Limit, after, paged
from app.operation.marks import may

staff = APIRouter(prefix="/v1", tags=["goals"], route_class=Framed)


@staff.post("/clients/{client_id}/goals", response_model=GoalOut, status_code=201)
@may(Permission.goals_write)
async def create_goal(work: Working, client_id: UUID, asked: GoalCreate) -> Response:
    """Propose a goal to a client, or record one that was agreed in session."""
    goal = await goals.create(work, str(client_id), asked)
    return json(goal, status=201, version=goal["version"], location=f"/v1/goals/{goal['id']}")


@staff.get("/clients/{client_id}/goals", response_model=Page[GoalOut])
@may(Permission.goals_read)
async def list_goals(
    work: Working,
    client_id: UUID,
    limit: Limit = 25,
    cursor: Cursor = None,
    status: Annotated[Status | None, Query(description="only goals in this state")] = None,
) -> Response:
    """A client's goals, newest first."""
    rows = await goals.list_of(
        work, str(client_id), after=after(work, cursor), limit=limit, status=status
    )
    return paged(work, rows, limit)


@staff.get("/goals/{goal_id}", response_model=GoalOut)
@may(Permission.goals_read, living=True)
async def get_goal(work: Working, goal_id: UUID) -> Response:
    """One goal."""
    goal = await goals.get(work, str(goal_id))
    return json(goal, version=goal["version"])


@staff.patch("/goals/{goal_id}", response_model=GoalOut)
@may(Permission.goals_write, versioned=True)
async def update_goal(work: Working, goal_id: UUID, asked: GoalUpdate) -> Response:
    """Change a goal's words, or move it on: hold it, reach it, let it go."""
    goal = await goals.update(work, str(goal_id), asked)
    return json(goal, version=goal["version"])
