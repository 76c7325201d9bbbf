"""A client's address is confirmed: by a therapist who treats them, as the client's own."""

from typing import Any, Final

from sqlalchemy import LargeBinary, select

from app.access.visible import known
from app.accounts import open_invitations
from app.accounts.models import Invitation
from app.clients import addresses, carers, service
from app.clients.models import Client
from app.core.errors import FieldError, Invalid
from app.core.statements import Query, p
from app.operation import preconditions
from app.operation.failures import not_on_care_team
from app.operation.work import Row, Work
from app.vault.sealing import normal_email

# Held, so that the address on file is the one that is confirmed, whoever changes it meanwhile.
_HOLD: Final = Query(
    select(Client.id, Client.words, Client.version)
    .where(Client.id == p("of_client"), known(Client))
    .with_for_update(of=Client, key_share=True)
)
_WAITING: Final = Query(
    select(Invitation.id).where(
        open_invitations.OPEN,
        Invitation.client_id == p("of_client"),
        Invitation.email_hash == p("email_hash", LargeBinary()),
        Invitation.token_hash.is_(None),
    )
)


async def confirm(work: Work, client_id: str, email: str) -> Row:
    """Confirm an address on file; invitations that waited for it are sent. Again changes nothing.

    Raises NotFound; Forbidden `access.not_on_care_team` for those who do not treat the client,
    except for the owner where nobody does; Invalid as `on_file` does; VersionRequired or Stale.
    """
    await service.line(work, client_id)
    if not await carers.treats(work, client_id):
        owns = "owner" in work.actor.roles
        if not owns or await carers.of_client(work, client_id):
            raise not_on_care_team()
    held: Any = await work.row(_HOLD, of_client=client_id)
    address = await addresses.on_file(work, client_id, written(held["contact_points"], email))
    if address["confirmed_at"] is None:
        preconditions.demand(work, held["version"])
        await addresses.confirm(work, client_id, address["email_hash"])
        for row in await work.rows(_WAITING, of_client=client_id, email_hash=address["email_hash"]):
            work.tell("accounts.invited", row["id"], client_id)
        work.note("contact", client_id)
        work.tell("clients.address_confirmed", address["id"], client_id)
    return await service.get(work, client_id)


def written(points: list[Row], email: str) -> str:
    """Return the address as it is on file. Raises Invalid `clients.email_not_on_file` for one that
    is not, or may not be written to."""
    wanted = normal_email(email)
    for value in addresses.may_email(points):
        if normal_email(value) == wanted:
            return value
    code, words = "clients.email_not_on_file", "This is no address on file that may be written to."
    field: FieldError = {"pointer": "/email", "code": code, "detail": words}
    raise Invalid(
        code, "Name an address on file. If it is not there, add it first.", errors=[field]
    )
