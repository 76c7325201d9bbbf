"""The rules of clients: taken in with a first episode of care, read, and kept up to date."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from app.access.visible import known
from app.clients import addresses, carers, episodes, finding, references
from app.clients.beginning import begin
from app.clients.models import Client
from app.clients.schemas import ClientCreate, ClientUpdate
from app.core.clock import now
from app.core.errors import Invalid
from app.core.ids import new_id
from app.core.statements import Query, p
from app.core.zones import local_day
from app.operation import preconditions
from app.operation.failures import not_on_care_team
from app.operation.work import Row, Work
from app.practices import members
from app.practices import service as practices

NAMES: Final = ("legal_name", "preferred_name", "pronouns", "birth_date", "contact_points")
WORDS: Final = (*NAMES, "names_to_guardians")

_ONE = Query(select(*finding.LINE).where(Client.id == p("id"), known(Client)))


async def create(work: Work, asked: ClientCreate) -> Row:
    """A new client with keys of their own, and an open episode with its primary therapist.

    Raises Invalid `clients.primary_therapist` when it is unclear or impossible who treats, and
    Conflict `clients.ref_taken` for an external reference that names somebody already.
    """
    therapist_id = await primary_therapist(work, asked.primary_therapist_id)
    usual = {} if asked.zone and asked.locale else await practices.get(work)
    zone = asked.zone or usual["zone"]
    said = asked.model_dump(mode="json", include=set(NAMES))
    words = said | {"names_to_guardians": False}
    client_id = new_id()
    await work.admit(client_id)
    await work.add(
        Client,
        id=client_id,
        words=words,
        zone=zone,
        locale=asked.locale or usual["locale"],
        birth_hash=birth_hash(work, asked.birth_date),
    )
    await finding.index(work, client_id, words)
    treats = therapist_id == work.actor.user_id
    await addresses.follow(work, client_id, [], words["contact_points"], confirmed=treats)
    await references.add(work, client_id, enumerate(asked.external_refs))
    today = local_day(now(), zone)
    episode_id = await begin(
        work, client_id, on=today, focus=asked.focus, therapist_id=therapist_id
    )
    work.note("contact", client_id)
    work.tell("clients.created", client_id, client_id)
    work.tell("episodes.opened", episode_id, client_id)
    return await get(work, client_id)


async def get(work: Work, client_id: str) -> Row:
    """One client, for those who know them: references, episodes and who treats. Raises NotFound."""
    client = await line(work, client_id)
    client["unconfirmed_addresses"] = await addresses.unconfirmed(work, client_id)
    client["external_refs"] = await references.of_client(work, client_id)
    client["episodes"] = await episodes.of_client(work, client_id)
    return client


async def line(work: Work, client_id: str) -> Row:
    """One client's own row, for those who know them. Raises NotFound."""
    row = await work.row(_ONE, id=client_id)
    if row is None:
        await work.nothing(Client, client_id)
    return finding.shown(row)


async def writable(work: Work, client_id: str) -> Row:
    """The client's own row, for those who may also change it: owners, assistants, who treats.

    Raises NotFound, and Forbidden for a supervisor, who reads.
    """
    row = await line(work, client_id)
    if not work.actor.keeps_directory and not await carers.treats(work, client_id):
        raise not_on_care_team()
    return row


async def update(work: Work, client_id: str, asked: ClientUpdate) -> Row:
    """Change what is on file about a client. Raises as `writable` does, VersionRequired, Stale,
    and Conflict `clients.ref_taken` for an external reference that names somebody else."""
    current = await writable(work, client_id)
    given = asked.model_dump(mode="json", include=asked.model_fields_set)
    treats = "contact_points" in given and await carers.treats(work, client_id)
    await keep(work, client_id, current, given, confirms=treats)
    if "external_refs" in asked.model_fields_set:
        await references.replace(work, client_id, asked.external_refs)
    return await get(work, client_id)


async def keep(work: Work, client_id: str, current: Row, given: Row, *, confirms: bool) -> None:
    """Write what was `given` over the client's `current` row, and make it findable anew.

    `confirms`: the caller may say which addresses are the client's. Raises VersionRequired or
    Stale.
    """
    seen = preconditions.demand(work, current["version"])
    if not given:
        return
    words: dict[str, Any] = {name: given.get(name, current[name]) for name in WORDS}
    birth = words["birth_date"]
    await work.change(
        Client,
        client_id,
        seen,
        words=words,
        zone=given.get("zone", current["zone"]),
        locale=given.get("locale", current["locale"]),
        birth_hash=birth_hash(work, date.fromisoformat(birth) if birth else None),
    )
    await finding.index(work, client_id, words)
    points = current["contact_points"], words["contact_points"]
    await addresses.follow(work, client_id, *points, confirmed=confirms)
    work.note("contact", client_id)
    work.tell("clients.changed", client_id, client_id)


def birth_hash(work: Work, on: date | None) -> bytes | None:
    """What an invitation compares a birth date with."""
    return work.house.keyring.blind(work.practice_id, "birth", on.isoformat()) if on else None


async def primary_therapist(work: Work, asked: UUID | None) -> str:
    """Who treats in an episode that opens: the therapist who opens it, or whom the front desk
    names. Raises Invalid `clients.primary_therapist`."""
    actor = work.actor
    named = str(asked) if asked else None
    if "therapist" in actor.roles and named in (None, actor.user_id):
        return actor.user_id
    if named is None:
        raise _who_treats("Name the therapist who opens the care.")
    if not actor.keeps_directory:
        raise _who_treats(
            "A therapist opens care of their own; the front desk opens a colleague's."
        )
    if not await members.is_on_staff(work, named, "therapist"):
        raise _who_treats("This is no therapist of the practice now.")
    return named


def _who_treats(words: str) -> Invalid:
    code = "clients.primary_therapist"
    return Invalid(
        code, words, errors=[{"pointer": "/primary_therapist_id", "code": code, "detail": words}]
    )
