"""Changes of the care team: who joins, leaves, and takes over.

Access follows at once: what a part opens or closes is asked anew in every request. Changes of one
client's care wait for each other, so that nobody leaves while somebody else does.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Text, and_, any_, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import aliased

from app.access.grounds import CareAssignment, Membership
from app.access.visible import known
from app.clients import joining, team
from app.clients.care_schemas import CareTeamMemberAdd, CareTeamMemberEnd
from app.clients.models import Client, Episode
from app.core.clock import now
from app.core.database import Instant
from app.core.errors import Conflict
from app.core.ids import new_id
from app.core.statements import Query, p
from app.operation.work import Row, Work
from app.practices import members

SLACK: Final = timedelta(minutes=5)
"""How long ago "now" may lie on the clock of whoever asks."""

_MOMENT: Final = func.coalesce(p("at", Instant()), func.now())
# Both rows: one that waited for a colleague's change sees the episode as that one left it.
_HOLD = Query(
    select(Episode.id, Episode.client_id, Episode.closed_at)
    .join(Client, and_(Client.practice_id == Episode.practice_id, Client.id == Episode.client_id))
    .where(Episode.id == p("episode_id"), known(Episode))
    .with_for_update(of=[Client, Episode], key_share=True)
)
_of_episode = and_(CareAssignment.episode_id == p("episode_id"), known(CareAssignment))


def _reaches_beyond(moment: Any) -> Any:
    """It is not over, and not called off, by then."""
    beyond = func.greatest(CareAssignment.starts_at, moment)
    return or_(CareAssignment.ends_at.is_(None), CareAssignment.ends_at > beyond)


_THERE = Query(
    select(
        CareAssignment.id,
        and_(
            CareAssignment.part == "primary",
            CareAssignment.ends_at.is_(None),
            CareAssignment.starts_at <= _MOMENT,
        ).label("leads"),
    ).where(
        _of_episode,
        CareAssignment.user_id == p("of_user"),
        _reaches_beyond(_MOMENT),
        or_(p("until", Instant()).is_(None), CareAssignment.starts_at < p("until", Instant())),
    )
)
# One that has not begun is called off: it ends as it starts.
_END = Query(
    update(CareAssignment)
    .where(
        _of_episode,
        _reaches_beyond(_MOMENT),
        or_(
            CareAssignment.id == p("id"),
            CareAssignment.user_id == p("of_user"),
            CareAssignment.part == any_(p("parts", ARRAY(Text()))),
        ),
    )
    .values(ends_at=func.greatest(CareAssignment.starts_at, _MOMENT))
    .returning(CareAssignment.id)
)
_other = aliased(CareAssignment)
_STAYS = Query(
    select(literal(1).label("yes"))
    .select_from(_other)
    .join(
        Membership,
        and_(Membership.practice_id == _other.practice_id, Membership.user_id == _other.user_id),
    )
    .where(
        _other.episode_id == p("episode_id"),
        _other.id != p("id"),
        or_(_other.part == "primary", _other.part == "co"),
        _other.starts_at <= _MOMENT,
        _other.ends_at.is_(None),
        known(_other),
        members.LIVE,
        Membership.roles.op("@>")(["therapist"]),
        ~joining.kept_apart(_other.client_id, _other.user_id),
    )
    .limit(1)
)


async def add(work: Work, episode_id: str, asked: CareTeamMemberAdd) -> Row:
    """Someone joins the care team; a new primary therapist takes over from the one before.

    Raises NotFound; as `joining.demand_may_treat`; Invalid `care.past`; Conflict
    `episodes.closed`, or `care.already` for who is on the team in that time.
    """
    episode = await _held(work, episode_id)
    if episode["closed_at"] is not None:
        raise Conflict("episodes.closed", "This episode is closed. Open another one for new care.")
    user_id = str(asked.user_id)
    await joining.demand_may_treat(work, episode["client_id"], user_id, "/user_id")
    at = _moment(asked.starts_at, "/starts_at")
    until = asked.ends_at
    if until is not None and until <= now():
        raise joining.refused("/ends_at", "care.past", "This end has passed. Name a later one.")
    takes_over = asked.part == "primary"
    await _demand_free(work, episode_id, user_id, at, until, takes_over=takes_over)
    if takes_over:
        await _end(work, episode, at, of_user=user_id, parts=["primary"])
    added = await _join(work, episode, user_id, asked.part, at, until)
    work.note("contact", episode["client_id"])
    return await team.get(work, added)


async def end(work: Work, care_assignment_id: str, asked: CareTeamMemberEnd) -> Row:
    """End a part in the care, now or later, or call it off before it begins. What is over stays.

    A successor takes over at that moment. Raises NotFound; as `joining.demand_may_treat` and
    Invalid `care.past`, `care.successor`; Conflict `care.last` where nobody else would go on
    treating, `care.ends_before` where it ends earlier already, `care.already` for a successor
    who is primary already.
    """
    current = await team.get(work, care_assignment_id)
    episode = await _held(work, current["episode_id"])
    current = await team.get(work, care_assignment_id)
    at = _moment(asked.ends_at, "/ends_at")
    if current["status"] == "over" or (at is not None and at == current["ends_at"]):
        return current
    if at is not None and current["ends_at"] is not None and at > current["ends_at"]:
        raise Conflict("care.ends_before", "It ends before that. Add a part that follows it.")
    if asked.successor_id is not None:
        await _succeed(work, episode, current, str(asked.successor_id), at)
    else:
        if episode["closed_at"] is None:
            await _demand_somebody_stays(work, current, at)
        await _end(work, episode, at, id=care_assignment_id)
    work.note("contact", episode["client_id"])
    return await team.get(work, care_assignment_id)


async def _held(work: Work, episode_id: str) -> Row:
    episode = await work.row(_HOLD, episode_id=episode_id)
    if episode is None:
        await work.nothing(Episode, episode_id)
    return episode


async def _succeed(
    work: Work, episode: Row, current: Row, user_id: str, at: datetime | None
) -> None:
    if user_id == current["user_id"]:
        words = "Nobody succeeds themselves. Name a colleague."
        raise joining.refused("/successor_id", "care.successor", words)
    await joining.demand_may_treat(work, episode["client_id"], user_id, "/successor_id")
    if current["status"] == "ahead":
        at = max(at or current["starts_at"], current["starts_at"])
    await _demand_free(work, episode["id"], user_id, at, None, takes_over=True)
    until, parts = current["ends_at"], list[str]()
    if current["part"] == "primary":
        until, parts = None, ["primary"]
    await _end(work, episode, at, id=current["id"], of_user=user_id, parts=parts)
    await _join(work, episode, user_id, current["part"], at, until)


async def _demand_free(
    work: Work,
    episode_id: str,
    user_id: str,
    at: datetime | None,
    until: datetime | None,
    *,
    takes_over: bool,
) -> None:
    """Nobody is on a team twice. Who takes over may leave a lesser part for it."""
    there = await work.rows(_THERE, episode_id=episode_id, of_user=user_id, at=at, until=until)
    if any(one["leads"] or not takes_over for one in there):
        raise Conflict(
            "care.already",
            "This therapist is on the care team in that time already, and goes on treating.",
            care_assignments=[one["id"] for one in there],
        )


async def _demand_somebody_stays(work: Work, current: Row, at: datetime | None) -> None:
    if current["part"] in ("covering", "trainee") and current["status"] == "ahead":
        return
    which = {"episode_id": current["episode_id"], "id": current["id"]}
    if await work.row(_STAYS, **which, at=at) is None:
        raise Conflict(
            "care.last",
            "Nobody else would go on treating in this episode. Name a successor_id, add a"
            " primary or co-therapist first, or close the episode.",
        )


async def _end(
    work: Work,
    episode: Row,
    at: datetime | None,
    *,
    id: str | None = None,
    of_user: str | None = None,
    parts: list[str] | None = None,
) -> None:
    ended = await work.rows(
        _END, episode_id=episode["id"], at=at, id=id, of_user=of_user, parts=parts or []
    )
    for row in ended:
        work.tell("care.ended", row["id"], episode["client_id"])


async def _join(
    work: Work,
    episode: Row,
    user_id: str,
    part: str,
    at: datetime | None,
    until: datetime | None,
) -> str:
    """The new part's id. Without `at` the database says when, as it does for all access."""
    added = new_id()
    begins: Row = {} if at is None else {"starts_at": at}
    await work.add(
        CareAssignment,
        id=added,
        client_id=episode["client_id"],
        episode_id=episode["id"],
        user_id=user_id,
        part=part,
        ends_at=until,
        **begins,
    )
    work.tell("care.began", added, episode["client_id"])
    return added


def _moment(asked: datetime | None, pointer: str) -> datetime | None:
    """The moment that was asked for, None for now. Raises Invalid `care.past`."""
    if asked is None or asked > now():
        return asked
    if asked < now() - SLACK:
        words = "Care does not change in the past. Leave the time out for now."
        raise joining.refused(pointer, "care.past", words)
    return None
