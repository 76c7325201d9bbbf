"""Doing homework, at the client door: drafts, what was sent, practice."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from starlette.responses import Response

from app.access.permissions import Permission
from app.core.wire import ClientKey, Page, json
from app.homework import drafting, my_submissions, repeating, submitting, withdrawing
from app.homework.repetitions import MyRepetitionOut, RepetitionCreate, RepetitionReceipt
from app.homework.sent import (
    DraftPut,
    MyDraftOut,
    MySubmissionItem,
    MySubmissionOut,
    Receipt,
    SubmissionCreate,
)
from app.operation import preconditions
from app.operation.frame import Framed, Working
from app.operation.listing import Cursor, Limit, after, paged
from app.operation.marks import may
from app.operation.work import Row

mine = APIRouter(prefix="/v1/me", tags=["homework"], route_class=Framed)

Key = Annotated[ClientKey, Path(description="the client_key it was sent under")]


@mine.put(
    "/occurrences/{occurrence_id}/draft",
    response_model=MyDraftOut,
    status_code=201,
    responses={200: {"model": MyDraftOut, "description": "Saved over the version before"}},
)
@may(Permission.my_drafts, versioned=True, begins=True)
async def put_my_draft(work: Working, occurrence_id: UUID, asked: DraftPut) -> Response:
    """Keep what I have so far; nobody else reads it. It ends when I send what it is for."""
    seen = preconditions.seen_or_none_yet(work)
    draft, is_new = await drafting.put(work, str(occurrence_id), asked, seen)
    location = f"/v1/me/occurrences/{occurrence_id}/draft"
    return json(draft, status=201 if is_new else 200, version=draft["version"], location=location)


@mine.get("/occurrences/{occurrence_id}/draft", response_model=MyDraftOut)
@may(Permission.my_drafts)
async def get_my_draft(work: Working, occurrence_id: UUID) -> Response:
    """What I have begun for this slot and not sent."""
    draft = await drafting.get(work, str(occurrence_id))
    return json(draft, version=draft["version"])


@mine.delete("/occurrences/{occurrence_id}/draft", status_code=204)
@may(Permission.my_drafts, versioned=True)
async def delete_my_draft(work: Working, occurrence_id: UUID) -> Response:
    """Throw away what I have begun, for good."""
    await drafting.remove(work, str(occurrence_id), preconditions.seen(work))
    return Response(status_code=204)


@mine.post(
    "/occurrences/{occurrence_id}/submissions",
    response_model=Receipt,
    status_code=201,
    responses={200: {"model": Receipt, "description": "Stored before, under this key"}},
)
@may(Permission.my_homework_submit, replays=False)
async def submit_my_homework(
    work: Working, occurrence_id: UUID, asked: SubmissionCreate
) -> Response:
    """What I did, in part, tried, or was not ready for. Sending it twice stores it once."""
    return _receipt(*await submitting.submit(work, str(occurrence_id), asked))


@mine.post(
    "/assignments/{assignment_id}/submissions",
    response_model=Receipt,
    status_code=201,
    responses={200: {"model": Receipt, "description": "Stored before, under this key"}},
)
@may(Permission.my_homework_submit, replays=False)
async def submit_my_extra(work: Working, assignment_id: UUID, asked: SubmissionCreate) -> Response:
    """What I did although no slot asked for it: once more, or after the homework was over."""
    return _receipt(*await submitting.submit_extra(work, str(assignment_id), asked))


@mine.get("/submissions", response_model=Page[MySubmissionItem])
@may(Permission.my_homework_read)
async def list_my_submissions(work: Working, limit: Limit = 25, cursor: Cursor = None) -> Response:
    """What I sent, newest first."""
    rows = await my_submissions.my_list(work, after=after(work, cursor), limit=limit)
    return paged(work, rows, limit)


# Any visible character may stand in a key, a slash too.
@mine.get("/submissions/by-key/{client_key:path}", response_model=Receipt)
@may(Permission.my_homework_read, living=True)
async def get_my_submission_by_key(work: Working, client_key: Key) -> Response:
    """Whether something arrived: the receipt of what was stored under this key."""
    return json(await submitting.by_key(work, client_key))


@mine.get("/submissions/{submission_id}", response_model=MySubmissionOut)
@may(Permission.my_homework_read)
async def get_my_submission(work: Working, submission_id: UUID) -> Response:
    """What I sent, in its newest version, and what came back."""
    found = await my_submissions.mine(work, str(submission_id))
    return json(found, version=found["version"])


@mine.put("/submissions/{submission_id}", response_model=Receipt)
@may(Permission.my_homework_submit, versioned=True)
async def edit_my_submission(
    work: Working, submission_id: UUID, asked: SubmissionCreate
) -> Response:
    """Send it again, whole, as it should have been. Every version is kept."""
    seen = preconditions.seen(work)
    receipt, _ = await submitting.edit(work, str(submission_id), asked, seen)
    return json(receipt, version=receipt["submission_version"])


@mine.post("/submissions/{submission_id}/withdraw", response_model=MySubmissionOut)
@may(Permission.my_homework_submit, versioned=True)
async def withdraw_my_submission(work: Working, submission_id: UUID) -> Response:
    """Take back what I sent: gone from my therapist's sight if it was not reviewed, else marked."""
    found = await withdrawing.withdraw(work, str(submission_id), preconditions.seen(work))
    return json(found, version=found["version"], at=f"/v1/me/submissions/{found['id']}")


@mine.post(
    "/repetitions",
    response_model=RepetitionReceipt,
    status_code=201,
    responses={200: {"model": RepetitionReceipt, "description": "Stored before, under this key"}},
)
@may(Permission.my_homework_submit, replays=False)
async def log_my_repetition(work: Working, asked: RepetitionCreate) -> Response:
    """I practised, once or many times, with or without homework that asks for it."""
    receipt, is_new = await repeating.log(work, asked)
    location = f"/v1/me/repetitions/{receipt['repetition_id']}"
    return json(receipt, status=201 if is_new else 200, location=location)


@mine.get("/repetitions", response_model=Page[MyRepetitionOut])
@may(Permission.my_homework_read)
async def list_my_repetitions(work: Working, limit: Limit = 25, cursor: Cursor = None) -> Response:
    """What I practised, newest first."""
    rows = await repeating.my_list(work, after=after(work, cursor), limit=limit)
    return paged(work, rows, limit)


@mine.get("/repetitions/{repetition_id}", response_model=MyRepetitionOut)
@may(Permission.my_homework_read, living=True)
async def get_my_repetition(work: Working, repetition_id: UUID) -> Response:
    """What I practised, once."""
    found = await repeating.mine(work, str(repetition_id))
    return json(found, version=found["version"])


def _receipt(receipt: Row, is_new: bool) -> Response:
    return json(
        receipt,
        status=201 if is_new else 200,
        version=receipt["submission_version"],
        location=f"/v1/me/submissions/{receipt['submission_id']}",
    )
