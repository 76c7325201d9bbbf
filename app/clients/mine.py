"""A client's own profile, what guardians see of it, and whom a caller acts for."""

from typing import Any, Final, get_args

from sqlalchemy import and_, select

from app.access.grounds import Guardian
from app.access.visible import own
from app.clients import default_visibility, episodes, finding, service
from app.clients.default_visibility import HAS_GUARDIANS
from app.clients.models import Client, Episode, EpisodeFocus
from app.clients.my_schemas import MyProfileUpdate, Scope
from app.core.statements import Query, p
from app.operation.work import Row, Work

SCOPES: Final[tuple[str, ...]] = get_args(Scope)
HIDDEN_FROM_GUARDIANS: Final = ("preferred_name", "pronouns")
_NOT_AT_THIS_DOOR: Final = ("created_at", "changed_at")

_ZONE = Query(select(Client.id, Client.zone).where(own(Client)))
_WARD = Query(select(*finding.LINE, HAS_GUARDIANS).where(own(Client)))
_MINE = Query(
    select(
        *finding.LINE,
        HAS_GUARDIANS,
        EpisodeFocus.id.label("focus_id"),
        EpisodeFocus.client_id.label("focus_client_id"),
        EpisodeFocus.lines.label("focus"),
    )
    .outerjoin(
        Episode,
        and_(
            Episode.practice_id == Client.practice_id,
            Episode.client_id == Client.id,
            Episode.closed_at.is_(None),
        ),
    )
    .outerjoin(EpisodeFocus, episodes.focus_of(Episode))
    .where(own(Client))
    .order_by(Episode.id)
)
_WARDS = Query(
    select(
        Guardian.client_id,
        Guardian.relation,
        Guardian.scopes,
        Guardian.starts_on,
        Guardian.ends_on,
        Guardian.suspended_at,
    )
    .where(
        Guardian.practice_id == p("practice_id"),
        Guardian.user_id == p("me"),
        Guardian.revoked_at.is_(None),
    )
    .order_by(Guardian.id)
    .limit(100)
)


async def profile(work: Work) -> Row:
    """What is on file about me. Raises NotFound when the door looks empty."""
    rows = await work.rows(_MINE)
    if not rows:
        await work.nothing(Client, work.client_id)
    row = _at_this_door(rows[0])
    row["focus"] = [line for one in rows if one["focus"] for line in one["focus"].value]
    for hidden in ("focus_id", "focus_client_id"):
        del row[hidden]
    return row


async def zone(work: Work) -> str:
    """The zone on file of the client acted for. Raises NotFound when the door looks empty."""
    row = await work.row(_ZONE)
    if row is None:
        await work.nothing(Client, work.client_id)
    return str(row["zone"])


async def ward(work: Work) -> Row:
    """What a guardian sees of the client acted for. Raises NotFound when the door looks empty."""
    found = await work.row(_WARD)
    if found is None:
        await work.nothing(Client, work.client_id)
    row = _at_this_door(found)
    # No version either: it also counts changes of what is hidden here.
    del row["version"]
    if not row.pop("names_to_guardians"):
        row |= dict.fromkeys(HIDDEN_FROM_GUARDIANS)
    return row


async def update(work: Work, asked: MyProfileUpdate) -> Row:
    """Change what is on file about me. Raises NotFound, VersionRequired or Stale."""
    current = await profile(work)
    given = asked.model_dump(mode="json", include=asked.model_fields_set)
    await service.keep(work, work.client_id, current, given, confirms=True)
    return await profile(work)


async def acting_for(work: Work) -> list[Row]:
    """Whom the caller acts for: a client in person themselves, a guardian each of their clients."""
    if work.actor.capacity == "self":
        return [_self(work.client_id)]
    return [_ward(row) for row in await work.rows(_WARDS)]


def _at_this_door(row: Row) -> Row:
    default = default_visibility.default(row.pop("has_guardians"))
    shown: dict[str, Any] = {"client_id": row.pop("id"), "answers_visible_default": default}
    shown |= finding.shown(row)
    for hidden in _NOT_AT_THIS_DOOR:
        del shown[hidden]
    return shown


def _self(client_id: str) -> Row:
    return {
        "client_id": client_id,
        "capacity": "self",
        "relation": None,
        "scopes": sorted(SCOPES),
        "starts_on": None,
        "ends_on": None,
        "is_suspended": False,
    }


def _ward(row: Row) -> Row:
    return {
        "client_id": row["client_id"],
        "capacity": "guardian",
        "relation": row["relation"],
        "scopes": sorted(row["scopes"]),
        "starts_on": row["starts_on"],
        "ends_on": row["ends_on"],
        "is_suspended": row["suspended_at"] is not None,
    }
