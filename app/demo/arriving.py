"""How people come in: practices are founded, staff and clients invited, invitations accepted."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from pydantic import SecretStr

from app.access.actor import Actor
from app.access.grounds import Supervision
from app.accounts.models import Invitation, SignIn, User
from app.accounts.secrets256 import new_token
from app.core import clock
from app.core.ids import new_id
from app.demo.past import Past, arranging, doing
from app.demo.people import Invited, Member, Practice
from app.demo.weeks import Weeks
from app.invitations import acceptance
from app.invitations.schemas import JoinRequest
from app.operation.house import House
from app.practices import members
from app.practices.founding import first_owner, found
from app.practices.schemas import MemberInvite, MemberUpdate
from app.practices.staff_routes import invite_member, suspend_member, update_member

PASSWORD: Final = "a quiet boat in early fog"
SECRET: Final = "HARBOURLAKESIDEDEMOPRACTICEWATER"
"""The password and, for staff, the one-time code secret of everybody in the demo. They are known
to all the world, so the demo is for development only."""

STAY: Final = timedelta(hours=1)
"""For how long the story's callers are signed in, from when it begins to be told."""


@dataclass(slots=True)
class Stage:
    """A practice of the demo while its story is told."""

    house: House
    plan: Practice
    practice_id: str
    weeks: Weeks
    staff: dict[str, Actor] = field(default_factory=dict)

    @property
    def owner(self) -> Actor:
        """The practice's owner, signed in."""
        return self.staff[self.plan.owner.key]


async def open_practice(house: House, plan: Practice, until: datetime) -> Stage:
    """The practice with its owner and its staff, who joined in the weeks before the first."""
    weeks = Weeks.up_to(until, plan.practice["zone"])
    begun = weeks.moment(-6, 1, 10)
    with clock.at(begun):
        work = Past(house, operation="create_practice", request_id=new_id())
        async with work.visit(capacity="job"):
            practice_id = await found(work, **plan.practice)
            owner_id = await first_owner(
                work, email=plan.owner.email, password=PASSWORD, name=plan.owner.name
            )
    stage = Stage(house, plan, practice_id, weeks)
    stage.staff[plan.owner.key] = await _signed_in(stage, plan.owner, owner_id, begun)
    for number, member in enumerate(plan.staff):
        invited_at = begun + timedelta(days=2 + 3 * number, hours=2)
        stage.staff[member.key] = await _join_staff(stage, member, invited_at)
    for supervisee, supervisor in plan.supervised.items():
        async with arranging(house, practice_id, weeks.moment(-2, 0, 9)) as work:
            await work.add(
                Supervision,
                id=new_id(),
                supervisee_id=stage.staff[supervisee].user_id,
                supervisor_id=stage.staff[supervisor].user_id,
            )
    return stage


async def invite_to_staff(stage: Stage, asked: Invited, at: datetime) -> str:
    """Ask someone to join; the secret that was mailed to them."""
    async with doing(stage.house, stage.owner, invite_member, at) as work:
        await members.invite(
            work, MemberInvite(email=asked.email, roles=asked.roles, licence=asked.licence)
        )
    return await mailed(stage, work.subject_id, at + timedelta(minutes=1))


async def mailed(stage: Stage, invitation_id: str, at: datetime) -> str:
    """Make an invitation's secret, as the worker does when it writes the mail."""
    token, hashed = new_token()
    async with arranging(stage.house, stage.practice_id, at) as work:
        expires_at = clock.now() + acceptance.LIFE
        await work.alter(Invitation, invitation_id, token_hash=hashed, expires_at=expires_at)
    return token


async def accepted(
    stage: Stage, token: str, at: datetime, *, name: str | None = None, born: date | None = None
) -> Actor:
    """Join with that secret; whoever it is, signed in."""
    asked = JoinRequest(token=token, password=SecretStr(PASSWORD), name=name, birth_date=born)
    with clock.at(at):
        work = Past(stage.house, operation="accept_invitation", request_id=new_id())
        answer = await acceptance.accept(work, asked)
    said = stage.house.tokens.read(answer["access_token"])
    return Actor(said.sub, said.sid, said.practice, said.kind, said.role, said.client)


async def close(stages: list[Stage]) -> None:
    """The story is told: who has left is shut out, everyone signs out, and staff get their
    second factor, which until now would have stood in the way of joining twice."""
    for stage in stages:
        left = stage.plan.left
        if left is not None:
            await _suspend(stage, stage.staff[left.who].user_id, left_at(stage))
        async with arranging(stage.house, stage.practice_id, stage.weeks.until) as work:
            for actor in stage.staff.values():
                await work.alter(SignIn, actor.sign_in_id, ended_at=clock.now())
                await work.alter(
                    User, actor.user_id, second_factor=SECRET, second_factor_at=clock.now()
                )


def left_at(stage: Stage) -> datetime:
    """When the member who has left was shut out. Only where somebody has."""
    assert stage.plan.left is not None
    return stage.weeks.moment(stage.plan.left.week, 4, 17)


async def _suspend(stage: Stage, user_id: str, at: datetime) -> None:
    async with doing(stage.house, stage.owner, suspend_member, at, seen=2) as work:
        await members.suspend(work, user_id)


async def _join_staff(stage: Stage, member: Member, at: datetime) -> Actor:
    asked = Invited(email=member.email, roles=member.roles, licence=member.licence)
    token = await invite_to_staff(stage, asked, at)
    joined_at = at + timedelta(hours=21)
    joined = await accepted(stage, token, joined_at, name=member.name)
    async with doing(
        stage.house, stage.owner, update_member, joined_at + timedelta(hours=3), seen=1
    ) as work:
        await members.change(work, joined.user_id, MemberUpdate(title=member.title))
    return await _signed_in(stage, member, joined.user_id, joined_at)


async def _signed_in(stage: Stage, member: Member, user_id: str, at: datetime) -> Actor:
    """A sign-in that lasts for as long as the story is told: one of weeks ago would be over."""
    sign_in_id = new_id()
    async with arranging(stage.house, stage.practice_id, at) as work:
        await work.introduce(user_id=user_id)
        values: dict[str, Any] = {"user_id": user_id, "practice_id": stage.practice_id}
        await work.add(
            SignIn,
            id=sign_in_id,
            kind="staff",
            second_factor_at=clock.now(),
            expires_at=stage.weeks.until + STAY,
            **values,
        )
    role = "_".join(sorted(member.roles))
    return Actor(user_id, sign_in_id, stage.practice_id, "staff", role)
