"""Episodes and care teams at the staff door, and who sees what at the client's."""

from hashlib import sha256
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from app.access.permissions import Permission
from app.clients import caring, episodes, opening, seen_by, team
from app.clients.care_schemas import (
    CareTeamMemberAdd,
    CareTeamMemberEnd,
    CareTeamMemberOut,
    EpisodeCreate,
    EpisodeDetail,
    MyCareTeamOut,
)
from app.core.database import encoded
from app.core.wire import Page, json
from app.operation.frame import Framed, Working
from app.operation.listing import Cursor, Limit, after, paged
from app.operation.marks import may

staff = APIRouter(prefix="/v1", tags=["clients"], route_class=Framed)
mine = APIRouter(prefix="/v1/me", tags=["clients"], route_class=Framed)


@staff.post("/clients/{client_id}/episodes", response_model=EpisodeDetail, status_code=201)
@may(Permission.clients_write)
async def open_episode(
    work: Working, client_id: UUID, asked: EpisodeCreate | None = None
) -> Response:
    """Open an episode of care. A client who was discharged is active again."""
    episode = await opening.open_one(work, str(client_id), asked or EpisodeCreate())
    at = f"/v1/episodes/{episode['id']}"
    return json(episode, status=201, version=episode["version"], location=at)


@staff.get("/episodes/{episode_id}", response_model=EpisodeDetail)
@may(Permission.clients_read, living=True)
async def get_episode(work: Working, episode_id: UUID) -> Response:
    """One episode: since when, what it is about, and who treats in it now."""
    episode = await episodes.get(work, str(episode_id))
    return json(episode, version=episode["version"])


@staff.post("/episodes/{episode_id}/close", response_model=EpisodeDetail)
@may(Permission.episodes_close, versioned=True)
async def close_episode(work: Working, episode_id: UUID) -> Response:
    """Close an episode: its homework ends. When it was the last open one, the client is
    discharged, and goes on reading what was shared with them."""
    episode = await opening.close(work, str(episode_id))
    return json(episode, version=episode["version"], at=f"/v1/episodes/{episode_id}")


@staff.get("/clients/{client_id}/care-team", response_model=Page[CareTeamMemberOut])
@may(Permission.clients_read)
async def list_care_team(
    work: Working, client_id: UUID, limit: Limit = 25, cursor: Cursor = None
) -> Response:
    """Who treats a client, has treated them or will, as what and when; newest first."""
    rows = await team.list_of(work, str(client_id), after=after(work, cursor), limit=limit)
    return paged(work, rows, limit)


@staff.post("/episodes/{episode_id}/care-team", response_model=CareTeamMemberOut, status_code=201)
@may(Permission.care_team_write)
async def add_care_team_member(
    work: Working, episode_id: UUID, asked: CareTeamMemberAdd
) -> Response:
    """Add a therapist to an episode's care team, or hand it over: a new primary therapist takes
    the place of the one before, and of their access, at that moment."""
    added = await caring.add(work, str(episode_id), asked)
    return json(added, status=201, location=f"/v1/care-team/{added['id']}")


@staff.get("/care-team/{care_assignment_id}", response_model=CareTeamMemberOut)
@may(Permission.clients_read, living=True)
async def get_care_team_member(work: Working, care_assignment_id: UUID) -> Response:
    """One therapist's part in an episode of care."""
    return json(await team.get(work, str(care_assignment_id)))


@staff.post("/care-team/{care_assignment_id}/end", response_model=CareTeamMemberOut)
@may(Permission.care_team_write)
async def end_care_team_member(
    work: Working, care_assignment_id: UUID, asked: CareTeamMemberEnd | None = None
) -> Response:
    """End a therapist's part in an episode, with a successor where nobody else would go on
    treating. Ending it again changes nothing."""
    ended = await caring.end(work, str(care_assignment_id), asked or CareTeamMemberEnd())
    return json(ended, at=f"/v1/care-team/{care_assignment_id}")


@mine.get("/care-team", response_model=MyCareTeamOut)
@may(Permission.my_people)
async def get_my_care_team(work: Working) -> Response:
    """Who can see this, now: everyone who can read something of mine, and what.

    In one word for each kind: contact, homework, goals, notes. A guardian names the client in
    Acting-For.
    """
    shown = await seen_by.now_by(work)
    tag = sha256(encoded(shown)).hexdigest()[:16]
    return json(shown, headers={"etag": f'W/"{tag}"'})
