"""Who can see what is a client's, now: asked of the gate that lets them in."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Date, Text, and_, column, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from app.access.grounds import Membership
from app.access.permissions import GRANTS, SCOPES, class_word
from app.core.database import Instant
from app.core.errors import BadRequest
from app.core.statements import UUID_TEXT, Query, p
from app.operation.work import Row, Work
from app.practices import service as practices

ORDER: Final = (
    "primary", "co", "trainee", "covering", "supervisor", "break_glass", "owner", "assistant",
)  # fmt: skip
"""Those nearest to the client first."""
KNOWN_BY_NAME: Final = frozenset({"primary", "co", "trainee", "covering"})
"""Who treats is no secret, also where the practice protects its staff in what it shows."""
OF_THE_DESK: Final = frozenset({"owner", "assistant"})

_READERS = (
    func.gate.readers()
    .table_valued(
        column("user_id", UUID_TEXT),
        column("part", Text()),
        column("until", Instant()),
        column("relation", Text()),
        column("scopes", ARRAY(Text())),
        column("last_on", Date()),
        name="readers",
    )
    .render_derived()
)
_ALL = Query(
    select(
        _READERS.c.user_id,
        _READERS.c.part,
        _READERS.c.until,
        _READERS.c.relation,
        _READERS.c.scopes,
        _READERS.c.last_on,
        Membership.user_id.label("member_id"),
        Membership.roles,
        Membership.words.label("member"),
    )
    .select_from(_READERS)
    .outerjoin(
        Membership,
        and_(
            Membership.practice_id == p("practice_id"),
            Membership.user_id == _READERS.c.user_id,
            _READERS.c.part != "guardian",
        ),
    )
)


async def now_by(work: Work) -> Row:
    """Everyone who can read something of the client acted for, now, and what, in class words.

    Raises BadRequest `access.acting_for` for a guardian who names no client.
    """
    if work.client_id is None:
        raise BadRequest(
            "access.acting_for", "Name the client you act for in the Acting-For header."
        )
    rows = await work.rows(_ALL)
    names = (await practices.get(work))["policies"]["access_log_names"]
    mine = [row for row in rows if row["part"] == "guardian"]
    shown = [_guardian(row) for row in mine if row["user_id"] is not None]
    return {
        "staff": _staff([row for row in rows if row["part"] != "guardian"], names=names),
        "guardians": shown,
        "other_guardians": len(mine) - len(shown),
    }


def _staff(rows: list[Row], *, names: bool) -> list[Row]:
    people: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda row: (ORDER.index(row["part"]), row["user_id"])):
        people.setdefault(row["user_id"], []).append(row)
    return [_person(grounds, names=names) for grounds in people.values()]


def _person(grounds: list[Row], *, names: bool) -> Row:
    parts = list(dict.fromkeys(row["part"] for row in grounds))
    ends: list[datetime | None] = [row["until"] for row in grounds]
    lasting: Any = None if None in ends else max(end for end in ends if end is not None)
    is_named = names or not KNOWN_BY_NAME.isdisjoint(parts)
    roles = grounds[0]["roles"] if set(parts) - OF_THE_DESK else ["assistant"]
    return {
        "name": grounds[0]["member"].value["name"] if is_named else None,
        "parts": parts,
        "reads": _words(one for role in roles for one in GRANTS[role] if _reads(one)),
        "until": lasting,
    }


def _guardian(row: Row) -> Row:
    opened = (one for one, scope in SCOPES.items() if scope in row["scopes"])
    return {
        "relation": row["relation"],
        "scopes": sorted(row["scopes"]),
        "reads": _words(one for one in opened if _reads(one)),
        "last_on": row["last_on"],
    }


def _reads(permission: Any) -> bool:
    return str(permission.value).endswith(":read")


def _words(permissions: Any) -> list[str]:
    return sorted({word for one in permissions if (word := class_word(one)) is not None})
