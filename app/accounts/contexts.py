"""Where a login belongs: staff of a practice, a client, a guardian; and the tokens for it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, literal, null, or_, select, union_all
from sqlalchemy.dialects.postgresql import ARRAY, TEXT

from app.access.grounds import ClientLogin, Guardian, Membership
from app.access.permissions import GRANTS
from app.access.practice import Practice
from app.core.errors import Conflict, Forbidden
from app.core.statements import UUID_TEXT, Query, p
from app.operation.work import Work


@dataclass(frozen=True, slots=True)
class Context:
    """One place a login belongs to, and as what."""

    kind: str
    practice_id: str
    practice_name: str
    roles: tuple[str, ...]
    client_id: str | None

    @property
    def role(self) -> str:
        """The role as tokens carry it: staff roles in the alphabet's order, joined."""
        return "_".join(sorted(self.roles)) if self.kind == "staff" else self.kind

    def shown(self, *, enrolling: bool) -> dict[str, Any]:
        """As the wire shows it."""
        return {
            "kind": self.kind,
            "practice_id": self.practice_id,
            "practice_name": self.practice_name,
            "roles": sorted(self.roles),
            "client_id": self.client_id,
            "enrolling": enrolling,
        }


_NO_ROLES = null().cast(ARRAY(TEXT))
_MINE = union_all(
    select(
        literal("staff").label("kind"),
        Membership.practice_id,
        Membership.roles,
        null().cast(UUID_TEXT).label("client_id"),
    ).where(
        Membership.user_id == p("me"),
        Membership.suspended_at.is_(None),
        Membership.starts_at <= func.now(),
        or_(Membership.ends_at.is_(None), Membership.ends_at > func.now()),
    ),
    select(literal("client"), ClientLogin.practice_id, _NO_ROLES, ClientLogin.client_id).where(
        ClientLogin.user_id == p("me")
    ),
    select(literal("guardian"), Guardian.practice_id, _NO_ROLES, null().cast(UUID_TEXT))
    .where(Guardian.user_id == p("me"), Guardian.revoked_at.is_(None))
    .distinct(),
).subquery("mine")
_CONTEXTS = Query(
    select(
        _MINE.c.kind,
        _MINE.c.practice_id,
        _MINE.c.roles,
        _MINE.c.client_id.label("self_id"),
        Practice.name.label("practice_name"),
    )
    .join(Practice, and_(Practice.practice_id == _MINE.c.practice_id))
    # Ids are made in the order of time: of several files of one person, the newest comes first.
    .order_by(Practice.name, _MINE.c.kind, _MINE.c.client_id.desc())
)


async def of(work: Work) -> list[Context]:
    """Every context of the login that `work` knows."""
    return [
        Context(
            row["kind"],
            row["practice_id"],
            row["practice_name"],
            tuple(row["roles"] or ()),
            row["self_id"],
        )
        for row in await work.rows(_CONTEXTS)
    ]


async def everywhere(work: Work) -> list[Context]:
    """The same for someone who is signed in: other practices' names open to visitors only."""
    async with work.in_capacity("visitor"):
        return await of(work)


def chosen(
    found: list[Context],
    kind: str | None,
    practice_id: str | None,
    *,
    client_id: str | None = None,
) -> Context:
    """The context asked for; the only one when none was; of the files of one person in a practice
    the newest, unless `client_id` says another.

    Raises Conflict (`accounts.choose_context`, listing them) when several fit, Forbidden when
    the login belongs nowhere (any more) or not there.
    """
    fitting = [
        one
        for one in found
        if kind is None
        or (
            (one.kind, one.practice_id) == (kind, practice_id)
            and client_id in (None, one.client_id)
        )
    ]
    if len(fitting) == 1 or (fitting and kind is not None):
        return fitting[0]
    if not fitting:
        raise Forbidden(
            "accounts.no_context", "This login has no part in that practice (any more)."
        )
    raise Conflict(
        "accounts.choose_context",
        "You belong to several places. Sign in again and name one as `context`.",
        contexts=[one.shown(enrolling=False) for one in fitting],
    )


def permissions(kind: str, roles: tuple[str, ...]) -> list[str]:
    """What these roles may do, in order."""
    names = roles if kind == "staff" else (kind,)
    return sorted({one.value for name in names for one in GRANTS.get(name, ())})
