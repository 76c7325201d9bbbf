"""Asking a client to join with a login of their own."""

from typing import Any

from sqlalchemy import func, literal, select, update

from app.access.grounds import ClientLogin
from app.access.visible import known
from app.accounts.models import Invitation
from app.clients import service
from app.clients.models import Client
from app.clients.schemas import ClientInvite
from app.core.errors import Conflict, FieldError, Invalid
from app.core.ids import new_id
from app.core.statements import Query, p
from app.operation.work import Row, Work
from app.vault.sealing import normal_email

_HOLD = Query(
    select(Client.birth_hash, Client.status)
    .where(Client.id == p("of_client"), known(Client))
    .with_for_update(of=Client, key_share=True)
)
_LOGIN = Query(
    select(literal(1).label("yes")).where(
        ClientLogin.practice_id == p("practice_id"), ClientLogin.client_id == p("of_client")
    )
)
_REVOKE = Query(
    update(Invitation)
    .where(
        Invitation.practice_id == p("practice_id"),
        Invitation.client_id == p("of_client"),
        Invitation.kind == "client",
        Invitation.used_at.is_(None),
        Invitation.revoked_at.is_(None),
    )
    .values(revoked_at=func.now(), version=Invitation.version + 1, changed_at=func.now())
)


async def invite(work: Work, client_id: str, asked: ClientInvite | None) -> None:
    """Invite a client; an invitation sent before opens nothing any more.

    The worker makes the secret and mails it, only ever to an address on file. Raises as
    `service.writable` does; Invalid `clients.email_not_on_file`; Conflict `clients.no_email`,
    `clients.has_login` or `clients.state`.
    """
    client = await service.writable(work, client_id)
    address = _address(client, asked.email if asked else None)
    # One at a time for each client: two at once would leave two invitations open.
    held: Any = await work.row(_HOLD, of_client=client_id)
    if held["status"] not in ("active", "discharged"):
        raise Conflict("clients.state", f"This client is {held['status']}. Nobody is invited.")
    if await work.row(_LOGIN, of_client=client_id) is not None:
        raise Conflict("clients.has_login", "This client has a login already.")
    await work.run(_REVOKE, of_client=client_id)
    invitation_id = new_id()
    await work.add(
        Invitation,
        id=invitation_id,
        kind="client",
        client_id=client_id,
        words={"email": address},
        birth_hash=held["birth_hash"],
        invited_by=work.actor.user_id,
    )
    work.note("contact", client_id)
    work.tell("accounts.invited", invitation_id, client_id)


def _address(client: Row, asked: str | None) -> str:
    points = [point for point in client["contact_points"] if point["kind"] == "email"]
    if asked is None:
        allowed = [point["value"] for point in points if point["may_email"]]
        if not allowed:
            raise Conflict(
                "clients.no_email",
                "No e-mail address on file may be written to. Add one that says may_email.",
            )
        return str(allowed[0])
    wanted = normal_email(asked)
    for point in points:
        if point["may_email"] and normal_email(point["value"]) == wanted:
            return str(point["value"])
    code, words = "clients.email_not_on_file", "This is no address on file that may be written to."
    field: FieldError = {"pointer": "/email", "code": code, "detail": words}
    raise Invalid(code, "An invitation goes to an address on file. Add it first.", errors=[field])
