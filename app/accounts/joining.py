"""Invitations accepted: what a mailed secret opens."""

from datetime import timedelta

from sqlalchemy import LargeBinary, and_, func, select, update

from app.access.grounds import ClientLogin, Guardian, Membership
from app.access.practice import Practice
from app.accounts import contexts, signing_in, throttling
from app.accounts.models import Invitation, User
from app.accounts.schemas import JoinRequest
from app.accounts.secrets256 import over, token_hash
from app.core.clock import now
from app.core.errors import Conflict, Invalid, Problem
from app.core.ids import new_id
from app.core.statements import Query, p
from app.operation.work import Row, Work

BIRTH_DATE_TRIES = 5
INVITATION_LIFE = timedelta(hours=72)
FARTHEST_WEST = timedelta(hours=12)
"""Where the day begins last: whoever joins as a guardian does so today, wherever the client is."""

_OPEN = and_(
    Invitation.token_hash == p("token_hash", LargeBinary()),
    Invitation.used_at.is_(None),
    Invitation.revoked_at.is_(None),
    Invitation.expires_at > func.now(),
    Invitation.tries < BIRTH_DATE_TRIES,
)
_WHERE = Query(select(Invitation.id, Invitation.practice_id).where(_OPEN))
_INVITATION = Query(
    select(
        Invitation.id,
        Invitation.kind,
        Invitation.client_id.label("invited_client_id"),
        Invitation.roles,
        Invitation.scopes,
        Invitation.birth_hash,
        Invitation.words,
        Practice.name.label("practice_name"),
    )
    .join(Practice, Practice.practice_id == Invitation.practice_id)
    # Asked again under the lock: of many at once, each must see what the one before it did.
    .where(Invitation.practice_id == p("practice_id"), Invitation.id == p("id"), _OPEN)
    .with_for_update(of=Invitation)
)
_WRONG_BIRTH_DATE = Query(
    update(Invitation)
    .where(Invitation.practice_id == p("practice_id"), Invitation.id == p("id"))
    .values(tries=Invitation.tries + 1)
)
_IS_GUARDIAN = Query(
    select(Guardian.id).where(
        Guardian.practice_id == p("practice_id"),
        Guardian.client_id == p("of_client"),
        Guardian.user_id == p("me"),
    )
)
_IS_CLIENT = Query(
    select(ClientLogin.user_id).where(
        ClientLogin.practice_id == p("practice_id"),
        ClientLogin.client_id == p("of_client"),
        ClientLogin.user_id == p("me"),
    )
)


async def preview(work: Work, token: str) -> Row:
    """What an invitation is for. Raises NotFound for one that is over, used or withdrawn."""
    async with work.visit(secret=token_hash(token).hex()):
        found = await _find(work, token)
        return {
            "kind": found["kind"],
            "practice_name": found["practice_name"],
            "asks_birth_date": found["birth_hash"] is not None,
            "asks_name": found["kind"] == "staff",
        }


async def accept(work: Work, asked: JoinRequest) -> Row:
    """Join, with a new login or, where the address has one, with its password; then signed in.

    Raises NotFound for an invitation that is over, Invalid for a wrong birth date or a password
    that will not do, Unauthenticated where the existing login's password is another, TooMany
    after as many tries as signing in allows.
    """
    hashed = token_hash(asked.token).hex()
    problem: Problem | None = None
    async with work.visit(secret=hashed):
        invited = await _find(work, asked.token)
    await throttling.throttle(work, signing_in.email_hash(work, invited["email"]))
    async with work.visit(secret=hashed, capacity="invited"):
        found = await _find(work, asked.token)
        try:
            _check_birth_date(work, found, asked)
        except Problem as refused:
            # The count of wrong tries is kept although the answer is a refusal.
            problem = refused
            await work.run(_WRONG_BIRTH_DATE, id=found["id"])
        else:
            return await _join(work, found, asked)
    raise problem


async def _join(work: Work, found: Row, asked: JoinRequest) -> Row:
    if found["kind"] == "staff" and asked.name is None:
        raise Invalid(
            "accounts.name",
            "Say how clients and colleagues should read your name.",
            errors=[{"pointer": "/name", "code": "wire.missing", "detail": "A name is needed."}],
        )
    known_as = signing_in.email_hash(work, found["email"])
    await work.introduce(login=known_as.hex())
    user = await work.row(signing_in.USER, email_hash=known_as)
    given = asked.password.get_secret_value()
    if user is None:
        password_hash = await signing_in.new_hash(given, found["email"], has_factor=False)
        user_id = new_id()
        await work.add(
            User,
            id=user_id,
            email_hash=known_as,
            words={"email": found["email"]},
            password_hash=password_hash,
        )
        has_factor = False
        await work.introduce(user_id=user_id)
    else:
        if user["deactivated_at"] is not None or not await signing_in.right_password(
            given, user["password_hash"]
        ):
            raise signing_in.wrong()
        user_id = user["id"]
        has_factor = user["second_factor_at"] is not None
        await work.introduce(user_id=user_id)
        if has_factor:
            code = await signing_in.check_factor(work, user, asked.otp)
            await signing_in.use_factor(work, code)
    await _take_place(work, found, asked, user_id)
    await work.alter(Invitation, found["id"], used_at=now())
    work.tell("accounts.invitation_accepted", found["id"], found["invited_client_id"])
    context = contexts.chosen(await contexts.of(work), found["kind"], work.practice_id)
    await throttling.forget_tries(work, known_as)
    return await signing_in.begin(work, user_id, context, has_factor=has_factor)


async def _take_place(work: Work, found: Row, asked: JoinRequest, user_id: str) -> None:
    client_id = found["invited_client_id"]
    if found["kind"] == "staff":
        added = await work.add(
            Membership,
            unless=("practice_id", "user_id"),
            user_id=user_id,
            roles=sorted(found["roles"]),
            words={"name": asked.name, "licence": found.get("licence"), "title": None},
        )
    elif found["kind"] == "client":
        await _demand_other_side(work, _IS_GUARDIAN, client_id)
        added = await work.add(
            ClientLogin, unless=("practice_id", "client_id"), client_id=client_id, user_id=user_id
        )
    else:
        await _demand_other_side(work, _IS_CLIENT, client_id)
        today = (now() - FARTHEST_WEST).date()
        added = await work.add(
            Guardian,
            id=new_id(),
            client_id=client_id,
            user_id=user_id,
            relation=found.get("relation") or "other",
            basis=found.get("basis") or "other",
            scopes=found["scopes"] or [],
            starts_on=today,
        )
    if not added:
        raise Conflict(
            "accounts.already_here", "This place is taken by a login already. Sign in instead."
        )


async def _demand_other_side(work: Work, query: Query, client_id: str) -> None:
    """A client and their guardian never share a sign-in. Raises Conflict."""
    if await work.row(query, of_client=client_id) is not None:
        raise Conflict(
            "accounts.other_side",
            "This login is on the other side already: a client and their guardian each have"
            " one of their own. Ask the practice to invite another address.",
        )


async def _find(work: Work, token: str) -> Row:
    hashed = token_hash(token)
    place = await work.row(_WHERE, token_hash=hashed)
    if place is None:
        raise over()
    await work.introduce(practice_id=place["practice_id"])
    found = await work.row(_INVITATION, id=place["id"], token_hash=hashed)
    if found is None:
        raise over()
    return found


def _check_birth_date(work: Work, found: Row, asked: JoinRequest) -> None:
    if found["birth_hash"] is None:
        return
    given = asked.birth_date.isoformat() if asked.birth_date else ""
    if work.house.keyring.blind(work.practice_id, "birth", given) != found["birth_hash"]:
        raise Invalid(
            "accounts.birth_date",
            "Give the birth date the practice has on file.",
            errors=[
                {
                    "pointer": "/birth_date",
                    "code": "accounts.birth_date",
                    "detail": "This is not the date on file.",
                }
            ],
        )
