"""Invitations accepted: what a mailed secret opens, for whoever has it and still may."""

from datetime import timedelta
from typing import Final

from sqlalchemy import LargeBinary, and_, func, or_, select, update

from app.access.grounds import ClientLogin, Guardian, Membership
from app.access.practice import Practice
from app.accounts import contexts, guesses, signing_in, throttling
from app.accounts.models import Invitation, User
from app.accounts.secrets256 import over, token_hash
from app.clients import carers
from app.clients.models import Client
from app.core.clock import now
from app.core.errors import Conflict, Invalid, Problem, Unauthenticated
from app.core.ids import SYSTEM, new_id
from app.core.statements import Query, p
from app.invitations import validity
from app.invitations.schemas import JoinRequest
from app.operation.work import Row, Work
from app.vault.sealing import name_words

BIRTH_DATE_TRIES: Final = 5
LIFE: Final = timedelta(hours=72)
FARTHEST_WEST: Final = timedelta(hours=12)
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
_USE = Query(
    update(Invitation)
    .where(Invitation.practice_id == p("practice_id"), Invitation.id == p("id"))
    .values(
        used_at=func.now(),
        used_by=p("me"),
        version=Invitation.version + 1,
        changed_at=func.now(),
    )
)
_IS_GUARDIAN = Query(
    select(Guardian.id, Guardian.revoked_at).where(
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
_FILES = Query(
    select(Client.id, Client.words).where(
        Client.practice_id == p("practice_id"),
        or_(
            Client.id == p("of_client"),
            Client.id.in_(
                select(ClientLogin.client_id).where(
                    ClientLogin.practice_id == p("practice_id"), ClientLogin.user_id == p("me")
                )
            ),
        ),
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
    that will not do, Unauthenticated where the existing login's password or code is another,
    Conflict where the login cannot take the place, TooMany after as many tries as signing in
    allows.
    """
    hashed = token_hash(asked.token).hex()
    problem: Problem | None = None
    async with work.visit(secret=hashed):
        invited = await _find(work, asked.token)
    known_as = signing_in.email_hash(work, invited["email"])
    await throttling.throttle(work, known_as)
    async with work.visit(secret=hashed, capacity="invited"):
        found = await _find(work, asked.token)
        try:
            _check_birth_date(work, found, asked)
        except Problem as refused:
            # The count of wrong tries is kept although the answer is a refusal.
            problem = refused
            await work.run(_WRONG_BIRTH_DATE, id=found["id"])
        else:
            try:
                async with work.attempt():
                    return await _join(work, found, known_as, asked)
            except Unauthenticated as refused:
                # So is what is written about a wrong guess.
                problem = refused
                await _keep_wrong_guess(work, known_as, refused)
    raise problem


async def _keep_wrong_guess(work: Work, known_as: bytes, refused: Problem) -> None:
    await work.introduce(login=known_as.hex())
    user = await work.row(signing_in.USER, email_hash=known_as)
    if user is not None and refused.code == "accounts.second_factor":
        await guesses.keep_wrong_code(work, user["id"], refused)
    elif refused.code in guesses.WRONG:
        await work.introduce(practice_id=SYSTEM)
        work.note("account", outcome="refused")


async def _join(work: Work, found: Row, known_as: bytes, asked: JoinRequest) -> Row:
    if found["kind"] == "staff" and asked.name is None:
        raise Invalid(
            "accounts.name",
            "Say how clients and colleagues should read your name.",
            errors=[{"pointer": "/name", "code": "wire.missing", "detail": "A name is needed."}],
        )
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
    await work.run(_USE, id=found["id"])
    await _tell(work, found)
    client_id = found["invited_client_id"] if found["kind"] == "client" else None
    context = contexts.chosen(
        await contexts.of(work), found["kind"], work.practice_id, client_id=client_id
    )
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
        await _demand_same_person(work, client_id)
        added = await work.add(
            ClientLogin, unless=("practice_id", "client_id"), client_id=client_id, user_id=user_id
        )
    else:
        await _demand_other_side(work, _IS_CLIENT, client_id)
        added = await _become_guardian(work, found, user_id)
    if not added:
        raise Conflict(
            "accounts.already_here", "This place is taken by a login already. Sign in instead."
        )


async def _become_guardian(work: Work, found: Row, user_id: str) -> bool:
    client_id = found["invited_client_id"]
    there = await work.rows(_IS_GUARDIAN, of_client=client_id)
    if any(one["revoked_at"] is None for one in there):
        return False
    return await work.add(
        Guardian,
        id=new_id(),
        client_id=client_id,
        user_id=user_id,
        relation=found.get("relation") or "other",
        basis=found.get("basis") or "other",
        scopes=found["scopes"] or [],
        starts_on=(now() - FARTHEST_WEST).date(),
    )


async def _demand_other_side(work: Work, query: Query, client_id: str) -> None:
    """A client and their guardian never share a sign-in. Raises Conflict."""
    if await work.row(query, of_client=client_id) is not None:
        raise Conflict(
            "accounts.other_side",
            "This login is on the other side already: a client and their guardian each have"
            " one of their own. Ask the practice to invite another address.",
        )


async def _demand_same_person(work: Work, client_id: str) -> None:
    """Raises Conflict where the login is another client here: a couple may share a mailbox, and
    not what each says in private. The same person may have come back, to a new file."""
    async with work.in_capacity("job"):
        files = {row["id"]: _person(row) for row in await work.rows(_FILES, of_client=client_id)}
    invited = files.pop(client_id)
    if files and (invited is None or invited not in files.values()):
        raise Conflict(
            "accounts.other_address",
            "This address signs in someone else at this practice. Ask the practice to invite you"
            " at another address, one that is yours alone.",
        )


def _person(file: Row) -> tuple[str, str] | None:
    """Legal name and birth date as they are compared; None without both."""
    name, born = " ".join(name_words(file["legal_name"])), file["birth_date"]
    return (name, born) if name and born else None


async def _tell(work: Work, found: Row) -> None:
    """Those who would notice if it were somebody else hear of whoever joined."""
    client_id = found["invited_client_id"]
    work.tell("accounts.invitation_accepted", found["id"], client_id)
    async with work.in_capacity("job"):
        told = await (carers.or_owners(work, client_id) if client_id else carers.owners(work))
    for user_id in told:
        work.tell("accounts.joined", user_id, client_id)


async def _find(work: Work, token: str) -> Row:
    hashed = token_hash(token)
    place = await work.row(_WHERE, token_hash=hashed)
    if place is None:
        raise over()
    await work.introduce(practice_id=place["practice_id"])
    found = await work.row(_INVITATION, id=place["id"], token_hash=hashed)
    if found is None or not await validity.stands(work, found["id"]):
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
