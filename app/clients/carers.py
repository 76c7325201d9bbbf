"""Who treats a client now: whom to tell, and who may say what is the client's."""

from typing import Final

from sqlalchemy import and_, func, literal, or_, select

from app.access.grounds import CareAssignment, Membership
from app.access.visible import kept_apart, treated
from app.clients.models import Client
from app.core.statements import Query, p
from app.operation.work import Work
from app.practices import members

_CARERS: Final = Query(
    select(CareAssignment.user_id)
    .distinct()
    .join(
        Membership,
        and_(
            Membership.practice_id == CareAssignment.practice_id,
            Membership.user_id == CareAssignment.user_id,
        ),
    )
    .where(
        CareAssignment.practice_id == p("practice_id"),
        CareAssignment.client_id == p("of_client"),
        CareAssignment.starts_at <= func.now(),
        or_(CareAssignment.ends_at.is_(None), CareAssignment.ends_at > func.now()),
        members.LIVE,
        Membership.roles.op("@>")(["therapist"]),
        ~kept_apart(CareAssignment.client_id, CareAssignment.user_id),
    )
    .order_by(CareAssignment.user_id)
)
_OWNERS: Final = Query(
    select(Membership.user_id)
    .where(members.LIVE, Membership.roles.op("@>")(["owner"]))
    .order_by(Membership.user_id)
)
_TREATS: Final = Query(
    select(literal(1).label("yes")).where(Client.id == p("of_client"), treated(Client))
)


async def of_client(work: Work, client_id: str) -> list[str]:
    """Return the user ids of those who treat this client now, on the staff and not barred."""
    return [row["user_id"] for row in await work.rows(_CARERS, of_client=client_id)]


async def or_owners(work: Work, client_id: str) -> list[str]:
    """Return the same; where nobody treats, the owners."""
    return await of_client(work, client_id) or await owners(work)


async def owners(work: Work) -> list[str]:
    """Return the user ids of the practice's owners."""
    return [row["user_id"] for row in await work.rows(_OWNERS)]


async def treats(work: Work, client_id: str) -> bool:
    """Return whether the caller is a therapist who treats this client now."""
    if "therapist" not in work.actor.roles:
        return False
    return await work.row(_TREATS, of_client=client_id) is not None
