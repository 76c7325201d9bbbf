"""Invitations that were sent: listed with what became of them, and withdrawn."""

from functools import cache
from typing import Any, Final

from sqlalchemy import Integer, Text, and_, case, delete, func, or_, select, update

from app.access.grounds import ClientLogin, Guardian
from app.access.visible import PRACTICE, known
from app.accounts.models import Invitation
from app.accounts.open_invitations import SENDER_MAY, WITHDRAWN
from app.clients import carers
from app.clients.models import Client
from app.core.errors import Conflict, Forbidden, NotFound
from app.core.statements import Query, p
from app.invitations import validity
from app.invitations.acceptance import BIRTH_DATE_TRIES
from app.operation import preconditions
from app.operation.failures import not_on_care_team
from app.operation.work import Row, Work

_STATE: Final = case(
    (and_(Invitation.used_at.is_not(None), Invitation.revoked_at.is_(None)), "accepted"),
    (or_(Invitation.revoked_at.is_not(None), ~SENDER_MAY), "withdrawn"),
    # From before it was noted which address it went to: it is to be sent again.
    (and_(Invitation.kind == "client", Invitation.email_hash.is_(None)), "expired"),
    (and_(Invitation.kind == "client", ~validity.IS_CONFIRMED), "to_confirm"),
    (Invitation.bounced_at.is_not(None), "bounced"),
    (Invitation.token_hash.is_(None), "sending"),
    (
        or_(Invitation.expires_at <= func.now(), Invitation.tries >= BIRTH_DATE_TRIES),
        "expired",
    ),
    else_="sent",
)
_OF_CLIENTS: Final = and_(Invitation.client_id.is_not(None), known(Invitation))
_OF_STAFF: Final = and_(Invitation.client_id.is_(None), Invitation.practice_id == PRACTICE)
_SHOWN: Final = (
    "id", "kind", "state", "email", "client_id", "client", "roles", "invited_by", "created_at",
    "expires_at", "bounced_at", "accepted_at", "version",
)  # fmt: skip


@cache
def _select(*, keeps: bool, one: bool = False, client: bool = False, state: bool = False) -> Query:
    """The statement for one invitation or a page of them, for those who keep the directory or the
    others; a statement of its own for each, so that each has its own plan."""
    statement = (
        select(
            Invitation.id,
            Invitation.kind,
            _STATE.label("state"),
            Invitation.words,
            Client.id.label("client_id"),
            Client.words.label("client_words"),
            Invitation.roles,
            Invitation.invited_by,
            Invitation.created_at,
            Invitation.expires_at,
            Invitation.bounced_at,
            Invitation.used_at.label("accepted_at"),
            Invitation.version,
        )
        .outerjoin(
            Client,
            and_(Client.practice_id == Invitation.practice_id, Client.id == Invitation.client_id),
        )
        .where(or_(_OF_CLIENTS, _OF_STAFF) if keeps else _OF_CLIENTS)
    )
    if one:
        statement = statement.where(Invitation.id == p("invitation_id"))
    else:
        statement = (
            statement.where(Invitation.id < p("after"))
            .order_by(Invitation.id.desc())
            .limit(p("limit", Integer()))
        )
    if client:
        statement = statement.where(Invitation.client_id == p("of_client"))
    if state:
        statement = statement.where(p("state", Text()) == _STATE)
    query = Query(statement)
    # More are fetched than shown, and some are of no client: those shown are noted below.
    query.client = None
    return query


_HOLD = Query(
    select(Invitation.id)
    .where(Invitation.practice_id == PRACTICE, Invitation.id == p("invitation_id"))
    .with_for_update(key_share=True)
)
_WITHDRAW = Query(
    update(Invitation)
    .where(Invitation.practice_id == PRACTICE, Invitation.id == p("invitation_id"))
    .values(**WITHDRAWN)
)


def _place(table: Any) -> Any:
    """The place that the login took which joined by it. One from before that was noted is the
    client's only one."""
    used_by = (
        select(func.coalesce(Invitation.used_by, table.user_id))
        .where(Invitation.practice_id == PRACTICE, Invitation.id == p("invitation_id"))
        .correlate(table)
        .scalar_subquery()
    )
    return and_(
        table.practice_id == PRACTICE,
        table.client_id == p("of_client"),
        table.user_id == used_by,
    )


_END_LOGIN = Query(delete(ClientLogin).where(_place(ClientLogin)).returning(ClientLogin.user_id))
_END_GUARDIAN = Query(
    update(Guardian)
    .where(_place(Guardian), Guardian.revoked_at.is_(None))
    .values(revoked_at=func.now(), version=Guardian.version + 1, changed_at=func.now())
    .returning(Guardian.user_id)
)


async def list_of(
    work: Work, *, after: str, limit: int, client_id: str | None, state: str | None
) -> list[Row]:
    """The invitations the caller may know of, newest first, one past the limit."""
    query = _select(
        keeps=work.actor.keeps_directory, client=client_id is not None, state=state is not None
    )
    rows = await work.rows(query, after=after, limit=limit + 1, of_client=client_id, state=state)
    for row in rows[:limit]:
        if row["client_id"] is not None:
            work.note("contact", row["client_id"], "read")
    return [_shape(row) for row in rows]


async def withdraw(work: Work, invitation_id: str) -> Row:
    """Withdraw an invitation; the place of the login that joined by it ends. Again changes nothing.

    Raises NotFound; Forbidden for those who may not send such an invitation, or who do not treat
    the client who has joined; Conflict `invitations.joined` for staff who have; VersionRequired or
    Stale.
    """
    # Held, so that nobody joins by it meanwhile.
    await work.row(_HOLD, invitation_id=invitation_id)
    current = await _get(work, invitation_id)
    await _demand_may_withdraw(work, current)
    if current["state"] == "withdrawn":
        return current
    has_joined = current["state"] == "accepted"
    if has_joined and current["kind"] == "staff":
        raise Conflict("invitations.joined", "They have joined. Suspend the member instead.")
    preconditions.demand(work, current["version"])
    if not await work.run(_WITHDRAW, invitation_id=invitation_id):
        raise NotFound()
    client_id = current["client_id"]
    if has_joined:
        ending = _END_LOGIN if current["kind"] == "client" else _END_GUARDIAN
        for row in await work.rows(ending, of_client=client_id, invitation_id=invitation_id):
            work.tell("accounts.place_ended", row["user_id"], client_id)
    work.note("contact" if client_id else "members", client_id, outcome="withdrawn")
    work.tell("accounts.invitation_withdrawn", invitation_id, client_id)
    return await _get(work, invitation_id)


async def _get(work: Work, invitation_id: str) -> Row:
    query = _select(keeps=work.actor.keeps_directory, one=True)
    row = await work.row(query, invitation_id=invitation_id)
    if row is None:
        raise NotFound()
    return _shape(row)


async def _demand_may_withdraw(work: Work, current: Row) -> None:
    owns = "owner" in work.actor.roles
    if current["kind"] == "staff" and not owns:
        raise Forbidden("access.role", "Owners withdraw invitations of staff. Ask an owner.")
    may = owns or (work.actor.keeps_directory and current["state"] != "accepted")
    if not may and not await carers.treats(work, current["client_id"]):
        raise not_on_care_team()


def _shape(row: Row) -> Row:
    words = row.pop("client_words")
    names = words.value if words is not None else {}
    row["client"] = names.get("preferred_name") or names.get("legal_name")
    return {name: row[name] for name in _SHOWN}
