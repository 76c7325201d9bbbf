"""Whose client this is: the checks every room asks before it opens a client's contents."""

from typing import Any

from sqlalchemy import literal, select

from app.access.visible import known, readable, treated
from app.clients.models import Client, Episode
from app.core.errors import Conflict, NotFound
from app.core.statements import Query, p
from app.operation.failures import not_on_care_team
from app.operation.work import Work

# The client's id among what is read: that a list is empty is a look at the client, and noted.
_READABLE = Query(select(Client.id).where(Client.id == p("id"), readable(Client)))
_TREATED = Query(select(literal(1).label("yes")).where(Client.id == p("id"), treated(Client)))
_KNOWN = Query(select(literal(1).label("yes")).where(Client.id == p("id"), known(Client)))
_EPISODES = Query(
    select(Episode.id).where(
        Episode.client_id == p("of_client"), Episode.closed_at.is_(None), treated(Episode)
    )
)


async def demand_readable(work: Work, client_id: str) -> None:
    """Raises NotFound for a client the caller does not know, Forbidden
    `access.not_on_care_team` for one known by name only."""
    if await work.row(_READABLE, id=client_id) is None:
        await _refuse(work, client_id)


async def demand_treated(work: Work, client_id: str) -> None:
    """Raises as `demand_readable` does, and Forbidden `access.not_on_care_team` for who only
    reads."""
    if await work.row(_TREATED, id=client_id) is None:
        await demand_readable(work, client_id)
        raise not_on_care_team()


async def treated_episode(
    work: Work, client_id: str, episode_id: str | None, *, rather: str | None = None
) -> str:
    """The client's open episode the caller treats: the one named, or the only one; of several,
    `rather` where it is among them.

    Raises Conflict `episodes.choose` when there are several and none was named,
    `episodes.none_open` when there is none, and as `demand_readable` does; a supervisor, who
    reads and does not write, is refused as not on the care team.
    """
    open_ones: list[str] = [row["id"] for row in await work.rows(_EPISODES, of_client=client_id)]
    if episode_id is not None:
        if episode_id in open_ones:
            return episode_id
        if open_ones:
            raise NotFound("episodes.not_found", "This is no open episode of yours. Check the id.")
    if len(open_ones) == 1:
        return open_ones[0]
    if rather in open_ones:
        return str(rather)
    if len(open_ones) > 1:
        raise Conflict(
            "episodes.choose",
            "This client has several open episodes. Name one as episode_id.",
            episodes=open_ones,
        )
    await demand_readable(work, client_id)
    if await work.row(_TREATED, id=client_id) is None:
        raise not_on_care_team()
    raise Conflict(
        "episodes.none_open",
        "No episode of this client's is open in which you treat. Open one first.",
    )


async def _refuse(work: Work, client_id: str) -> None:
    found: Any = await work.row(_KNOWN, id=client_id)
    if found is not None:
        raise not_on_care_team()
    raise NotFound()
