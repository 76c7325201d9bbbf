"""Questions, topics and pinned exercises at the staff door."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.access.permissions import Permission
from app.core.wire import Page, json
from app.homework import asking, topics
from app.homework.asked import AnswerCreate, PinOut, QuestionOut, TopicCreate, TopicOut
from app.operation.frame import Framed, Working
from app.operation.listing import Cursor, Limit, after, paged
from app.operation.marks import may

staff = APIRouter(prefix="/v1", tags=["homework"], route_class=Framed)

IsOpen = Annotated[
    bool | None, Query(alias="open", description="only those without an answer, or with one")
]


@staff.get("/questions", response_model=Page[QuestionOut])
@may(Permission.homework_read)
async def list_questions(
    work: Working, limit: Limit = 25, cursor: Cursor = None, is_open: IsOpen = None
) -> Response:
    """What my clients ask about their homework, newest first."""
    rows = await asking.list_of(work, after=after(work, cursor), limit=limit, is_open=is_open)
    return paged(work, rows, limit)


@staff.get("/questions/{question_id}", response_model=QuestionOut)
@may(Permission.homework_read)
async def get_question(work: Working, question_id: UUID) -> Response:
    """One question, and its answer once there is one."""
    found = await asking.get(work, str(question_id))
    return json(found, version=found["version"])


@staff.post("/questions/{question_id}/answer", response_model=QuestionOut)
@may(Permission.homework_write, versioned=True)
async def answer_question(work: Working, question_id: UUID, asked: AnswerCreate) -> Response:
    """Answer a client's question, once."""
    found = await asking.answer(work, str(question_id), asked)
    return json(found, version=found["version"], at=f"/v1/questions/{found['id']}")


@staff.post("/clients/{client_id}/topics", response_model=TopicOut, status_code=201)
@may(Permission.homework_write)
async def create_topic(work: Working, client_id: UUID, asked: TopicCreate) -> Response:
    """Name a topic of the client's, in their words."""
    made = await topics.create(work, str(client_id), asked)
    return json(made, status=201, version=made["version"], location=f"/v1/topics/{made['id']}")


@staff.get("/topics/{topic_id}", response_model=TopicOut)
@may(Permission.homework_read)
async def get_topic(work: Working, topic_id: UUID) -> Response:
    """Read one topic of a client's."""
    found = await topics.get(work, str(topic_id))
    return json(found, version=found["version"])


@staff.get("/clients/{client_id}/topics", response_model=Page[TopicOut])
@may(Permission.homework_read)
async def list_topics(
    work: Working, client_id: UUID, limit: Limit = 25, cursor: Cursor = None
) -> Response:
    """A client's topics, newest first."""
    rows = await topics.list_of(work, str(client_id), after=after(work, cursor), limit=limit)
    return paged(work, rows, limit)


@staff.put(
    "/clients/{client_id}/toolbox/{exercise_id}",
    response_model=PinOut,
    responses={201: {"model": PinOut, "description": "It was not there before"}},
)
@may(Permission.homework_write)
async def pin_exercise(work: Working, client_id: UUID, exercise_id: UUID) -> Response:
    """Put an exercise into the client's toolbox."""
    found, is_new = await topics.pin(work, str(client_id), exercise_id)
    return json(found, status=201 if is_new else 200)


@staff.delete("/clients/{client_id}/toolbox/{exercise_id}", status_code=204)
@may(Permission.homework_write)
async def unpin_exercise(work: Working, client_id: UUID, exercise_id: UUID) -> Response:
    """Take an exercise out of the client's toolbox again."""
    await topics.unpin(work, str(client_id), exercise_id)
    return Response(status_code=204)
