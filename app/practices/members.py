"""The rules of a practice's staff: invited, described, given roles, suspended."""

from typing import Any, Final

from sqlalchemy import Integer, Text, and_, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import aliased

from app.access.grounds import CareAssignment, Membership
from app.access.practice import Practice
from app.accounts import open_invitations, staying
from app.accounts.models import Invitation
from app.core.clock import now
from app.core.errors import Conflict, Invalid, NotFound
from app.core.ids import new_id
from app.core.statements import Query, p
from app.operation import preconditions
from app.operation.work import Row, Work
from app.practices.schemas import ROLES, MemberInvite, MemberUpdate
from app.vault.sealing import normal_email

WORDS: Final = ("name", "licence", "title")


def _lasts(table: Any) -> Any:
    return or_(table.ends_at.is_(None), table.ends_at > func.now())


LIVE = and_(
    Membership.practice_id == p("practice_id"),
    Membership.suspended_at.is_(None),
    Membership.starts_at <= func.now(),
    _lasts(Membership),
)
_ALL = select(
    Membership.user_id,
    Membership.words,
    Membership.roles,
    Membership.starts_at,
    Membership.ends_at,
    Membership.suspended_at,
    Membership.version,
).where(Membership.practice_id == p("practice_id"))
_ONE = Query(_ALL.where(Membership.user_id == p("of_user")))
_LIST = Query(
    _ALL.where(Membership.user_id < p("after"))
    .order_by(Membership.user_id.desc())
    .limit(p("limit", Integer()))
)
_ON_STAFF = Query(
    select(literal(1).label("yes")).where(
        LIVE,
        Membership.user_id == p("of_user"),
        Membership.roles.op("&&")(p("roles", ARRAY(Text))),
    )
)
_OWNERS = Query(
    select(Membership.user_id)
    .where(LIVE, Membership.roles.op("@>")(["owner"]))
    .order_by(Membership.user_id)
    .with_for_update(key_share=True)
)
_other = aliased(CareAssignment)
_ALONE = Query(
    select(literal(1).label("yes"))
    .where(
        CareAssignment.practice_id == p("practice_id"),
        CareAssignment.user_id == p("of_user"),
        _lasts(CareAssignment),
        ~select(_other.id)
        .where(
            _other.practice_id == CareAssignment.practice_id,
            _other.episode_id == CareAssignment.episode_id,
            _other.user_id != CareAssignment.user_id,
            _lasts(_other),
        )
        .exists(),
    )
    .limit(1)
)
_INVITED = (
    select(
        Invitation.id,
        Invitation.words,
        Invitation.roles,
        Invitation.invited_by,
        Invitation.created_at,
        Invitation.expires_at,
        Invitation.bounced_at,
        Invitation.version,
    )
    .where(open_invitations.OPEN, Invitation.kind == "staff", Invitation.id < p("after"))
    .order_by(Invitation.id.desc())
)
_WAITING = Query(_INVITED.limit(p("limit", Integer())))
_ALONE_INVITING = Query(
    select(Practice.version)
    .where(Practice.practice_id == p("practice_id"))
    .with_for_update(key_share=True)
)
_OPEN = Query(
    select(Invitation.id, Invitation.words).where(open_invitations.OPEN, Invitation.kind == "staff")
)
REVOKE = Query(
    update(Invitation)
    .where(Invitation.practice_id == p("practice_id"), Invitation.id == p("id"))
    .values(**open_invitations.WITHDRAWN)
)


async def get(work: Work, user_id: str) -> Row:
    """One member. Raises NotFound."""
    row = await work.row(_ONE, of_user=user_id)
    if row is None:
        raise NotFound()
    return _shape(row)


async def list_of(work: Work, *, after: str, limit: int) -> list[Row]:
    """Members, and for those who keep the directory open invitations; newest first, one past
    the limit."""
    rows = [_shape(row) for row in await work.rows(_LIST, after=after, limit=limit + 1)]
    if work.actor.keeps_directory:
        for row in await work.rows(_WAITING, after=after, limit=limit + 1):
            row.pop("licence", None)
            rows.append({"kind": "invitation"} | row)
        rows.sort(key=lambda row: str(row["id"]), reverse=True)
    return rows[: limit + 1]


async def invite(work: Work, asked: MemberInvite) -> None:
    """Ask someone to join; an open invitation of the same address is replaced.

    Whether the address has a login, nothing tells. Raises as `staying.demand_step_up` does when
    an owner is to be made.
    """
    if "owner" in asked.roles:
        await staying.demand_step_up(work)
    await work.row(_ALONE_INVITING)
    address = normal_email(asked.email)
    for earlier in await work.rows(_OPEN):
        if normal_email(earlier["email"]) == address:
            await work.run(REVOKE, id=earlier["id"])
    invitation_id = new_id()
    await work.add(
        Invitation,
        id=invitation_id,
        kind="staff",
        roles=list(asked.roles),
        words={"email": asked.email, "licence": asked.licence},
        invited_by=work.actor.user_id,
    )
    work.note("members", outcome="invited", asked=invitation_id)
    work.tell("accounts.invited", invitation_id)


async def change(work: Work, user_id: str, asked: MemberUpdate) -> Row:
    """Change how a member is described, or which roles they have.

    Raises NotFound; for roles Forbidden `accounts.step_up`, Conflict `members.last_owner` and
    `members.still_treats`; VersionRequired or Stale.
    """
    current = await get(work, user_id)
    given = asked.model_dump(exclude_unset=True)
    roles = given.pop("roles", current["roles"])
    lost = set(current["roles"]) - set(roles)
    if roles != current["roles"]:
        await staying.demand_step_up(work)
    if "owner" in lost:
        await _demand_another_owner(work, user_id)
    if "therapist" in lost and await work.row(_ALONE, of_user=user_id):
        raise Conflict(
            "members.still_treats",
            "There are clients whose care nobody else shares. Give each a successor first.",
        )
    seen = preconditions.demand(work, current["version"])
    if not asked.model_fields_set:
        return current
    words = {name: given.get(name, current[name]) for name in WORDS}
    await work.change(Membership, user_id, seen, words=words, roles=roles)
    if lost:
        await open_invitations.revoke_sent_by(work, user_id)
    work.note("members", outcome="roles" if roles != current["roles"] else "changed", asked=user_id)
    work.tell("practices.member_changed", user_id)
    return await get(work, user_id)


async def suspend(work: Work, user_id: str) -> Row:
    """Close the practice to a member, from this second; open episodes are no obstacle.

    Suspending again changes nothing. Raises NotFound, Conflict `members.yourself`,
    `members.last_owner` or `members.state`, VersionRequired or Stale.
    """
    current = await get(work, user_id)
    if user_id == work.actor.user_id:
        raise Conflict("members.yourself", "Ask another owner to suspend you.")
    if current["status"] == "suspended":
        return current
    if current["status"] == "ended":
        raise Conflict("members.state", "This membership has ended; there is nothing to suspend.")
    if "owner" in current["roles"]:
        await _demand_another_owner(work, user_id)
    seen = preconditions.demand(work, current["version"])
    await work.change(Membership, user_id, seen, suspended_at=now())
    await open_invitations.revoke_sent_by(work, user_id)
    work.note("members", outcome="suspended", asked=user_id)
    work.tell("practices.member_suspended", user_id)
    return await get(work, user_id)


async def is_on_staff(work: Work, user_id: str, *roles: str) -> bool:
    """Whether this is a live member now, in one of these roles (any, when none is named)."""
    return await work.row(_ON_STAFF, of_user=user_id, roles=list(roles or ROLES)) is not None


async def demand_on_staff(work: Work, user_id: str | None, pointer: str) -> None:
    """Raises Invalid `members.not_on_staff`, pointing there, unless it is a live member or none."""
    if user_id is not None and not await is_on_staff(work, user_id):
        words = "This is nobody on the staff now."
        raise Invalid(
            "members.not_on_staff",
            "Name someone on the staff.",
            errors=[{"pointer": pointer, "code": "members.not_on_staff", "detail": words}],
        )


async def _demand_another_owner(work: Work, user_id: str) -> None:
    # The owners' rows are locked, so that two owners cannot remove each other at once.
    owners = [row["user_id"] for row in await work.rows(_OWNERS)]
    if not set(owners) - {user_id}:
        raise Conflict(
            "members.last_owner", "A practice keeps one owner at least. Name another one first."
        )


def _shape(row: Row) -> Row:
    ended = row["ends_at"] is not None and row["ends_at"] <= now()
    status = "suspended" if row["suspended_at"] else "ended" if ended else "active"
    return {"kind": "member", "id": row.pop("user_id"), "status": status} | row
