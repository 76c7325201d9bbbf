"""Who can hold a session: the therapists of its episode at the time it is for."""

from typing import Any, Final

from sqlalchemy import and_, func, or_, select

from app.access.grounds import CareAssignment, Membership
from app.access.visible import known
from app.clients.models import Episode
from app.core.database import Instant
from app.core.errors import Conflict, Invalid
from app.core.statements import Query, p
from app.operation.work import Work
from app.practices.members import LIVE


def treats_at(moment: Any) -> Any:
    """The care assignment holds at that moment."""
    return and_(
        CareAssignment.starts_at <= moment,
        or_(CareAssignment.ends_at.is_(None), CareAssignment.ends_at > moment),
    )


# A session that has begun is held by who treats now: what is put down later was not planned.
_MOMENT: Final = func.greatest(p("starts_at", Instant()), func.now())
CARING: Final = and_(
    CareAssignment.practice_id == Episode.practice_id,
    CareAssignment.client_id == Episode.client_id,
    CareAssignment.episode_id == Episode.id,
    treats_at(_MOMENT),
    CareAssignment.user_id.in_(
        select(Membership.user_id).where(LIVE, Membership.roles.op("@>")(["therapist"]))
    ),
)
_TEAM = Query(
    select(CareAssignment.user_id, CareAssignment.part)
    .select_from(Episode)
    .join(CareAssignment, CARING)
    .where(Episode.id == p("episode_id"), known(Episode))
)


async def demand_treats(work: Work, episode_id: str, therapist_id: str, starts_at: Any) -> None:
    """Raises Invalid `sessions.therapist` unless this therapist treats in the episode then."""
    team = await work.rows(_TEAM, episode_id=episode_id, starts_at=starts_at)
    if therapist_id not in {row["user_id"] for row in team}:
        raise not_treating()


def chosen(work: Work, team: dict[str, str], named: str) -> str:
    """The therapist of a new session: the one named, the caller, or the primary therapist.

    `team` holds each therapist's part at the time of the session. Raises Invalid
    `sessions.therapist` for one who is not on it, Conflict `sessions.no_therapist` without a
    primary therapist.
    """
    if named:
        if named not in team:
            raise not_treating()
        return named
    if "therapist" in work.actor.roles and work.actor.user_id in team:
        return work.actor.user_id
    for therapist_id, part in team.items():
        if part == "primary":
            return therapist_id
    raise Conflict(
        "sessions.no_therapist",
        "This episode has no primary therapist at that time. Name one as therapist_id.",
    )


def not_treating() -> Invalid:
    """The refusal of a therapist who does not treat then."""
    code, detail = "sessions.therapist", "This is nobody who treats the client then."
    return Invalid(
        code,
        "A session's therapist is one who treats the client in this episode at that time.",
        errors=[{"pointer": "/therapist_id", "code": code, "detail": detail}],
    )
