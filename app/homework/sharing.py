"""The same homework for several clients at once: for all of them, or for none."""

from typing import Final

from sqlalchemy import and_, any_, select
from sqlalchemy.dialects.postgresql import ARRAY

from app.access.visible import known, treated
from app.clients.models import Client, Episode
from app.core.errors import Conflict, FieldError, Forbidden, NotFound, Problem
from app.core.statements import UUID_TEXT, Query, p
from app.homework import assignments, checking, making
from app.homework.wanted import AssignmentsCreate
from app.operation.work import Row, Work

_IDS = p("ids", ARRAY(UUID_TEXT))
_EPISODES = Query(
    select(Client.id, Client.zone, Client.locale, Episode.id.label("episode_id"))
    .select_from(Episode)
    .join(Client, and_(Client.practice_id == Episode.practice_id, Client.id == Episode.client_id))
    .where(Episode.client_id == any_(_IDS), Episode.closed_at.is_(None), treated(Episode))
    .order_by(Episode.id)
)
_KNOWN = Query(select(Client.id).where(Client.id == any_(_IDS), known(Client)))

UNSEEN: Final = "access.not_found"
NOT_ON_TEAM: Final = "access.not_on_care_team"
NO_EPISODE: Final = "episodes.not_found"
CHOOSE: Final = "episodes.choose"
_KINDS: Final[dict[str, type[Problem]]] = {
    UNSEEN: NotFound,
    NOT_ON_TEAM: Forbidden,
    NO_EPISODE: NotFound,
    CHOOSE: Conflict,
}
"""Of several reasons, the first is the one that is answered; the errors name them all."""
_DETAILS: Final = {
    UNSEEN: "No such client is visible to you.",
    NOT_ON_TEAM: "You know this client, and are not on the care team.",
    NO_EPISODE: "This is no open episode of yours with any of these clients.",
    CHOOSE: "This client has several open episodes. Name one in episode_ids.",
}


async def assign(work: Work, asked: AssignmentsCreate) -> list[Row]:
    """One assignment for each client, in the order they are named.

    Raises NotFound, Forbidden or Conflict whose errors point at each client it cannot be for, and
    Invalid as `making.create` does.
    """
    work.weigh(len(asked.client_ids))
    ids = [str(one) for one in asked.client_ids]
    homes = await _homes(work, ids, [str(one) for one in asked.episode_ids])
    exercise = await checking.exercise(work, asked.assignment.exercise_id)
    made = [
        await making.store(
            work,
            asked.assignment,
            exercise,
            homes[one]["locale"],
            client_id=one,
            episode_id=homes[one]["episode_id"],
            zone=asked.assignment.zone or homes[one]["zone"],
        )
        for one in ids
    ]
    return await assignments.these(work, made)


async def _homes(work: Work, ids: list[str], named: list[str]) -> dict[str, Row]:
    """Each client's zone and language, and the episode it goes to."""
    open_ones: dict[str, dict[str, Row]] = {one: {} for one in ids}
    for row in await work.rows(_EPISODES, ids=ids):
        open_ones[row["id"]][row["episode_id"]] = row
    homes: dict[str, Row] = {}
    wrong: dict[str, str] = {}
    for one, rows in open_ones.items():
        chosen = [rows[name] for name in named if name in rows] or list(rows.values())
        if len(chosen) == 1:
            homes[one] = chosen[0]
        elif chosen:
            wrong[one] = CHOOSE
    missing = [one for one, rows in open_ones.items() if not rows]
    if missing:
        seen = {row["id"] for row in await work.rows(_KNOWN, ids=missing)}
        wrong |= {one: NOT_ON_TEAM if one in seen else UNSEEN for one in missing}
    there = {name for rows in open_ones.values() for name in rows}
    wrong |= {name: NO_EPISODE for name in named if name not in there}
    if wrong:
        raise _refusal(ids, named, wrong)
    return homes


def _refusal(ids: list[str], named: list[str], wrong: dict[str, str]) -> Problem:
    errors: list[FieldError] = [
        {"pointer": f"/{field}/{place}", "code": wrong[one], "detail": _DETAILS[wrong[one]]}
        for field, given in (("client_ids", ids), ("episode_ids", named))
        for place, one in enumerate(given)
        if one in wrong
    ]
    worst = next(code for code in _KINDS if code in wrong.values())
    return _KINDS[worst](worst, f"Nothing was assigned. {_DETAILS[worst]}", errors=errors)
