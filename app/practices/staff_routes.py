"""The practice and its staff, at the staff door."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from app.access.permissions import Permission
from app.core.wire import json
from app.operation.frame import Framed, Working
from app.operation.listing import Cursor, Limit, after, paged
from app.operation.marks import may
from app.practices import members
from app.practices import service as practices
from app.practices.schemas import (
    MemberInvite,
    MemberOut,
    MemberUpdate,
    PracticeOut,
    PracticeUpdate,
    StaffPage,
)

staff = APIRouter(prefix="/v1", tags=["practices"], route_class=Framed)


@staff.get("/practice", response_model=PracticeOut)
@may(Permission.practice_read)
async def get_practice(work: Working) -> Response:
    """The practice you are signed in to."""
    practice = await practices.get(work)
    return json(practice, version=practice["version"])


@staff.patch("/practice", response_model=PracticeOut)
@may(Permission.practice_write, versioned=True)
async def update_practice(work: Working, asked: PracticeUpdate) -> Response:
    """Change the practice's name, place, crisis resources or policies."""
    practice = await practices.change(work, asked)
    return json(practice, version=practice["version"])


@staff.post("/members", status_code=202, response_class=Response)
@may(Permission.members_write)
async def invite_member(work: Working, asked: MemberInvite) -> Response:
    """Ask someone to join the staff. Asking again makes the secret mailed before useless."""
    await members.invite(work, asked)
    return Response(status_code=202)


@staff.get("/members", response_model=StaffPage)
@may(Permission.members_read)
async def list_members(work: Working, limit: Limit = 25, cursor: Cursor = None) -> Response:
    """The staff, newest first; owners and assistants also see who was asked and has not come."""
    rows = await members.list_of(work, after=after(work, cursor), limit=limit)
    return paged(work, rows, limit)


@staff.patch("/members/{user_id}", response_model=MemberOut)
@may(Permission.members_write, versioned=True)
async def update_member(work: Working, user_id: UUID, asked: MemberUpdate) -> Response:
    """Change how a member is described, or their roles; roles ask for a step-up."""
    member = await members.change(work, str(user_id), asked)
    return json(member, version=member["version"])


@staff.post("/members/{user_id}/suspend", response_model=MemberOut)
@may(Permission.members_write, replays=False, versioned=True)
async def suspend_member(work: Working, user_id: UUID) -> Response:
    """Close the practice to a member from this second, whatever they still have open."""
    member = await members.suspend(work, str(user_id))
    return json(member, version=member["version"])
