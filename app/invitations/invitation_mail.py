"""The mails of invitations: the invitation itself, and what others must hear of one.

A secret is made when its mail is written, and only its hash is stored. Sending comes after the
commit: where it comes to nothing for now, the next try makes a new secret and the old one dies.
"""

from pathlib import Path
from typing import Any, Final

from sqlalchemy import LargeBinary, func, select, update

from app.access.practice import Practice
from app.accounts.mailing import PERSON
from app.accounts.models import Invitation
from app.accounts.open_invitations import OPEN
from app.accounts.secrets256 import new_token
from app.core.clock import now
from app.core.statements import Query, p
from app.core.zones import zone
from app.invitations import validity
from app.invitations.acceptance import LIFE
from app.jobs import mail
from app.jobs.registry import Event, NotDone, acting, on
from app.operation.work import Row, Work

TEXTS: Final = mail.templates(Path(__file__).parent / "mails")
_INVITATION = Query(
    select(
        Invitation.id,
        Invitation.kind,
        Invitation.words,
        Practice.name.label("practice_name"),
        Practice.zone,
    )
    .join(Practice, Practice.practice_id == Invitation.practice_id)
    .where(OPEN, Invitation.id == p("invitation_id"))
    .with_for_update(of=Invitation)
)
_BOUNCED = Query(
    update(Invitation)
    .where(
        OPEN,
        Invitation.id == p("invitation_id"),
        Invitation.token_hash == p("token_hash", LargeBinary()),
    )
    .values(bounced_at=func.now(), version=Invitation.version + 1, changed_at=func.now())
)
_SENDER = Query(
    select(Invitation.invited_by).where(
        Invitation.practice_id == p("practice_id"), Invitation.id == p("invitation_id")
    )
)
_PRACTICE = Query(select(Practice.name).where(Practice.practice_id == p("practice_id")))


@on("accounts.invited")
async def invite(work: Work, event: Event) -> None:
    """Mail the invitation with a new secret for 72 hours; earlier secrets of it are dead.

    One that is not good (any more, or yet) is left alone. One that can never be delivered is
    marked, and its sender told.
    """
    token, hashed = new_token()
    until = now() + LIFE
    async with work.visit(**acting(event)):
        found = await work.row(_INVITATION, invitation_id=event.subject_id)
        if found is None or not await validity.stands(work, found["id"]):
            return
        await work.alter(
            Invitation,
            found["id"],
            token_hash=hashed,
            expires_at=until,
            tries=0,
            bounced_at=None,
        )
    local = until.astimezone(zone(found["zone"]))
    words = {
        "practice": _line(found["practice_name"]),
        "link": f"{work.house.settings.public_url}/join#token={token}",
        "token": token,
        "until": f"{local:%d %B %Y, %H:%M} ({found['zone']})",
    }
    try:
        await _send(work, f"invitation_{found['kind']}", found["email"], **words)
    except NotDone as failed:
        if not failed.permanent:
            raise
        async with work.visit(**acting(event)):
            if await work.run(_BOUNCED, invitation_id=event.subject_id, token_hash=hashed):
                work.tell("accounts.invitation_bounced", event.subject_id, event.client_id)


@on("accounts.invitation_bounced")
async def tell_of_bounce(work: Work, event: Event) -> None:
    """Tell whoever sent an invitation that it cannot be delivered."""
    async with work.visit(**acting(event)):
        sender: Any = await work.row(_SENDER, invitation_id=event.subject_id)
        told = await _someone(work, sender["invited_by"])
    await _tell(work, "invitation_bounced", told)


@on("accounts.joined")
async def tell_of_joining(work: Work, event: Event) -> None:
    """Tell a member that somebody has joined whom they look after, or work with."""
    await _tell_subject(work, event, "joined")


@on("accounts.desk_invited")
async def tell_of_desk(work: Work, event: Event) -> None:
    """Tell who treats a client that the front desk invites them at an address of its own."""
    await _tell_subject(work, event, "desk_invited")


@on("accounts.place_ended")
async def tell_of_end(work: Work, event: Event) -> None:
    """Tell whose login it is that a place of it was ended."""
    await _tell_subject(work, event, "place_ended")


async def _tell_subject(work: Work, event: Event, name: str) -> None:
    async with work.visit(**acting(event)):
        told = await _someone(work, event.subject_id)
    await _tell(work, name, told)


async def _someone(work: Work, user_id: str) -> Row | None:
    """Return the address of a login and the practice's name; None where the login is closed."""
    person = await work.row(PERSON, user_id=user_id)
    practice: Any = await work.row(_PRACTICE)
    return person and {"email": person["email"], "practice": _line(practice["name"])}


async def _tell(work: Work, name: str, told: Row | None) -> None:
    if told is not None:
        link = work.house.settings.public_url
        await _send(work, name, told["email"], practice=told["practice"], link=link)


async def _send(work: Work, name: str, to: str, **words: str) -> None:
    settings = work.house.settings
    await mail.mailer(settings).send(mail.write(settings, TEXTS, name, to, **words))


def _line(name: str) -> str:
    return " ".join(name.split())
