"""Overviews at the staff door: the day, the review queue, a client's board."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.access.permissions import Permission
from app.core.wire import Page, Zone, hashed, json
from app.homework.repetitions import RepetitionOut
from app.library.attention import AttentionLevel
from app.operation.frame import Framed, Working
from app.operation.listing import Cursor, Limit, paged, place
from app.operation.marks import may
from app.overview import acknowledging, board, escalated, queue, seeing, today
from app.overview.schemas import (
    AcknowledgementsOut,
    AcknowledgeRequest,
    BoardOut,
    QueueItem,
    StaffTodayOut,
    TodayEscalated,
)

staff = APIRouter(prefix="/v1", tags=["overview"], route_class=Framed)


@staff.get("/today", response_model=StaffTodayOut)
@may(Permission.today_read, cost=3)
async def get_today(
    work: Working,
    zone: Annotated[Zone | None, Query(description="whose day; absent: the practice's")] = None,
) -> Response:
    """My day: sessions, what needs attention, what is to be read, and who waits for me."""
    return hashed(await today.today(work, zone))


@staff.get("/review-queue", response_model=Page[QueueItem])
@may(Permission.homework_review)
async def list_review_queue(
    work: Working,
    limit: Limit = 25,
    cursor: Cursor = None,
    attention_level: Annotated[
        AttentionLevel | None, Query(description="only what needs attention so soon")
    ] = None,
) -> Response:
    """What the clients I treat sent and nobody has read: what is urgent, what should be seen soon,
    then the rest; of each, what has waited longest."""
    rows = await queue.list_of(work, place=place(work, cursor), limit=limit, level=attention_level)
    return paged(work, rows, limit)


@staff.post("/attention-notices/{notice_id}/open", response_model=TodayEscalated)
@may(Permission.today_read, replays=False)
async def open_attention_notice(work: Working, notice_id: UUID) -> Response:
    """I have seen that this is urgent, and look after it: nobody else is told."""
    return json(await escalated.open_notice(work, str(notice_id)))


@staff.post("/submissions/acknowledge", response_model=AcknowledgementsOut)
@may(Permission.homework_review, cost=3, replays=False)
async def acknowledge_submissions(work: Working, asked: AcknowledgeRequest) -> Response:
    """I have read these; their clients see that. What needs attention is read by itself."""
    return json({"items": await acknowledging.acknowledge(work, asked)})


@staff.post("/repetitions/{repetition_id}/seen", response_model=RepetitionOut)
@may(Permission.homework_review, versioned=True)
async def mark_repetition_seen(work: Working, repetition_id: UUID) -> Response:
    """I have seen this: it leaves the review queue."""
    found = await seeing.see(work, str(repetition_id))
    return json(found, version=found["version"], at=f"/v1/repetitions/{found['id']}")


@staff.get("/clients/{client_id}/homework-board", response_model=BoardOut)
@may(Permission.homework_read, cost=2)
async def get_homework_board(work: Working, client_id: UUID) -> Response:
    """A client's homework at a glance: rolling counts of 14 and 28 days, and what recurs."""
    return hashed(await board.board(work, str(client_id)))
