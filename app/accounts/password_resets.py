"""A new password, set with a mailed secret. Several secrets live at once; all die when one is used.

Anyone may ask, for any address, and the answer is always the same: so asking must take nothing from
the person. It ends no secret they hold, and no number of asks keeps one from them.
"""

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import LargeBinary, func, select, update

from app.accounts import signing_in, staying, throttling
from app.accounts.models import Reset, User
from app.accounts.schemas import ResetRequest
from app.accounts.secrets256 import new_token, over, token_hash
from app.core.clock import now
from app.core.ids import SYSTEM, new_id
from app.core.statements import Query, p
from app.jobs.registry import Event, acting
from app.operation.work import Row, Work

LIFE: Final = timedelta(minutes=30)
MOST_LIVE: Final = 3
"""Secrets of one login that live at once. Whoever asks when there are so many has them all in the
mailbox, and gets no further mail."""
_ASKED_LATELY: Final = LIFE - timedelta(minutes=5)
"""So many asks within this time have left a secret that lives for five minutes or more."""
ASKED_LONG_AGO: Final = timedelta(hours=1)
"""A mail about a new password that comes later than this would only puzzle."""

_OF_ADDRESS = Reset.email_hash == p("email_hash", LargeBinary())
_ASKED = Query(
    select(func.count().label("many")).where(
        _OF_ADDRESS, Reset.created_at > func.now() - _ASKED_LATELY
    )
)
_FOUND = Query(
    select(Reset.id, Reset.email_hash).where(
        Reset.token_hash == p("token_hash", LargeBinary()),
        Reset.used_at.is_(None),
        Reset.expires_at > func.now(),
    )
)
_END = Query(update(Reset).where(_OF_ADDRESS, Reset.used_at.is_(None)).values(used_at=func.now()))
_TO_MAIL = Query(
    select(Reset.email_hash).where(
        Reset.id == p("reset_id"),
        Reset.used_at.is_(None),
        Reset.created_at > func.now() - ASKED_LONG_AGO,
    )
)
_LIVE = Query(
    select(func.count().label("many")).where(
        _OF_ADDRESS,
        Reset.id != p("reset_id"),
        Reset.used_at.is_(None),
        Reset.expires_at > func.now(),
    )
)


async def request(work: Work, email: str) -> None:
    """Ask for a mail with a secret. Whether the address has a login, nothing tells."""
    hashed = signing_in.email_hash(work, email)
    async with work.visit(practice_id=SYSTEM):
        async with work.in_capacity("job"):
            asked: Any = await work.row(_ASKED, email_hash=hashed)
        if asked["many"] >= MOST_LIVE:
            return
        reset_id = new_id()
        await work.add(Reset, id=reset_id, email_hash=hashed)
        work.tell("accounts.reset_requested", reset_id)


async def secret_to_mail(work: Work, event: Event) -> tuple[Row, str] | None:
    """Make the secret that was asked for: the login it is for, and the secret.

    None where there is nobody to mail, it was asked for long ago, or enough secrets live.
    """
    token, hashed = new_token()
    async with work.visit(**acting(event)):
        asked = await work.row(_TO_MAIL, reset_id=event.subject_id)
        user = asked and await work.row(signing_in.USER_HELD, email_hash=asked["email_hash"])
        if not asked or not user or user["deactivated_at"] is not None:
            return None
        live: Any = await work.row(_LIVE, email_hash=asked["email_hash"], reset_id=event.subject_id)
        if live["many"] >= MOST_LIVE:
            return None
        await work.alter(Reset, event.subject_id, token_hash=hashed, expires_at=now() + LIFE)
    return user, token


async def use(work: Work, asked: ResetRequest) -> None:
    """Set a new password, end every sign-in and every other secret, and forget wrong tries.

    Raises NotFound for a secret that is over, Invalid for a password that will not do.
    """
    hashed = token_hash(asked.token)
    async with work.visit(secret=hashed.hex(), practice_id=SYSTEM):
        found = await _found(work, hashed)
        await work.introduce(login=found["email_hash"].hex())
        user = await work.row(signing_in.USER_HELD, email_hash=found["email_hash"])
        # Asked again now that the login is held: another secret of it may have been used meanwhile.
        await _found(work, hashed)
        if user is None or user["deactivated_at"] is not None:
            raise over()
        fresh = asked.password.get_secret_value()
        has_factor = user["second_factor_at"] is not None
        password_hash = await signing_in.new_hash(fresh, user["email"], has_factor=has_factor)
        await work.introduce(user_id=user["id"])
        await work.alter(User, user["id"], password_hash=password_hash)
        async with work.in_capacity("job"):
            await work.run(_END, email_hash=found["email_hash"])
        await work.run(staying.END_ALL)
        await throttling.forget_tries(work, found["email_hash"])
        work.tell("accounts.password_changed", user["id"])
        work.note("account", outcome="password_reset")


async def _found(work: Work, hashed: bytes) -> Row:
    found = await work.row(_FOUND, token_hash=hashed)
    if found is None:
        raise over()
    return found
