"""Assignments at the client door: taken up for oneself, ended, asked about."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.access.permissions import Permission
from app.core.wire import Page, json
from app.homework import agreeing, asking, previewing, taking_up
from app.homework.asked import MyQuestionOut, QuestionCreate
from app.homework.schemas import MyAssignmentWhole
from app.homework.wanted import EndRequest, MyAssignmentCreate
from app.operation.frame import Framed, Working
from app.operation.listing import Cursor, Limit, after, paged
from app.operation.marks import may

mine = APIRouter(prefix="/v1/me", tags=["homework"], route_class=Framed)


@mine.post(
    "/assignments",
    response_model=MyAssignmentWhole,
    status_code=201,
    responses={200: {"model": MyAssignmentWhole, "description": "Stored before, under this key"}},
)
@may(Permission.my_homework_agree, replays=False)
async def create_my_assignment(work: Working, asked: MyAssignmentCreate) -> Response:
    """Take up an exercise for myself. It is active at once, and my therapist sees it too."""
    made, is_new = await taking_up.create(work, asked)
    found = await previewing.mine(work, made["id"])
    location = f"/v1/me/assignments/{made['id']}"
    status = 201 if is_new else 200
    return json(found, status=status, version=found["version"], location=location)


@mine.post("/assignments/{assignment_id}/end", response_model=MyAssignmentWhole)
@may(Permission.my_homework_agree, versioned=True)
async def end_my_assignment(
    work: Working, assignment_id: UUID, asked: EndRequest | None = None
) -> Response:
    """I stop here. Words are welcome and not needed."""
    await agreeing.end(work, str(assignment_id), asked or EndRequest())
    found = await previewing.mine(work, str(assignment_id))
    return json(found, version=found["version"], at=f"/v1/me/assignments/{found['id']}")


@mine.post(
    "/assignments/{assignment_id}/questions",
    response_model=MyQuestionOut,
    status_code=201,
    responses={200: {"model": MyQuestionOut, "description": "Stored before, under this key"}},
)
@may(Permission.my_questions, replays=False)
async def ask_about_my_assignment(
    work: Working, assignment_id: UUID, asked: QuestionCreate
) -> Response:
    """Ask what it means, before or after accepting. It stands open until it is answered."""
    found, is_new = await asking.ask(work, str(assignment_id), asked)
    location = f"/v1/me/questions/{found['id']}"
    status = 201 if is_new else 200
    return json(found, status=status, version=found["version"], location=location)


@mine.get("/questions", response_model=Page[MyQuestionOut])
@may(Permission.my_questions)
async def list_my_questions(
    work: Working,
    limit: Limit = 25,
    cursor: Cursor = None,
    is_open: Annotated[
        bool | None, Query(alias="open", description="only those without an answer, or with one")
    ] = None,
) -> Response:
    """What I asked, newest first."""
    rows = await asking.my_list(work, after=after(work, cursor), limit=limit, is_open=is_open)
    return paged(work, rows, limit)


@mine.get("/questions/{question_id}", response_model=MyQuestionOut)
@may(Permission.my_questions)
async def get_my_question(work: Working, question_id: UUID) -> Response:
    """One question of mine, and its answer once there is one."""
    found = await asking.mine(work, str(question_id))
    return json(found, version=found["version"])
