"""Invitations that nobody has accepted yet: whether their sender still may, and how they end.

An invitation is as good as whoever sent it: what a member may no longer do, an invitation of theirs
does not do either.
"""

from typing import Any, Final

from sqlalchemy import ColumnElement, LargeBinary, and_, func, or_, select, update

from app.access.grounds import CareAssignment, Membership
from app.access.visible import kept_apart
from app.accounts.models import Invitation
from app.core.statements import Query, p
from app.operation.work import Work

OPEN: Final[ColumnElement[bool]] = and_(
    Invitation.practice_id == p("practice_id"),
    Invitation.used_at.is_(None),
    Invitation.revoked_at.is_(None),
)
WITHDRAWN: Final[Any] = {
    "revoked_at": func.now(),
    "version": Invitation.version + 1,
    "changed_at": func.now(),
}


def _live(table: Any) -> ColumnElement[bool]:
    return and_(
        table.starts_at <= func.now(), or_(table.ends_at.is_(None), table.ends_at > func.now())
    )


_TREATS = (
    select(CareAssignment.id)
    .where(
        CareAssignment.practice_id == Invitation.practice_id,
        CareAssignment.client_id == Invitation.client_id,
        CareAssignment.user_id == Invitation.invited_by,
        _live(CareAssignment),
    )
    .correlate(Invitation, Membership)
    .exists()
)
_OWNS: Final = Membership.roles.op("@>")(["owner"])
SENDER_MAY: Final[ColumnElement[bool]] = (
    select(Membership.user_id)
    .where(
        Membership.practice_id == Invitation.practice_id,
        Membership.user_id == Invitation.invited_by,
        Membership.suspended_at.is_(None),
        _live(Membership),
        or_(
            and_(Invitation.kind == "staff", _OWNS),
            and_(
                Invitation.kind != "staff",
                ~kept_apart(Invitation.client_id, Invitation.invited_by),
                or_(
                    _OWNS,
                    # A guardian whom the front desk asks would need a clinician's word as well.
                    and_(Invitation.kind == "client", Membership.roles.op("@>")(["assistant"])),
                    and_(Membership.roles.op("@>")(["therapist"]), _TREATS),
                ),
            ),
        ),
    )
    .correlate(Invitation)
    .exists()
)
"""Whoever sent it is a live member now, and may send such an invitation now."""

_REVOKE_SENT_BY = Query(
    update(Invitation)
    .where(OPEN, Invitation.invited_by == p("of_user"), ~SENDER_MAY)
    .values(**WITHDRAWN)
)
_REVOKE_TO = Query(
    update(Invitation)
    .where(
        OPEN,
        Invitation.client_id == p("of_client"),
        Invitation.kind == "client",
        Invitation.email_hash == p("email_hash", LargeBinary()),
    )
    .values(**WITHDRAWN)
)
_REVOKE_OF_CLIENT = Query(
    update(Invitation)
    .where(OPEN, Invitation.client_id == p("of_client"), Invitation.kind == "client")
    .values(**WITHDRAWN)
)


async def revoke_sent_by(work: Work, user_id: str) -> None:
    """Withdraw what this member sent and may not send (any more): called once it is so."""
    await work.run(_REVOKE_SENT_BY, of_user=user_id)


async def revoke_to(work: Work, client_id: str, email_hash: bytes) -> None:
    """Withdraw a client's invitations to this address: called when it is no longer on file."""
    await work.run(_REVOKE_TO, of_client=client_id, email_hash=email_hash)


async def revoke_of_client(work: Work, client_id: str) -> None:
    """Withdraw a client's invitations: another takes their place."""
    await work.run(_REVOKE_OF_CLIENT, of_client=client_id)
