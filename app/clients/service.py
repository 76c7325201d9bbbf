"""The rules of clients: taken in with a first episode of care, read, and kept up to date."""

from datetime import date
from typing import Any, Final

from sqlalchemy import and_, func, literal, or_, select
from sqlalchemy.orm import aliased

from app.access.grounds import CareAssignment
from app.access.visible import known, readable, treated
from app.clients import finding
from app.clients.models import Client, Episode, EpisodeFocus, ExternalRef
from app.clients.schemas import ClientCreate, ClientUpdate
from app.core.clock import now
from app.core.errors import Conflict, Invalid
from app.core.ids import new_id
from app.core.statements import Query, p
from app.core.wire import zone as zone_of
from app.operation import preconditions
from app.operation.failures import not_on_care_team
from app.operation.work import Row, Work
from app.practices import members
from app.practices import service as practices

NAMES: Final = ("legal_name", "preferred_name", "pronouns", "birth_date", "contact_points")
WORDS: Final = (*NAMES, "names_to_guardians")

_ONE = Query(select(*finding.LINE).where(Client.id == p("id"), known(Client)))
_TREATED = Query(select(literal(1).label("yes")).where(Client.id == p("id"), treated(Client)))
_REFS = Query(
    select(ExternalRef.id, ExternalRef.client_id, ExternalRef.system, ExternalRef.value)
    .where(ExternalRef.client_id == p("of_client"), known(ExternalRef))
    .order_by(ExternalRef.id)
)


def focus_of(episode: Any) -> Any:
    """The focus of the episode that is selected beside it."""
    return and_(
        EpisodeFocus.practice_id == episode.practice_id,
        EpisodeFocus.client_id == episode.client_id,
        EpisodeFocus.id == episode.id,
    )


_open = aliased(Episode)
_EPISODES = Query(
    select(
        Episode.id,
        Episode.client_id,
        Episode.opened_on,
        Episode.closed_at,
        CareAssignment.user_id,
        CareAssignment.part,
        _open.id.label("open_id"),
        EpisodeFocus.id.label("focus_id"),
        EpisodeFocus.client_id.label("focus_client_id"),
        EpisodeFocus.lines.label("focus"),
    )
    .outerjoin(
        CareAssignment,
        and_(
            CareAssignment.practice_id == Episode.practice_id,
            CareAssignment.episode_id == Episode.id,
            CareAssignment.starts_at <= func.now(),
            or_(CareAssignment.ends_at.is_(None), CareAssignment.ends_at > func.now()),
        ),
    )
    # Whether the episode may be opened is a second look at the same row; then what it is about.
    .outerjoin(_open, and_(_open.id == Episode.id, readable(_open)))
    .outerjoin(EpisodeFocus, focus_of(_open))
    .where(Episode.client_id == p("of_client"), known(Episode))
    .order_by(Episode.id.desc(), CareAssignment.id)
)


async def create(work: Work, asked: ClientCreate) -> Row:
    """A new client with keys of their own, and an open episode with its primary therapist.

    Raises Invalid `clients.primary_therapist` when it is unclear or impossible who treats, and
    Conflict `clients.ref_taken` for an external reference that names somebody already.
    """
    therapist_id = await _primary_therapist(work, asked)
    zone = asked.zone or (await practices.get(work))["zone"]
    said = asked.model_dump(mode="json", include=set(NAMES))
    words = said | {"names_to_guardians": False}
    client_id, episode_id = new_id(), new_id()
    await work.admit(client_id)
    await work.add(
        Client,
        id=client_id,
        words=words,
        zone=zone,
        locale=asked.locale,
        birth_hash=birth_hash(work, asked.birth_date),
    )
    await finding.index(work, client_id, words)
    await _add_refs(work, client_id, asked)
    await work.add(
        Episode,
        id=episode_id,
        client_id=client_id,
        opened_on=now().astimezone(zone_of(zone)).date(),
    )
    if asked.focus:
        await work.add(EpisodeFocus, id=episode_id, client_id=client_id, lines=list(asked.focus))
    await work.add(
        CareAssignment,
        id=new_id(),
        client_id=client_id,
        episode_id=episode_id,
        user_id=therapist_id,
        part="primary",
    )
    work.note("contact", client_id)
    work.tell("clients.created", client_id, client_id)
    work.tell("episodes.opened", episode_id, client_id)
    return await get(work, client_id)


async def get(work: Work, client_id: str) -> Row:
    """One client, for those who know them: references, episodes and who treats. Raises NotFound."""
    client = await line(work, client_id)
    refs = await work.rows(_REFS, of_client=client_id)
    rows = await work.rows(_EPISODES, of_client=client_id)
    client["external_refs"] = [{name: row[name] for name in ("system", "value")} for row in refs]
    client["episodes"] = _episodes(rows)
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
    if not work.actor.keeps_directory and await work.row(_TREATED, id=client_id) is None:
        raise not_on_care_team()
    return row


async def update(work: Work, client_id: str, asked: ClientUpdate) -> Row:
    """Change what is on file about a client. Raises as `writable` does, VersionRequired, Stale."""
    current = await writable(work, client_id)
    await keep(
        work, client_id, current, asked.model_dump(mode="json", include=asked.model_fields_set)
    )
    return await get(work, client_id)


async def keep(work: Work, client_id: str, current: Row, given: Row) -> None:
    """Write what was `given` over the client's `current` row, and make it findable anew.

    Raises VersionRequired or Stale.
    """
    seen = preconditions.demand(work, current["version"])
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
    work.note("contact", client_id)
    work.tell("clients.changed", client_id, client_id)


def birth_hash(work: Work, on: date | None) -> bytes | None:
    """What an invitation compares a birth date with."""
    return work.house.keyring.blind(work.practice_id, "birth", on.isoformat()) if on else None


async def _primary_therapist(work: Work, asked: ClientCreate) -> str:
    actor = work.actor
    named = str(asked.primary_therapist_id) if asked.primary_therapist_id else None
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


async def _add_refs(work: Work, client_id: str, asked: ClientCreate) -> None:
    # In one order for everybody, so that two that share references wait instead of deadlocking.
    refs = sorted(enumerate(asked.external_refs), key=lambda one: (one[1].system, one[1].value))
    for position, ref in refs:
        added = await work.add(
            ExternalRef,
            unless=("practice_id", "system", "value_hash"),
            id=new_id(),
            client_id=client_id,
            system=ref.system,
            value_hash=finding.ref_hash(work, ref.system, ref.value),
            value=ref.value,
        )
        if not added:
            words = "This reference names another client already."
            raise Conflict(
                "clients.ref_taken",
                "An external reference names another client already. Look that one up first.",
                errors=[
                    {
                        "pointer": f"/external_refs/{position}",
                        "code": "clients.ref_taken",
                        "detail": words,
                    }
                ],
            )


def _episodes(rows: list[Row]) -> list[Row]:
    found: dict[str, Row] = {}
    for row in rows:
        may_open = row["open_id"] is not None
        episode = found.setdefault(
            row["id"],
            {
                "id": row["id"],
                "opened_on": row["opened_on"],
                "closed_at": row["closed_at"],
                "focus": (row["focus"] or []) if may_open else None,
                "therapists": [],
            },
        )
        if row["user_id"] is not None:
            episode["therapists"].append({"user_id": row["user_id"], "part": row["part"]})
    return list(found.values())
