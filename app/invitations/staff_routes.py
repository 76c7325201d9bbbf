"""Invitations that were sent, at the staff API."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.access.permissions import Permission
from app.core.wire import Page, json
from app.invitations import service as invitations
from app.invitations.schemas import SentInvitationOut, State
from app.operation.frame import Framed, Working
from app.operation.listing import Cursor, Limit, after, paged
from app.operation.marks import may

staff = APIRouter(prefix="/v1", tags=["accounts"], route_class=Framed)


@staff.get("/invitations", response_model=Page[SentInvitationOut])
@may(Permission.clients_read)
async def list_invitations(
    work: Working,
    limit: Limit = 25,
    cursor: Cursor = None,
    client_id: Annotated[UUID | None, Query(description="only those of this client")] = None,
    state: Annotated[State | None, Query(description="only those in this state")] = None,
) -> Response:
    """List invitations and what became of them, newest first.

    Of clients you know, and their guardians; owners and assistants also see those of staff.
    """
    rows = await invitations.list_of(
        work,
        after=after(work, cursor),
        limit=limit,
        client_id=str(client_id) if client_id else None,
        state=state,
    )
    return paged(work, rows, limit)


@staff.post("/invitations/{invitation_id}/withdraw", response_model=SentInvitationOut)
@may(Permission.clients_write, replays=False, versioned=True)
async def withdraw_invitation(work: Working, invitation_id: UUID) -> Response:
    """Withdraw an invitation; nobody joins by it any more. Again changes nothing.

    One that was accepted ends, for a client or a guardian, the login's place at once: for who
    treats the client, and for owners. Invitations of staff are the owners' to withdraw; a member
    who has joined is suspended instead.
    """
    found = await invitations.withdraw(work, str(invitation_id))
    return json(found, version=found["version"])
