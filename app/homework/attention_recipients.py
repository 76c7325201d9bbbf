"""Who is told of what is urgent: the care team, then who is on call, then every owner."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Text,
    and_,
    any_,
    case,
    cast,
    func,
    literal_column,
    or_,
    select,
    union_all,
)

from app.access.grounds import Bar, CareAssignment, ClientLogin, Guardian, Membership
from app.access.practice import Practice
from app.accounts.models import User
from app.core.statements import UUID_TEXT, Query, p
from app.homework.attention import fixed
from app.operation.work import Row, Work
from app.practices.presence import is_away
from app.practices.service import USUAL

CARE_TEAM, ON_CALL, OWNERS = 0, 1, 2
"""The steps, the first one first."""


def _word(text: str) -> Any:
    return literal_column(f"'{text}'", Text())


def has_role(role: str) -> ColumnElement[bool]:
    """The member has this role."""
    found: ColumnElement[bool] = _word(role) == any_(Membership.roles)
    return found


def meets_nobody(user: Any, client: Any) -> ColumnElement[bool]:
    """This user is the client, a guardian of theirs, or barred from them: told nothing of them."""
    return or_(
        *(
            select(table.client_id)
            .where(
                table.practice_id == p("practice_id"),
                table.client_id == client,
                table.user_id == user,
            )
            .exists()
            for table in (ClientLogin, Guardian, Bar)
        )
    )


def _live(table: Any) -> ColumnElement[bool]:
    return and_(
        table.starts_at <= func.now(), or_(table.ends_at.is_(None), table.ends_at > func.now())
    )


_TREATS = (
    select(
        CareAssignment.user_id,
        fixed(CARE_TEAM).label("step"),
        case(
            (CareAssignment.part == _word("covering"), _word("covering")), else_=_word("treating")
        ).label("why"),
    )
    .join(
        Membership,
        and_(
            Membership.practice_id == CareAssignment.practice_id,
            Membership.user_id == CareAssignment.user_id,
        ),
    )
    .where(
        CareAssignment.practice_id == p("practice_id"),
        CareAssignment.client_id == p("of_client"),
        CareAssignment.episode_id == p("of_episode"),
        _live(CareAssignment),
        has_role("therapist"),
    )
)
_IS_ON_CALL = select(
    cast(Practice.policies["on_call"].astext, UUID_TEXT), fixed(ON_CALL), _word("on_call")
).where(Practice.practice_id == p("practice_id"), Practice.policies["on_call"].astext.is_not(None))
_OWNS = select(Membership.user_id, fixed(OWNERS), _word("owner")).where(
    Membership.practice_id == p("practice_id"), has_role("owner")
)
_all = union_all(_TREATS, _IS_ON_CALL, _OWNS).subquery("told")
_MINUTES = func.coalesce(
    cast(Practice.policies["attention_minutes"].astext, Integer()), USUAL["attention_minutes"]
)
_TOLD = Query(
    select(_all.c.user_id, _all.c.step, _all.c.why, _MINUTES.label("minutes"))
    .join(
        Membership,
        and_(Membership.practice_id == p("practice_id"), Membership.user_id == _all.c.user_id),
    )
    .join(User, User.id == _all.c.user_id)
    .join(Practice, Practice.practice_id == p("practice_id"))
    .where(
        ~is_away(Membership),
        User.deactivated_at.is_(None),
        ~meets_nobody(_all.c.user_id, p("of_client")),
    )
    .order_by(_all.c.step, _all.c.why.desc(), _all.c.user_id)
)


async def recipients(work: Work, client_id: str, episode_id: str, since: datetime) -> list[Row]:
    """Return who is told, each person once, with `why` and when it is `due_at`.

    The care team at `since`; who is on call `attention_minutes` (a policy of the practice) later,
    and the owners after as many again. Where nobody of the care team is here, who is on call and
    the owners at `since` too: someone on call may not know how to reach the client. Who is away,
    and who may not meet this client, is left out. The list may be empty.
    """
    rows = await work.rows(_TOLD, of_client=client_id, of_episode=episode_id)
    if not rows:
        return []
    waits = timedelta(minutes=rows[0]["minutes"])
    return _due(rows, since, waits)


def _due(rows: list[Row], moment: datetime, waits: timedelta) -> list[Row]:
    first: dict[str, Row] = {}
    for row in rows:
        first.setdefault(row["user_id"], row)
    steps = {row["step"] for row in first.values()}
    due_at = dict.fromkeys((CARE_TEAM, ON_CALL, OWNERS), moment)
    if CARE_TEAM in steps:
        due_at[ON_CALL] += waits
        due_at[OWNERS] += waits * (2 if ON_CALL in steps else 1)
    return [
        {"user_id": row["user_id"], "why": row["why"], "due_at": due_at[row["step"]]}
        for row in first.values()
    ]
