"""Looking in: a rest period that goes on and on is asked after, every 14 days."""

from typing import Any, Final

from sqlalchemy import ColumnElement, Interval, and_, func, literal, or_, update

from app.core.clock import now
from app.core.database import Instant
from app.core.statements import Query, p
from app.jobs.everywhere import in_each_practice
from app.jobs.registry import regularly
from app.operation import states
from app.operation.work import Row, Work
from app.rests import service as rests
from app.rests.models import RestPeriod
from app.rests.placing import OF_ALL

_MOMENT: Final = p("moment", Instant())
_AFTER: Final = literal(rests.LOOK_IN_AFTER, Interval())
_LAST_LOOK: Final = func.coalesce(RestPeriod.looked_in_at, RestPeriod.starts_at)


def asks_for_a_look(moment: ColumnElement[Any]) -> ColumnElement[bool]:
    """That at `moment` a rest period has run for 14 days without anyone looking in."""
    return and_(
        OF_ALL,
        RestPeriod.starts_at <= moment,
        or_(RestPeriod.ends_at.is_(None), RestPeriod.ends_at > moment),
        moment >= _LAST_LOOK + _AFTER,
    )


# Staff's alone: the client's side sees no new version of it.
_LOOKED = Query(
    update(RestPeriod)
    .where(
        RestPeriod.practice_id == p("practice_id"),
        RestPeriod.client_id == p("of_client"),
        RestPeriod.id == p("id"),
    )
    .values(looked_in_at=func.now())
)
# Asked once for each 14 days, whenever the chore comes round.
_ASK = Query(
    update(RestPeriod)
    .where(
        RestPeriod.practice_id == p("practice_id"),
        asks_for_a_look(_MOMENT),
        or_(RestPeriod.asked_at.is_(None), RestPeriod.asked_at < _LAST_LOOK + _AFTER),
    )
    .values(asked_at=_MOMENT)
    .returning(RestPeriod.id, RestPeriod.client_id)
)


async def look_in(work: Work, rest_id: str) -> Row:
    """Note that someone who treats the client looked in; it is asked again after 14 days.

    One that a guardian started may be ahead. Raises as `work.nothing` does, and Conflict
    `rests.state` for one that is over.
    """
    row = await rests.treated_one(work, rest_id)
    state = rests.state_of(row, now())
    if state not in rests.STATES:
        states.refuse("rests", rests.STATES, state, "looked in on")
    await work.run(_LOOKED, of_client=row["client_id"], id=rest_id)
    work.tell("rests.looked_in", rest_id, row["client_id"])
    return await rests.get(work, rest_id)


@regularly("43 5 * * *")
async def look_in_on_rest_periods(work: Work) -> None:
    """Tell of each rest period that has run for 14 days without a look: `rests.look_in`, once."""
    await in_each_practice(work, _ask)


async def _ask(work: Work, practice_id: str) -> None:
    async with work.visit(capacity="job", practice_id=practice_id):
        for row in await work.rows(_ASK, moment=now()):
            work.tell("rests.look_in", row["id"], row["client_id"])
