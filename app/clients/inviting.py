"""Asking a client to join with a login of their own."""

from typing import Any

from sqlalchemy import literal, select

from app.access.grounds import ClientLogin
from app.access.visible import known
from app.accounts import open_invitations
from app.accounts.models import Invitation
from app.clients import addresses, carers, service
from app.clients.address_confirmation import written
from app.clients.models import Client
from app.clients.schemas import ClientInvite
from app.core.errors import Conflict
from app.core.ids import new_id
from app.core.statements import Query, p
from app.operation.work import Row, Work
from app.practices import service as practices

_HOLD = Query(
    select(Client.id, Client.words, Client.birth_hash, Client.status)
    .where(Client.id == p("of_client"), known(Client))
    .with_for_update(of=Client, key_share=True)
)
_LOGIN = Query(
    select(literal(1).label("yes")).where(
        ClientLogin.practice_id == p("practice_id"), ClientLogin.client_id == p("of_client")
    )
)


async def invite(work: Work, client_id: str, asked: ClientInvite | None) -> None:
    """Invite a client; an invitation sent before opens nothing any more.

    The worker makes the secret and mails it, only ever to an address on file. One that nobody has
    confirmed as the client's waits until somebody does, or, where the practice chose so, goes at
    once and those who treat the client are told. Raises as `service.writable` does; Invalid
    `clients.email_not_on_file`; Conflict `clients.no_email`, `clients.has_login` or
    `clients.state`.
    """
    await service.writable(work, client_id)
    # One at a time for each client, and the addresses stay as they are: two at once would leave two
    # invitations open.
    held: Any = await work.row(_HOLD, of_client=client_id)
    named = asked.email if asked else None
    address = await _address(work, client_id, held["contact_points"], named)
    if held["status"] not in ("active", "discharged"):
        raise Conflict("clients.state", f"This client is {held['status']}. Nobody is invited.")
    if await work.row(_LOGIN, of_client=client_id) is not None:
        raise Conflict("clients.has_login", "This client has a login already.")
    await open_invitations.revoke_of_client(work, client_id)
    invitation_id = new_id()
    await work.add(
        Invitation,
        id=invitation_id,
        kind="client",
        client_id=client_id,
        words={"email": address["value"].value},
        email_hash=address["email_hash"],
        birth_hash=held["birth_hash"],
        invited_by=work.actor.user_id,
    )
    work.note("contact", client_id)
    work.tell("accounts.invited", invitation_id, client_id)
    if address["confirmed_at"] is None:
        await _tell_who_treats(work, client_id)


async def _address(work: Work, client_id: str, points: list[Row], named: str | None) -> Row:
    """Return the address to invite: the one named; else the first, of those confirmed if any is.

    A treating therapist who names one has said with it that it is the client's.
    """
    if named is not None:
        found = await addresses.on_file(work, client_id, written(points, named))
        if found["confirmed_at"] is None and await carers.treats(work, client_id):
            await addresses.confirm(work, client_id, found["email_hash"])
            found = await addresses.on_file(work, client_id, found["value"].value)
        return found
    several = [await addresses.on_file(work, client_id, one) for one in addresses.may_email(points)]
    if not several:
        raise Conflict(
            "clients.no_email",
            "No e-mail address on file may be written to. Add one that says may_email.",
        )
    return next((one for one in several if one["confirmed_at"] is not None), several[0])


async def _tell_who_treats(work: Work, client_id: str) -> None:
    policies = (await practices.get(work))["policies"]
    if policies["desk_invites"] == "tell":
        for user_id in await carers.or_owners(work, client_id):
            work.tell("accounts.desk_invited", user_id, client_id)
