"""Signing in: password, second factor, context, and the tokens that follow."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from time import time

from sqlalchemy import BigInteger, LargeBinary, func, or_, select, update

from app.accounts import contexts, guesses, passwords, second_factor, throttling
from app.accounts.contexts import Context
from app.accounts.models import RecoveryCode, RefreshToken, SignIn, User
from app.accounts.schemas import SignInRequest
from app.accounts.secrets256 import new_token
from app.core.clock import now
from app.core.errors import Invalid, Problem, Unauthenticated, Unavailable
from app.core.ids import SYSTEM, new_id
from app.core.statements import Query, p
from app.operation.work import Row, Work
from app.vault.sealing import normal_email

ACCESS_SECONDS = 600

_LOGIN = select(
    User.id,
    User.words,
    User.password_hash,
    User.second_factor,
    User.second_factor_step,
    User.second_factor_at,
    User.deactivated_at,
    User.version,
)
_BY_ADDRESS = _LOGIN.where(User.email_hash == p("email_hash", LargeBinary()))
USER = Query(_BY_ADDRESS)
USER_HELD = Query(_BY_ADDRESS.with_for_update(key_share=True))
"""The same, one at a time: whoever writes several rows of a login holds this one first."""
ME = Query(_LOGIN.where(User.id == p("me")))
_RETIRE = Query(
    update(RefreshToken)
    .where(
        RefreshToken.sign_in_id == p("sign_in_id"),
        RefreshToken.user_id == p("me"),
        RefreshToken.rotated_at.is_(None),
    )
    .values(rotated_at=func.now())
    .returning(RefreshToken.token_hash)
)
_USE_STEP = Query(
    update(User)
    .where(
        User.id == p("me"),
        or_(User.second_factor_step.is_(None), User.second_factor_step < p("step", BigInteger())),
    )
    .values(second_factor_step=p("step", BigInteger()))
)
_this_code = (
    RecoveryCode.user_id == p("me"),
    RecoveryCode.code_hash == p("code_hash", LargeBinary()),
    RecoveryCode.used_at.is_(None),
)
_CODE = Query(select(RecoveryCode.user_id).where(*_this_code))
_USE_CODE = Query(update(RecoveryCode).where(*_this_code).values(used_at=func.now()))


@dataclass(frozen=True, slots=True)
class Code:
    """A code that is right and not used yet: a half minute of the app's, or a recovery code."""

    step: int | None = None
    recovery_hash: bytes | None = None


@cache
def hasher() -> passwords.Hasher:
    """The process's one hasher: it bounds how much of the machine passwords may take."""
    return passwords.Hasher()


async def right_password(password: str, hashed: str | None) -> bool:
    """Whether it is the password. Raises Unavailable when too many are being checked."""
    try:
        return await hasher().verify(password, hashed)
    except passwords.Busy:
        raise busy() from None


async def new_hash(password: str, email: str, *, has_factor: bool) -> str:
    """Return the hash of a new password for the login with this address.

    Raises Invalid `accounts.password` for one that will not do, Unavailable as `right_password`.
    """
    complaint = passwords.check_new_password(password, second_factor=has_factor, email=email)
    if complaint is not None:
        raise Invalid(
            "accounts.password",
            complaint.words,
            errors=[{"pointer": "/password", "code": complaint.code, "detail": complaint.words}],
        )
    try:
        return await hasher().hash(password)
    except passwords.Busy:
        raise busy() from None


def email_hash(work: Work, email: str) -> bytes:
    """What a login is looked up by."""
    return work.house.keyring.blind(SYSTEM, "email", normal_email(email))


async def sign_in(work: Work, asked: SignInRequest) -> Row:
    """Tokens for the right password (and second factor) in the chosen context.

    Unknown, wrong, locked and deactivated answer alike: 401 `accounts.credentials`.
    """
    known_as = email_hash(work, asked.email)
    await throttling.throttle(work, known_as)
    async with work.visit(login=known_as.hex()):
        user = await work.row(USER, email_hash=known_as)
    usable = user is not None and user["deactivated_at"] is None
    hashed = user["password_hash"] if user and usable else None
    if not await right_password(asked.password.get_secret_value(), hashed) or user is None:
        await _remember_refusal(work)
        raise wrong()
    problem: Problem | None = None
    async with work.visit(user_id=user["id"], login=known_as.hex()):
        try:
            # Where someone belongs is told after the second factor; and a code that was asked where
            # to go is good for the answer too.
            has_factor = user["second_factor_at"] is not None
            code = await check_factor(work, user, asked.otp) if has_factor else None
            wanted = asked.context
            context = contexts.chosen(
                await contexts.of(work),
                wanted.kind if wanted else None,
                str(wanted.practice_id) if wanted else None,
                client_id=str(wanted.client_id) if wanted and wanted.client_id else None,
            )
            if code is not None:
                await use_factor(work, code)
            await throttling.forget_tries(work, known_as)
            await work.introduce(practice_id=context.practice_id)
            return await begin(work, user["id"], context, has_factor=has_factor)
        except Problem as refused:
            # What is kept of a wrong code stays, although the answer is a refusal.
            await guesses.keep_wrong_code(work, user["id"], refused)
            problem = refused
    raise problem


async def begin(work: Work, user_id: str, context: Context, *, has_factor: bool) -> Row:
    """A new sign-in of `user_id` in `context`, and its first tokens."""
    sign_in_id = new_id()
    settings = work.house.settings
    days = (
        settings.staff_absolute_days if context.kind == "staff" else settings.client_absolute_days
    )
    await work.add(
        SignIn,
        id=sign_in_id,
        user_id=user_id,
        practice_id=context.practice_id,
        kind=context.kind,
        client_id=context.client_id,
        second_factor_at=now() if has_factor else None,
        expires_at=now() + timedelta(days=days),
    )
    work.note("account", outcome="signed_in")
    return await tokens(work, user_id, sign_in_id, context, has_factor=has_factor)


async def tokens(
    work: Work,
    user_id: str,
    sign_in_id: str,
    context: Context,
    *,
    has_factor: bool,
    parent: bytes | None = None,
) -> Row:
    """An access token, and the next refresh token of the sign-in's chain, its only live one.

    `parent` is the token it was asked for with; else it follows the one that was live.
    """
    retired = await work.rows(_RETIRE, sign_in_id=sign_in_id)
    if parent is None and retired:
        parent = retired[0]["token_hash"]
    settings = work.house.settings
    refresh, hashed = new_token()
    idle = (
        timedelta(hours=settings.staff_idle_hours)
        if context.kind == "staff"
        else timedelta(days=settings.client_idle_days)
    )
    await work.add(
        RefreshToken,
        token_hash=hashed,
        sign_in_id=sign_in_id,
        user_id=user_id,
        parent_hash=parent,
        idle_until=now() + idle,
    )
    enrolling = context.kind == "staff" and not has_factor
    access = work.house.tokens.issue(
        sub=user_id,
        sid=sign_in_id,
        practice=context.practice_id,
        kind="enrolling" if enrolling else context.kind,  # type: ignore[arg-type]
        role=context.role,
        client=context.client_id,
    )
    return {
        "access_token": access,
        "refresh_token": refresh,
        "token_type": "Bearer",
        "expires_in": ACCESS_SECONDS,
        "context": context.shown(enrolling=enrolling),
    }


async def check_factor(work: Work, user: Row, otp: str | None) -> Code:
    """Return the right code, to be used up by `use_factor` when tokens are given for it.

    Raises Unauthenticated: `accounts.second_factor_required` without a code, and
    `accounts.second_factor` for one that is wrong or was used before.
    """
    if otp is None:
        raise Unauthenticated(
            "accounts.second_factor_required",
            "Send the code of your authenticator app, or a recovery code, as `otp`.",
        )
    step = second_factor.check(user["second_factor"].value, otp, user["second_factor_step"], time())
    if step is not None:
        return Code(step=step)
    recovery = second_factor.recovery_hash(otp)
    if await work.row(_CODE, code_hash=recovery) is not None:
        return Code(recovery_hash=recovery)
    raise _wrong_code()


async def use_factor(work: Work, code: Code) -> None:
    """Use a code up. Raises Unauthenticated for one that was used meanwhile."""
    if code.step is not None:
        used = await work.run(_USE_STEP, step=code.step)
    else:
        used = await work.run(_USE_CODE, code_hash=code.recovery_hash)
    if used != 1:
        raise _wrong_code()


def _wrong_code() -> Unauthenticated:
    return Unauthenticated(
        "accounts.second_factor", "This code is not right, or was used before. Take the next one."
    )


def wrong() -> Unauthenticated:
    return Unauthenticated("accounts.credentials", "That address and password do not go together.")


def busy() -> Unavailable:
    return Unavailable("accounts.busy", "Many people are signing in. Please try again.")


async def _remember_refusal(work: Work) -> None:
    async with work.visit(practice_id=SYSTEM):
        work.note("account", outcome="refused")
