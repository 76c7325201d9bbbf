"""What an invitation needs to be good for: asked when its mail is written, and when it is accepted.

It was right when it was sent, and may not be any more: its sender was suspended, the address is no
longer on file. What changes that withdraws it too; asking again is for what only time changes.
"""

from typing import Any, Final

from sqlalchemy import ColumnElement, and_, func, or_, select

from app.access.practice import Practice
from app.accounts.models import Invitation, User
from app.accounts.open_invitations import OPEN, SENDER_MAY
from app.clients.models import Client, ClientAddress
from app.core.statements import Query, p
from app.operation.work import Work
from app.practices.service import USUAL

_CLIENT_IN_CARE = (
    select(Client.id)
    .where(
        Client.practice_id == Invitation.practice_id,
        Client.id == Invitation.client_id,
        or_(Client.status == "active", Client.status == "discharged"),
    )
    .correlate(Invitation)
    .exists()
)
_ADDRESS = and_(
    ClientAddress.practice_id == Invitation.practice_id,
    ClientAddress.client_id == Invitation.client_id,
    ClientAddress.email_hash == Invitation.email_hash,
)
_DESK_INVITES = (
    select(func.coalesce(Practice.policies["desk_invites"].astext, USUAL["desk_invites"]))
    .where(Practice.practice_id == Invitation.practice_id)
    .correlate(Invitation)
    .scalar_subquery()
)
IS_CONFIRMED: Final[ColumnElement[bool]] = (
    select(ClientAddress.id)
    .where(_ADDRESS, or_(ClientAddress.confirmed_at.is_not(None), _DESK_INVITES == "tell"))
    .correlate(Invitation)
    .exists()
)
"""The address is on file since it was sent, and somebody who may has said it is the client's."""
_SENDER_IS_OPEN = (
    select(User.id)
    .where(User.id == Invitation.invited_by, User.deactivated_at.is_(None))
    .correlate(Invitation)
    .exists()
)
_STANDS: Final = Query(
    select(Invitation.id).where(
        OPEN,
        Invitation.id == p("invitation_id"),
        SENDER_MAY,
        _SENDER_IS_OPEN,
        or_(Invitation.kind == "staff", _CLIENT_IN_CARE),
        or_(Invitation.kind != "client", IS_CONFIRMED),
    )
)


async def stands(work: Work, invitation_id: str) -> bool:
    """Return whether the invitation is good for what it offers, now.

    Asked as a job of the practice: whoever holds the secret reads none of this.
    """
    async with work.in_capacity("job"):
        found: Any = await work.row(_STANDS, invitation_id=invitation_id)
    return found is not None
