"""Planned sessions follow the care: to whoever treats at their time, and away with its end.

Events do so at once; a look at all of them, every hour, finds what was planned meanwhile.
"""

from typing import Any, Final

from sqlalchemy import and_, exists, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.orm import aliased

from app.access.grounds import CareAssignment, Membership
from app.clients.models import Episode
from app.core.statements import UUID_TEXT, Query, p
from app.jobs.everywhere import in_each_practice
from app.jobs.registry import Event, acting, on, regularly
from app.operation.work import Work
from app.sessions.models import Session

_former = aliased(CareAssignment)


def _in_episode(table: Any) -> Any:
    return and_(
        table.practice_id == Session.practice_id,
        table.client_id == Session.client_id,
        table.episode_id == Session.episode_id,
    )


def _treats(table: Any) -> Any:
    """This part in the care holds when the session starts."""
    return and_(
        _in_episode(table),
        table.starts_at <= Session.starts_at,
        or_(table.ends_at.is_(None), table.ends_at > Session.starts_at),
    )


_PLANNED: Final = and_(
    Session.practice_id == p("practice_id"),
    Session.attendance == "scheduled",
    Session.starts_at > func.now(),
    or_(p("of_client", UUID_TEXT).is_(None), Session.client_id == p("of_client", UUID_TEXT)),
)
_OF_EPISODE: Final = and_(
    Episode.practice_id == Session.practice_id,
    Episode.client_id == Session.client_id,
    Episode.id == Session.episode_id,
)
_CANCEL = Query(
    update(Session)
    .where(_PLANNED, exists().where(_OF_EPISODE, Episode.closed_at.is_not(None)))
    .values(
        attendance="cancelled_by_therapist",
        version=Session.version + 1,
        changed_at=func.now(),
    )
    .returning(Session.id, Session.client_id)
)
# Who took the part over where the former therapist's ended; or else the primary therapist.
_SUCCEEDS: Final = exists().where(
    _in_episode(_former),
    _former.user_id == Session.therapist_id,
    _former.part == CareAssignment.part,
    _former.ends_at == CareAssignment.starts_at,
)
_NEXT: Final = (
    select(CareAssignment.user_id)
    .join(
        Membership,
        and_(
            Membership.practice_id == CareAssignment.practice_id,
            Membership.user_id == CareAssignment.user_id,
        ),
    )
    .where(
        _treats(CareAssignment),
        Membership.suspended_at.is_(None),
        or_(Membership.ends_at.is_(None), Membership.ends_at > func.now()),
        Membership.roles.op("@>")(["therapist"]),
    )
    .order_by(
        _SUCCEEDS.desc(),
        func.array_position(
            array([text("'primary'"), text("'co'"), text("'trainee'"), text("'covering'")]),
            CareAssignment.part,
        ),
        CareAssignment.id,
    )
    .limit(1)
    .correlate(Session)
    .scalar_subquery()
)
_LEFT = Query(
    select(Session.id, Session.client_id, Session.version, _NEXT.label("next_id"))
    .join(Episode, _OF_EPISODE)
    .where(
        _PLANNED,
        Episode.closed_at.is_(None),
        ~exists().where(_treats(_former), _former.user_id == Session.therapist_id),
    )
    .order_by(Session.id)
    .with_for_update(of=Session, key_share=True)
)


async def settle(work: Work, client_id: str | None) -> None:
    """Call off the planned sessions of closed episodes, and give those whose therapist does not
    treat at their time to who does: of one client, or of all of the practice (None).

    One for which there is nobody keeps its therapist. For jobs, within their transaction.
    """
    for row in await work.rows(_CANCEL, of_client=client_id):
        work.tell("sessions.cancelled_by_therapist", row["id"], row["client_id"])
    for row in await work.rows(_LEFT, of_client=client_id):
        if row["next_id"] is not None:
            await work.change(Session, row["id"], row["version"], therapist_id=row["next_id"])
            work.tell("sessions.reassigned", row["id"], row["client_id"])


async def _follow(work: Work, event: Event) -> None:
    async with work.visit(**acting(event)):
        await settle(work, event.client_id)


for _kind in ("care.began", "care.ended"):
    on(_kind)(_follow)


@regularly("13 * * * *")
async def settle_sessions(work: Work) -> None:
    """Planned sessions are with who treats at their time, in every practice."""
    await in_each_practice(work, _settle_all)


async def _settle_all(work: Work, practice_id: str) -> None:
    async with work.visit(capacity="job", practice_id=practice_id):
        await settle(work, None)
