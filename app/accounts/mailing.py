"""The mails of signing in: new passwords, and what a person must hear of.

A secret is made when its mail is written, and only its hash is stored. Sending comes after the
commit: where it comes to nothing, the next try makes a new secret and the old one dies.
"""

from pathlib import Path

from sqlalchemy import select

from app.accounts import password_resets
from app.accounts.models import User
from app.core.statements import Query, p
from app.jobs import mail
from app.jobs.registry import Event, acting, on
from app.operation.work import Work

TEXTS = mail.templates(Path(__file__).parent / "mails")
PERSON = Query(
    select(User.id, User.words).where(User.id == p("user_id"), User.deactivated_at.is_(None))
)
"""Someone to be told something, by their login."""


@on("accounts.reset_requested")
async def send_reset(work: Work, event: Event) -> None:
    """Mail a secret that sets a new password, for 30 minutes; earlier ones live on beside it.

    An address without a login, or with one that is closed, gets nothing, and nobody is told.
    """
    made = await password_resets.secret_to_mail(work, event)
    if made is None:
        return
    user, token = made
    link = f"{work.house.settings.public_url}/reset#token={token}"
    await _send(work, "password_reset", user["email"], link=link, token=token)


@on("accounts.password_changed")
async def tell_of_new_password(work: Work, event: Event) -> None:
    """Tell the person that their password was changed, in case it was not they."""
    await _warn(work, event, "password_changed")


@on("accounts.token_reused")
async def tell_of_reuse(work: Work, event: Event) -> None:
    """Tell the person that a sign-in of theirs was ended because its token came twice."""
    await _warn(work, event, "token_reused")


@on("accounts.guessed")
async def tell_of_guesses(work: Work, event: Event) -> None:
    """Tell the person that somebody guesses at their codes or their password from the inside."""
    await _warn(work, event, "codes_guessed")


async def _warn(work: Work, event: Event, name: str) -> None:
    async with work.visit(**acting(event)):
        person = await work.row(PERSON, user_id=event.subject_id)
    if person is not None:
        await _send(work, name, person["email"], link=f"{work.house.settings.public_url}/reset")


async def _send(work: Work, name: str, to: str, **words: str) -> None:
    settings = work.house.settings
    await mail.mailer(settings).send(mail.write(settings, TEXTS, name, to, **words))
