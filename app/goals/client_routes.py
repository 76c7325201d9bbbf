"""Goals at the client door."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.access.permissions import Permission
from app.core.wire import Page, json
from app.goals import service as goals
from app.goals.schemas import MyGoalOut, RatingCreate, RatingReceipt, Status
from app.operation.frame import Framed, Working
from app.operation.listing import Cursor, Limit, after, paged
from app.operation.marks import may

mine = APIRouter(prefix="/v1/me", tags=["goals"], route_class=Framed)


@mine.get("/goals", response_model=Page[MyGoalOut])
@may(Permission.my_goals_read)
async def list_my_goals(
    work: Working,
    limit: Limit = 25,
    cursor: Cursor = None,
    status: Annotated[Status | None, Query(description="only goals in this state")] = None,
) -> Response:
    """My goals, newest first."""
    rows = await goals.my_list(work, after=after(work, cursor), limit=limit, status=status)
    return paged(work, rows, limit)


@mine.post("/goals/{goal_id}/accept", response_model=MyGoalOut)
@may(Permission.my_goals_write, replays=False, versioned=True)
async def accept_my_goal(work: Working, goal_id: UUID) -> Response:
    """Yes, this is what I want to work towards."""
    goal = await goals.answer(work, str(goal_id), "active")
    return json(goal, version=goal["version"])


@mine.post("/goals/{goal_id}/decline", response_model=MyGoalOut)
@may(Permission.my_goals_write, replays=False, versioned=True)
async def decline_my_goal(work: Working, goal_id: UUID) -> Response:
    """No, this is not it, or not now."""
    goal = await goals.answer(work, str(goal_id), "declined")
    return json(goal, version=goal["version"])


@mine.post(
    "/goals/{goal_id}/ratings",
    response_model=RatingReceipt,
    status_code=201,
    responses={200: {"model": RatingReceipt, "description": "Stored before, under this key"}},
)
@may(Permission.my_goals_write, replays=False)
async def rate_my_goal(work: Working, goal_id: UUID, asked: RatingCreate) -> Response:
    """Where I am with this goal. A second rating is a new one; none is ever changed."""
    receipt, is_new = await goals.rate(work, str(goal_id), asked)
    return json(receipt, status=201 if is_new else 200, location=f"/v1/me/goals/{goal_id}")
