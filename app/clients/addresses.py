"""The e-mail addresses of a client that may be written to, and who has confirmed each.

Whoever holds a client's login reads what the client reads. So an address that the front desk put on
file is not yet one to make a login with: a therapist who treats the client confirms it, or the
client does who has signed in. What a treating therapist or the client adds is confirmed by that.
"""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import LargeBinary, and_, delete, func, select, update

from app.access.visible import known
from app.accounts import open_invitations
from app.clients.models import ClientAddress
from app.core.ids import new_id
from app.core.statements import Query, p
from app.operation.work import Row, Work
from app.vault.sealing import normal_email

# Asked of a client who was seen, or changed, through their own ground just before.
_THIS = and_(
    ClientAddress.practice_id == p("practice_id"),
    ClientAddress.client_id == p("of_client"),
    ClientAddress.email_hash == p("email_hash", LargeBinary()),
)
_COLUMNS: Final = (
    ClientAddress.id,
    ClientAddress.client_id,
    ClientAddress.email_hash,
    ClientAddress.value,
    ClientAddress.confirmed_at,
)
_ALL = Query(
    select(*_COLUMNS)
    .where(ClientAddress.client_id == p("of_client"), known(ClientAddress))
    .order_by(ClientAddress.id)
)
_ONE = Query(select(*_COLUMNS).where(_THIS))
_FORGET = Query(delete(ClientAddress).where(_THIS))
_CONFIRM = Query(
    update(ClientAddress)
    .where(_THIS, ClientAddress.confirmed_at.is_(None))
    .values(confirmed_at=func.now(), confirmed_by=p("me"))
)


def may_email(points: Iterable[Row]) -> list[str]:
    """Return the addresses among these contact points that may be written to, in their order."""
    return [one["value"] for one in points if one["kind"] == "email" and one["may_email"]]


def email_hash(work: Work, value: str) -> bytes:
    """Return what a client's address is found by, in this practice."""
    return work.house.keyring.blind(work.practice_id, "email", normal_email(value))


async def follow(
    work: Work, client_id: str, before: Iterable[Row], after: Iterable[Row], *, confirmed: bool
) -> None:
    """Bring the client's addresses to what the contact points say after a change.

    `confirmed`: whoever made the change may say that an address is the client's. An invitation to
    an address that is gone opens nothing any more.
    """
    old = {email_hash(work, value) for value in may_email(before)}
    new = {email_hash(work, value): value for value in may_email(after)}
    for hashed in sorted(old - new.keys()):
        await work.run(_FORGET, of_client=client_id, email_hash=hashed)
        await open_invitations.revoke_to(work, client_id, hashed)
    for hashed in sorted(new.keys() - old):
        await _add(work, client_id, hashed, new[hashed])
        if confirmed:
            await confirm(work, client_id, hashed)


async def unconfirmed(work: Work, client_id: str) -> list[str]:
    """Return the client's addresses that nobody has confirmed."""
    rows = await work.rows(_ALL, of_client=client_id)
    return [row["value"].value for row in rows if row["confirmed_at"] is None]


async def on_file(work: Work, client_id: str, value: str) -> Row:
    """Return the client's address, which stands among the contact points.

    One from before addresses were confirmed gets its row here, and nobody has confirmed it.
    """
    hashed = email_hash(work, value)
    found = await work.row(_ONE, of_client=client_id, email_hash=hashed)
    if found is None:
        await _add(work, client_id, hashed, value)
        found = await work.row(_ONE, of_client=client_id, email_hash=hashed)
    assert found is not None
    return found


async def confirm(work: Work, client_id: str, hashed: bytes) -> bool:
    """Note that the caller says whose address this is; whether that was news."""
    return await work.run(_CONFIRM, of_client=client_id, email_hash=hashed) == 1


async def _add(work: Work, client_id: str, hashed: bytes, value: str) -> None:
    who: Any = work.actor
    await work.add(
        ClientAddress,
        unless=("practice_id", "client_id", "email_hash"),
        id=new_id(),
        client_id=client_id,
        email_hash=hashed,
        value=value,
        added_by=who.user_id,
    )
