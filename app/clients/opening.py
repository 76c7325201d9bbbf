"""Episodes open and close; the last to close discharges the client, until another opens."""

from typing import Any

from sqlalchemy import literal, select

from app.access.visible import known, treated
from app.clients import episodes, joining, service
from app.clients.beginning import begin
from app.clients.care_schemas import EpisodeCreate
from app.clients.models import Client, Episode
from app.core.clock import now
from app.core.errors import Conflict
from app.core.statements import Query, p
from app.core.zones import local_day
from app.operation import preconditions
from app.operation.failures import not_on_care_team
from app.operation.work import Row, Work

_HOLD = Query(
    select(Client.id, Client.status, Client.zone)
    .where(Client.id == p("of_client"), known(Client))
    .with_for_update(of=Client, key_share=True)
)
_TREATED = Query(select(literal(1).label("yes")).where(Episode.id == p("id"), treated(Episode)))
_OTHERS_OPEN = Query(
    select(literal(1).label("yes"))
    .where(
        Episode.client_id == p("of_client"),
        Episode.closed_at.is_(None),
        Episode.id != p("id"),
        known(Episode),
    )
    .limit(1)
)


async def open_one(work: Work, client_id: str, asked: EpisodeCreate) -> Row:
    """A new episode with its primary therapist; a discharged client is active again.

    Raises as `service.writable` and `joining.demand_may_treat` do, Invalid
    `clients.primary_therapist` or `episodes.opened_on`, Conflict `clients.state`.
    """
    await service.writable(work, client_id)
    therapist_id = await service.primary_therapist(work, asked.primary_therapist_id)
    await joining.demand_may_treat(work, client_id, therapist_id, "/primary_therapist_id")
    client: Any = await work.row(_HOLD, of_client=client_id)
    if client["status"] not in ("active", "discharged"):
        raise Conflict("clients.state", f"This client is {client['status']}. No care opens.")
    today = local_day(now(), client["zone"])
    opened_on = asked.opened_on or today
    if opened_on > today:
        words = "An episode opens today, or has opened before. Name no later day."
        raise joining.refused("/opened_on", "episodes.opened_on", words)
    episode_id = await begin(
        work, client_id, on=opened_on, focus=asked.focus, therapist_id=therapist_id
    )
    await work.alter(Client, client_id, status="active")
    work.note("contact", client_id)
    work.tell("episodes.opened", episode_id, client_id)
    return await episodes.get(work, episode_id)


async def close(work: Work, episode_id: str) -> Row:
    """Close an episode; the last open one discharges its client. Closing again changes nothing.

    Raises NotFound, Forbidden for those who neither treat in it nor own the practice,
    VersionRequired or Stale.
    """
    found = await episodes.get(work, episode_id)
    client_id = found["client_id"]
    if "owner" not in work.actor.roles and await work.row(_TREATED, id=episode_id) is None:
        raise not_on_care_team()
    # One at a time for each client: of two that close the last two, one discharges.
    client: Any = await work.row(_HOLD, of_client=client_id)
    current = await episodes.get(work, episode_id)
    if current["closed_at"] is not None:
        return current
    seen = preconditions.demand(work, current["version"])
    await work.change(Episode, episode_id, seen, closed_at=now())
    others = await work.row(_OTHERS_OPEN, of_client=client_id, id=episode_id)
    is_last = client["status"] == "active" and others is None
    await work.alter(Client, client_id, status="discharged" if is_last else client["status"])
    work.note("contact", client_id)
    work.tell("episodes.closed", episode_id, client_id)
    if is_last:
        work.tell("clients.discharged", client_id, client_id)
    return await episodes.get(work, episode_id)
