"""Planning a session: in which episode, and with whom."""

from datetime import datetime

from sqlalchemy import select

from app.access.grounds import CareAssignment
from app.access.visible import known, treated
from app.clients import care
from app.clients.models import Episode
from app.core.errors import Conflict, NotFound
from app.core.ids import new_id
from app.core.statements import Query, p
from app.operation.failures import not_on_care_team
from app.operation.sealing import Row
from app.operation.work import Work
from app.sessions import service as sessions
from app.sessions import therapists
from app.sessions.models import Session
from app.sessions.schemas import SessionCreate

_EPISODES = Query(
    select(
        Episode.id,
        CareAssignment.user_id.label("therapist_id"),
        CareAssignment.part,
        treated(Episode).label("is_mine"),
    )
    .outerjoin(CareAssignment, therapists.CARING)
    .where(Episode.client_id == p("of_client"), Episode.closed_at.is_(None), known(Episode))
)


async def create(work: Work, client_id: str, asked: SessionCreate) -> Row:
    """A planned session.

    Raises NotFound for a client or episode the caller does not know, Forbidden
    `access.not_on_care_team` for a reader who does not treat, Conflict `episodes.choose`,
    `episodes.none_open` or `sessions.no_therapist`, Invalid for a therapist who does not treat
    the episode.
    """
    client = await work.row(sessions.CLIENT, id=client_id)
    if client is None:
        raise NotFound()
    named = str(asked.episode_id) if asked.episode_id else None
    episode_id, team = await _open_episode(work, client_id, named, asked.starts_at)
    session_id = new_id()
    await work.add(
        Session,
        id=session_id,
        client_id=client_id,
        episode_id=episode_id,
        therapist_id=therapists.chosen(work, team, str(asked.therapist_id or "")),
        starts_at=asked.starts_at,
        zone=asked.zone or client["zone"],
        minutes=asked.minutes,
        setting=asked.setting,
    )
    work.tell("sessions.scheduled", session_id, client_id)
    return await sessions.get(work, session_id)


async def _open_episode(
    work: Work, client_id: str, named: str | None, starts_at: datetime
) -> tuple[str, dict[str, str]]:
    """The open episode to plan in, and who treats in it at that time: each therapist's part."""
    teams: dict[str, dict[str, str]] = {}
    mine: set[str] = set()
    for row in await work.rows(_EPISODES, of_client=client_id, starts_at=starts_at):
        team = teams.setdefault(row["id"], {})
        if row["therapist_id"] is not None:
            team[row["therapist_id"]] = row["part"]
        if row["is_mine"]:
            mine.add(row["id"])
    if not work.actor.keeps_directory:
        teams = {one: team for one, team in teams.items() if one in mine}
    if not teams:
        if work.actor.keeps_directory:
            raise Conflict("episodes.none_open", "This client has no open episode of care.")
        await care.demand_readable(work, client_id)
        raise not_on_care_team()
    if named is not None and named not in teams:
        raise NotFound("episodes.not_found", "This is no open episode of this client. Check it.")
    if named is None and len(teams) > 1:
        raise Conflict(
            "episodes.choose",
            "This client has several open episodes. Name one as episode_id.",
            episodes=sorted(teams),
        )
    chosen = named or next(iter(teams))
    return chosen, teams[chosen]
