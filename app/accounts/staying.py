"""After signing in: refreshing, leaving, changing place, stepping up, and who am I."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import LargeBinary, func, select, update
from sqlalchemy.orm import aliased

from app.accounts import contexts, second_factor, signing_in
from app.accounts.contexts import Context
from app.accounts.models import RecoveryCode, RefreshToken, SignIn, User
from app.accounts.schemas import ContextRequest, StepUpRequest
from app.accounts.secrets256 import token_hash
from app.core.clock import now
from app.core.errors import Conflict, Forbidden, Unauthenticated
from app.core.statements import Query, p
from app.operation.work import Row, Work

LOST_ANSWER = timedelta(minutes=2)
STEPPED_UP = timedelta(minutes=5)

_REFRESH = Query(
    select(
        RefreshToken.user_id,
        RefreshToken.sign_in_id,
        RefreshToken.idle_until,
        RefreshToken.rotated_at,
    ).where(RefreshToken.token_hash == p("token_hash", LargeBinary()))
)
_next = aliased(RefreshToken)
# A successor that was used has one of its own; one that only gave way to another has none.
_SUCCESSOR_USED = Query(
    select(func.count().label("used"))
    .select_from(RefreshToken)
    .join(_next, _next.parent_hash == RefreshToken.token_hash)
    .where(
        RefreshToken.sign_in_id == p("sign_in_id"),
        RefreshToken.parent_hash == p("token_hash", LargeBinary()),
        RefreshToken.user_id == p("me"),
        _next.sign_in_id == p("sign_in_id"),
        _next.user_id == p("me"),
    )
)
_current = select(
    SignIn.id,
    SignIn.practice_id,
    SignIn.kind,
    SignIn.client_id.label("self_id"),
    SignIn.second_factor_at,
    SignIn.stepped_up_at,
    SignIn.expires_at,
    SignIn.ended_at,
    SignIn.created_at,
).where(SignIn.id == p("sign_in_id"), SignIn.user_id == p("me"))
_SIGN_IN = Query(_current)
# One at a time for each sign-in, so that it never has two live refresh tokens.
_SIGN_IN_HELD = Query(_current.with_for_update(key_share=True))
_END = Query(
    update(SignIn)
    .where(SignIn.id == p("sign_in_id"), SignIn.user_id == p("me"), SignIn.ended_at.is_(None))
    .values(ended_at=func.now())
)
END_ALL = Query(
    update(SignIn)
    .where(SignIn.user_id == p("me"), SignIn.ended_at.is_(None))
    .values(ended_at=func.now())
)


async def refresh(work: Work, token: str) -> Row:
    """The next pair of tokens.

    A token that was rotated within two minutes, whose successor nobody used, gets a fresh one,
    and the successor gives way: phones lose answers in lifts. Any other second use ends the
    sign-in: 401 `accounts.reused`.
    """
    hashed = token_hash(token)
    reused = False
    async with work.visit(secret=hashed.hex()):
        found = await work.row(_REFRESH, token_hash=hashed)
        if found is None:
            raise _over()
        await work.introduce(user_id=found["user_id"])
        current = await work.row(_SIGN_IN_HELD, sign_in_id=found["sign_in_id"])
        # Read again now that the sign-in is held: whoever held it before may have rotated it.
        held = await work.row(_REFRESH, token_hash=hashed)
        if (
            current is None
            or held is None
            or current["ended_at"] is not None
            or min(held["idle_until"], current["expires_at"]) <= now()
        ):
            raise _over()
        await work.introduce(practice_id=current["practice_id"])
        if held["rotated_at"] is not None:
            used: Any = await work.row(
                _SUCCESSOR_USED, token_hash=hashed, sign_in_id=held["sign_in_id"]
            )
            reused = used["used"] > 0 or held["rotated_at"] + LOST_ANSWER < now()
        if reused:
            await work.run(_END, sign_in_id=current["id"])
            work.tell("accounts.token_reused", held["user_id"])
            work.note("account", outcome="token_reused")
        else:
            context = _still_there(await contexts.of(work), current)
            user: Any = await work.row(signing_in.ME)
            if user["deactivated_at"] is not None:
                raise _over()
            return await signing_in.tokens(
                work,
                held["user_id"],
                current["id"],
                context,
                has_factor=current["second_factor_at"] is not None,
                parent=hashed,
            )
    raise Unauthenticated(
        "accounts.reused",
        "This refresh token was used before. To be safe, this sign-in was ended; sign in again.",
    )


async def sign_out(work: Work) -> None:
    """End this sign-in, now, everywhere its tokens went."""
    await work.run(_END, sign_in_id=work.actor.sign_in_id)
    work.note("account", outcome="signed_out")


async def sign_out_everywhere(work: Work) -> None:
    """End every sign-in of this login."""
    await work.run(END_ALL)
    work.note("account", outcome="signed_out_everywhere")


async def switch_context(work: Work, asked: ContextRequest) -> Row:
    """The same sign-in, in another place. Raises as `contexts.chosen` and `check_factor` do.

    Who comes in as staff has proved the second factor as lately as staff must, however long the
    sign-in lasts: one of a client's lasts a year.
    """
    wanted = asked.context
    context = contexts.chosen(
        await contexts.everywhere(work),
        wanted.kind,
        str(wanted.practice_id),
        client_id=str(wanted.client_id) if wanted.client_id else None,
    )
    current: Any = await work.row(_SIGN_IN, sign_in_id=work.actor.sign_in_id)
    user: Any = await work.row(signing_in.ME)
    passed = current["second_factor_at"]
    if user["second_factor_at"] is not None and not _is_proved(work, current, context):
        code = await signing_in.check_factor(work, user, asked.otp)
        await signing_in.use_factor(work, code)
        passed = now()
    expires_at = current["expires_at"]
    if context.kind == "staff":
        longest = timedelta(days=work.house.settings.staff_absolute_days)
        expires_at = min(expires_at, (passed or now()) + longest)
    await work.alter(
        SignIn,
        current["id"],
        practice_id=context.practice_id,
        kind=context.kind,
        client_id=context.client_id,
        second_factor_at=passed,
        expires_at=expires_at,
    )
    work.note("account", outcome="switched_context")
    return await signing_in.tokens(
        work, work.actor.user_id, current["id"], context, has_factor=passed is not None
    )


def _is_proved(work: Work, current: Row, context: Context) -> bool:
    """Return whether this sign-in's second factor is proved, and lately enough for the context.

    For staff that is their whole time where it is among staff already, which an idle one leaves;
    else no longer ago than staff may be idle.
    """
    passed: datetime | None = current["second_factor_at"]
    if passed is None or context.kind != "staff":
        return passed is not None
    settings = work.house.settings
    if current["kind"] == "staff":
        return passed + timedelta(days=settings.staff_absolute_days) > now()
    return passed + timedelta(hours=settings.staff_idle_hours) > now()


async def step_up(work: Work, asked: StepUpRequest) -> Row:
    """Prove again who you are; for five minutes the most careful operations are open."""
    user: Any = await work.row(signing_in.ME)
    right = await signing_in.right_password(
        asked.password.get_secret_value(), user["password_hash"]
    )
    if not right:
        raise signing_in.wrong()
    if user["second_factor_at"] is not None:
        code = await signing_in.check_factor(work, user, asked.otp)
        await signing_in.use_factor(work, code)
    await work.alter(SignIn, work.actor.sign_in_id, stepped_up_at=now())
    work.note("account", outcome="stepped_up")
    current: Any = await work.row(_SIGN_IN, sign_in_id=work.actor.sign_in_id)
    context = _still_there(await contexts.of(work), current)
    return await signing_in.tokens(
        work,
        work.actor.user_id,
        current["id"],
        context,
        has_factor=current["second_factor_at"] is not None,
    )


async def demand_step_up(work: Work) -> None:
    """Raises Forbidden `accounts.step_up` unless the caller stepped up in the last 5 minutes."""
    current = await work.row(_SIGN_IN, sign_in_id=work.actor.sign_in_id)
    _demand_lately(current["stepped_up_at"] if current else None)


def _demand_lately(proved_at: datetime | None) -> None:
    if proved_at is None or proved_at + STEPPED_UP < now():
        raise Forbidden(
            "accounts.step_up",
            "This asks you to prove again who you are: POST /v1/auth/step-up, then try again.",
        )


async def me(work: Work) -> Row:
    """Who the caller is, where, as what, and what the caller may do there."""
    current: Any = await work.row(_SIGN_IN, sign_in_id=work.actor.sign_in_id)
    user: Any = await work.row(signing_in.ME)
    context = _still_there(await contexts.of(work), current)
    enrolling = work.actor.kind == "enrolling"
    return {
        "user_id": user["id"],
        "email": user["email"],
        "context": context.shown(enrolling=enrolling),
        "permissions": contexts.permissions(
            "enrolling" if enrolling else context.kind, context.roles
        ),
        "has_second_factor": user["second_factor_at"] is not None,
    }


async def enrol(work: Work) -> Row:
    """A new shared secret, in force once `confirm` has seen a code of it.

    A stolen token must not be enough to lock its owner out, so that the password was given in the
    last 5 minutes, by signing in or by stepping up. Raises Conflict when a second factor is in
    force already, and Forbidden as `demand_step_up` does.
    """
    user: Any = await work.row(signing_in.ME)
    if user["second_factor_at"] is not None:
        raise Conflict(
            "accounts.has_second_factor", "A second factor is set up already for this login."
        )
    current: Any = await work.row(_SIGN_IN, sign_in_id=work.actor.sign_in_id)
    _demand_lately(max(current["created_at"], current["stepped_up_at"] or current["created_at"]))
    secret = second_factor.new_secret()
    await work.alter(User, user["id"], second_factor=secret, second_factor_step=None)
    return {
        "secret": secret,
        "provisioning_uri": second_factor.provisioning_uri(secret, user["email"], "Praxis"),
    }


async def confirm(work: Work, otp: str) -> Row:
    """Put the second factor in force; recovery codes, and tokens with the context's full rights.

    Raises Conflict when none was begun or one is in force, Unauthenticated for a wrong code.
    """
    user: Any = await work.row(signing_in.ME)
    if user["second_factor"] is None or user["second_factor_at"] is not None:
        raise Conflict(
            "accounts.no_enrolment", "Begin with POST /v1/auth/second-factor, then confirm once."
        )
    await signing_in.use_factor(work, await signing_in.check_factor(work, user, otp))
    await work.alter(User, user["id"], second_factor_at=now())
    codes = second_factor.new_recovery_codes()
    for code in codes:
        await work.add(
            RecoveryCode,
            user_id=user["id"],
            code_hash=second_factor.recovery_hash(code),
            used_at=None,
        )
    await work.alter(SignIn, work.actor.sign_in_id, second_factor_at=now())
    work.note("account", outcome="enrolled")
    current: Any = await work.row(_SIGN_IN, sign_in_id=work.actor.sign_in_id)
    context = _still_there(await contexts.of(work), current)
    issued = await signing_in.tokens(work, user["id"], current["id"], context, has_factor=True)
    return {"recovery_codes": codes, "tokens": issued}


def _still_there(found: list[Context], current: Row) -> Context:
    for one in found:
        if (one.kind, one.practice_id, one.client_id) == (
            current["kind"],
            current["practice_id"],
            current["self_id"],
        ):
            return one
    raise _over()


def _over() -> Unauthenticated:
    return Unauthenticated("accounts.over", "This sign-in is over. Please sign in again.")
