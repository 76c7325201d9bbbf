"""Invitations, for whoever has the mailed secret."""

from fastapi import APIRouter
from starlette.responses import Response

from app.accounts.schemas import TokensOut
from app.core.wire import json
from app.invitations import acceptance
from app.invitations.schemas import InvitationOut, JoinRequest, TokenRequest
from app.operation.frame import Framed, Working
from app.operation.marks import public

anyone = APIRouter(prefix="/v1/auth/invitations", tags=["accounts"], route_class=Framed)


@anyone.post("/preview", response_model=InvitationOut)
@public(cost=5)
async def preview_invitation(work: Working, asked: TokenRequest) -> Response:
    """What an invitation is for, and what accepting it asks."""
    return json(await acceptance.preview(work, asked.token))


@anyone.post("/accept", response_model=TokensOut)
@public(cost=5)
async def accept_invitation(work: Working, asked: JoinRequest) -> Response:
    """Join. An address that has a login already joins with that login's password.

    A login is a second client of one practice only where legal name and birth date on file are the
    same: 409 `accounts.other_address` asks to be invited at another address.
    """
    return json(await acceptance.accept(work, asked))
