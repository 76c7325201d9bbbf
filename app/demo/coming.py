"""How a client comes in: taken in, invited, joined; and handed on when a therapist leaves."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from sqlalchemy import select

from app.access.grounds import CareAssignment
from app.accounts.models import Invitation
from app.clients import address_confirmation, inviting
from app.clients import service as clients
from app.clients.models import Client
from app.clients.schemas import ClientCreate, ContactPoint, ExternalRef
from app.clients.staff_routes import confirm_client_address, create_client, invite_client
from app.core import clock
from app.core.ids import new_id
from app.core.statements import Query, p
from app.demo import meeting, rhythm
from app.demo.arriving import accepted, left_at, mailed
from app.demo.life import Life
from app.demo.past import arranging

SCOPES: Final = ["goals", "goals_rate", "homework", "profile", "sessions", "submit"]

_CARE = Query(
    select(CareAssignment.id, CareAssignment.episode_id, Client.version)
    .join(Client, Client.id == CareAssignment.client_id)
    .where(
        CareAssignment.practice_id == p("practice_id"),
        Client.practice_id == p("practice_id"),
        CareAssignment.client_id == p("of_client"),
        CareAssignment.ends_at.is_(None),
    )
)


def begin(life: Life) -> None:
    """Plan the first call, in the week before the first session."""
    called_at = life.stage.weeks.moment(life.one.start - 1, life.rng.randrange(5), 11)
    life.plan(life.after(called_at, 0, 5), _come)
    left = life.stage.plan.left
    if left is not None and left.who == life.one.therapist:
        life.plan(left_at(life.stage) - timedelta(hours=2), _lose_therapist)


async def _come(life: Life, at: datetime) -> None:
    one = life.one
    assert life.therapist is not None
    takes_in = life.desk if life.rng.random() < 0.6 else life.therapist
    asked = ClientCreate(
        legal_name=one.name,
        preferred_name=one.called,
        pronouns=one.pronouns,
        birth_date=one.birth_date(life.today(life.stage.weeks.until)),
        contact_points=_points(life),
        external_refs=[ExternalRef(system="diary", value=f"{one.phone[-4:]}-{one.age}")],
        zone=one.zone,
        focus=list(life.theme.focus),
        primary_therapist_id=life.therapist.user_id,
    )
    async with life.doing(takes_in, create_client, at) as work:
        life.client_id = (await clients.create(work, asked))["id"]
    life.plan(at + timedelta(minutes=3), partial(meeting.book, week=one.start))
    life.plan(at + timedelta(minutes=9), partial(_invite, by_desk=takes_in is life.desk))


def _points(life: Life) -> list[ContactPoint]:
    discreet = life.is_in("discreet")
    return [
        ContactPoint(kind="email", value=life.one.email, may_email=True, discreet_only=discreet),
        ContactPoint(
            kind="phone",
            value=life.one.phone,
            may_text=not discreet,
            may_leave_voice_mail=not discreet and life.rng.random() < 0.5,
            discreet_only=discreet,
        ),
    ]


async def _invite(life: Life, at: datetime, *, by_desk: bool) -> None:
    async with life.doing(life.desk, invite_client, at) as work:
        await inviting.invite(work, life.client_id, None)
    invitation_id = work.subject_id
    if by_desk:
        # The therapist finds the new address in the day, and knows it.
        at += timedelta(minutes=25)
        assert life.therapist is not None
        async with life.doing(life.therapist, confirm_client_address, at, seen=1) as work:
            await address_confirmation.confirm(work, life.client_id, life.one.email)
    token = await mailed(life.stage, invitation_id, at + timedelta(minutes=1))
    if not life.is_in("never_came"):
        life.plan(life.after(at, 2, 30), partial(_join, token=token))


async def _join(life: Life, at: datetime, *, token: str) -> None:
    born = life.one.birth_date(life.today(life.stage.weeks.until))
    life.me = await accepted(life.stage, token, at, born=born)
    rhythm.begin(life)
    if life.one.guardian is not None:
        life.plan(life.after(at, 1, 8), _invite_guardian)


async def _invite_guardian(life: Life, at: datetime) -> None:
    ward = life.one.guardian
    assert ward is not None
    assert life.therapist is not None
    invitation_id = new_id()
    async with arranging(life.stage.house, life.stage.practice_id, at) as work:
        await work.add(
            Invitation,
            id=invitation_id,
            kind="guardian",
            client_id=life.client_id,
            scopes=SCOPES,
            words={"email": ward.email, "relation": ward.relation, "basis": ward.basis},
            invited_by=life.therapist.user_id,
        )
        work.tell("accounts.invited", invitation_id, life.client_id)
    token = await mailed(life.stage, invitation_id, at + timedelta(minutes=1))
    life.plan(life.after(at, 1, 20), partial(_join_as_guardian, token=token))


async def _join_as_guardian(life: Life, at: datetime, *, token: str) -> None:
    joined = await accepted(life.stage, token, at)
    life.guardian = replace(joined, client_id=life.client_id)


async def _lose_therapist(life: Life, at: datetime) -> None:
    """Their therapist leaves. Most are handed on; for one nobody has been found yet."""
    left = life.stage.plan.left
    assert left is not None
    if life.booked is not None:
        await meeting.call_off(life, at, "cancelled_by_therapist")
    if life.is_in("unattended"):
        life.therapist = None
        return
    life.therapist = life.stage.staff[left.to]
    async with arranging(life.stage.house, life.stage.practice_id, at) as work:
        care = await work.row(_CARE, of_client=life.client_id)
        assert care is not None
        await work.alter(CareAssignment, care["id"], ends_at=clock.now())
        await work.add(
            CareAssignment,
            id=new_id(),
            client_id=life.client_id,
            episode_id=care["episode_id"],
            user_id=life.therapist.user_id,
            part="primary",
        )
        await work.change(Client, life.client_id, care["version"])
    next_week = life.stage.weeks.week_of(at) + 1
    life.plan(at + timedelta(minutes=20), partial(meeting.book, week=next_week))
