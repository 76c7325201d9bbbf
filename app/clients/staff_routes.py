"""Clients at the staff door."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.access.permissions import Permission
from app.clients import address_confirmation, finding, inviting, references
from app.clients import service as clients
from app.clients.finding import Sort
from app.clients.schemas import (
    AddressConfirm,
    ClientCreate,
    ClientInvite,
    ClientLine,
    ClientOut,
    ClientUpdate,
    Day,
    Instant,
    RefFilter,
    Status,
)
from app.core.wire import Page, json
from app.operation.frame import Framed, Working
from app.operation.listing import Cursor, Limit, paged, place
from app.operation.marks import may

staff = APIRouter(prefix="/v1", tags=["clients"], route_class=Framed)


@staff.post("/clients", response_model=ClientOut, status_code=201)
@may(Permission.clients_write)
async def create_client(work: Working, asked: ClientCreate) -> Response:
    """Take in a client, and open the first episode of care."""

    async def taken_in() -> Response:
        client = await clients.create(work, asked)
        at = f"/v1/clients/{client['id']}"
        return json(client, status=201, version=client["version"], location=at)

    return await (references.answered(work, None, taken_in) if asked.external_refs else taken_in())


@staff.get("/clients", response_model=Page[ClientLine])
@may(Permission.clients_read)
async def list_clients(
    work: Working,
    limit: Limit = 25,
    cursor: Cursor = None,
    sort: Annotated[Sort, Query(description="newest, or by legal name (2,000 at most)")] = "newest",
    q: Annotated[
        str | None,
        Query(max_length=200, description="words of a name, or two or more of their first letters"),
    ] = None,
    birth_date: Annotated[Day | None, Query(description="only those born then")] = None,
    status: Annotated[Status | None, Query(description="only those in this state")] = None,
    therapist: Annotated[
        UUID | None, Query(description="only those this member treats now, by user id")
    ] = None,
    external_ref: Annotated[
        RefFilter | None, Query(description="whom another system calls so, as system:value")
    ] = None,
    changed_after: Annotated[
        Instant | None, Query(description="only those that changed after this instant")
    ] = None,
) -> Response:
    """The clients you know: your caseload; owners and assistants know everyone."""
    system, _, value = (external_ref or "").partition(":")
    blind = work.house.keyring.blind
    rows = await finding.list_of(
        work,
        place=place(work, cursor),
        limit=limit,
        sort=sort,
        q=q,
        birth=blind(work.practice_id, "birth", birth_date.isoformat()) if birth_date else None,
        status=status,
        therapist=str(therapist) if therapist else None,
        system=system or None,
        ref=finding.ref_hash(work, system, value.strip()) if external_ref else None,
        changed_after=changed_after,
    )
    return paged(work, rows, limit)


@staff.get("/clients/{client_id}", response_model=ClientOut)
@may(Permission.clients_read, living=True)
async def get_client(work: Working, client_id: UUID) -> Response:
    """One client: names, how to reach them, episodes, and who treats."""
    client = await clients.get(work, str(client_id))
    return json(client, version=client["version"])


@staff.patch("/clients/{client_id}", response_model=ClientOut)
@may(Permission.clients_write, versioned=True)
async def update_client(work: Working, client_id: UUID, asked: ClientUpdate) -> Response:
    """Change what is on file about a client."""

    async def changed() -> Response:
        client = await clients.update(work, str(client_id), asked)
        return json(client, version=client["version"])

    if not asked.external_refs:
        return await changed()
    return await references.answered(work, str(client_id), changed)


@staff.post("/clients/{client_id}/invitation", status_code=202, response_class=Response)
@may(Permission.clients_write)
async def invite_client(
    work: Working, client_id: UUID, asked: ClientInvite | None = None
) -> Response:
    """Ask a client to join. Asking again makes the secret mailed before useless.

    An address that the front desk put on file is written to once a treating therapist has
    confirmed it (confirm_client_address). A treating therapist who names `email` confirms it so.
    """
    await inviting.invite(work, str(client_id), asked)
    return Response(status_code=202)


@staff.post("/clients/{client_id}/confirm-address", response_model=ClientOut)
@may(Permission.clients_confirm, replays=False, versioned=True)
async def confirm_client_address(work: Working, client_id: UUID, asked: AddressConfirm) -> Response:
    """Say that an address on file is the client's own.

    For who treats the client, and for the owner where nobody does. Until then nobody joins by an
    address that the front desk put on file; what was sent to it waits, and goes now. `If-Match`
    holds the client's version, in which the address was seen. Confirming again changes nothing.
    """
    client = await address_confirmation.confirm(work, str(client_id), asked.email)
    return json(client, version=client["version"])
