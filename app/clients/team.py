"""The care team: who treats in an episode, as what, from when to when."""

from typing import Final

from sqlalchemy import Integer, and_, case, func, or_, select

from app.access.grounds import CareAssignment, Membership
from app.access.visible import known
from app.clients.service import line
from app.core.statements import Query, p
from app.operation.work import Row, Work

_STATUS: Final = case(
    (
        or_(
            CareAssignment.ends_at <= func.now(), CareAssignment.ends_at <= CareAssignment.starts_at
        ),
        "over",
    ),
    (CareAssignment.starts_at > func.now(), "ahead"),
    else_="current",
)
_ALL: Final = (
    select(
        CareAssignment.id,
        CareAssignment.client_id,
        CareAssignment.episode_id,
        CareAssignment.user_id,
        CareAssignment.part,
        CareAssignment.starts_at,
        CareAssignment.ends_at,
        _STATUS.label("status"),
        Membership.user_id.label("member_id"),
        Membership.words.label("member"),
    )
    .join(
        Membership,
        and_(
            Membership.practice_id == CareAssignment.practice_id,
            Membership.user_id == CareAssignment.user_id,
        ),
    )
    .where(known(CareAssignment))
)
_ONE = Query(_ALL.where(CareAssignment.id == p("id")))
_LIST = Query(
    _ALL.where(CareAssignment.client_id == p("of_client"), CareAssignment.id < p("after"))
    .order_by(CareAssignment.id.desc())
    .limit(p("limit", Integer()))
)


async def get(work: Work, care_assignment_id: str) -> Row:
    """One part in a client's care, for those who know the client. Raises NotFound."""
    row = await work.row(_ONE, id=care_assignment_id)
    if row is None:
        await work.nothing(CareAssignment, care_assignment_id)
    return _shape(row)


async def list_of(work: Work, client_id: str, *, after: str, limit: int) -> list[Row]:
    """A client's care team, past parts and those ahead included; newest first, one past the
    limit. Raises NotFound."""
    rows = await work.rows(_LIST, of_client=client_id, after=after, limit=limit + 1)
    if not rows:
        await line(work, client_id)
    return [_shape(row) for row in rows]


def _shape(row: Row) -> Row:
    del row["member_id"]
    return row | {"name": row.pop("member").value["name"]}
