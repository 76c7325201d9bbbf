"""Planning a session: in which episode, and with whom."""

from sqlalchemy import and_, func, or_, select

from app.access.grounds import CareAssignment
from app.access.visible import known
from app.clients import care
from app.clients.models import Episode
from app.core.errors import Conflict, Invalid, NotFound
from app.core.ids import new_id
from app.core.statements import Query, p
from app.operation.failures import not_on_care_team
from app.operation.sealing import Row
from app.operation.work import Work
from app.sessions import service as sessions
from app.sessions.models import Session
from app.sessions.schemas import SessionCreate

_caring = and_(
    CareAssignment.practice_id == Episode.practice_id,
    CareAssignment.client_id == Episode.client_id,
    CareAssignment.episode_id == Episode.id,
    CareAssignment.starts_at <= func.now(),
    or_(CareAssignment.ends_at.is_(None), CareAssignment.ends_at > func.now()),
)
_EPISODES = Query(
    select(
        Episode.id,
        CareAssignment.user_id.label("therapist_id"),
        CareAssignment.part,
    )
    .outerjoin(CareAssignment, _caring)
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
    episode_id, team = await _open_episode(work, client_id, named)
    session_id = new_id()
    await work.add(
        Session,
        id=session_id,
        client_id=client_id,
        episode_id=episode_id,
        therapist_id=_therapist(work, team, str(asked.therapist_id or "")),
        starts_at=asked.starts_at,
        zone=asked.zone or client["zone"],
        minutes=asked.minutes,
        setting=asked.setting,
    )
    work.tell("sessions.scheduled", session_id, client_id)
    return await sessions.get(work, session_id)


async def _open_episode(
    work: Work, client_id: str, named: str | None
) -> tuple[str, dict[str, str]]:
    """The open episode to plan in, and who treats it now: each therapist's part."""
    teams: dict[str, dict[str, str]] = {}
    for row in await work.rows(_EPISODES, of_client=client_id):
        team = teams.setdefault(row["id"], {})
        if row["therapist_id"] is not None:
            team[row["therapist_id"]] = row["part"]
    if not work.actor.keeps_directory:
        teams = {one: team for one, team in teams.items() if work.actor.user_id in team}
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


def _therapist(work: Work, team: dict[str, str], named: str) -> str:
    if named:
        if named in team:
            return named
        raise Invalid(
            "sessions.therapist",
            "The session's therapist is one who treats the client in this episode now.",
            errors=[
                {
                    "pointer": "/therapist_id",
                    "code": "sessions.therapist",
                    "detail": "This is nobody who treats the client in this episode now.",
                }
            ],
        )
    if "therapist" in work.actor.roles and work.actor.user_id in team:
        return work.actor.user_id
    for therapist_id, part in team.items():
        if part == "primary":
            return therapist_id
    raise Conflict(
        "sessions.no_therapist",
        "This episode has no primary therapist now. Name one as therapist_id.",
    )
