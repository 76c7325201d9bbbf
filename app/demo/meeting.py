"""The sessions of one client: booked, held or not, noted; and the goals that come up in them."""

from datetime import datetime, timedelta
from functools import partial
from typing import Final

from app.demo import noting, practising
from app.demo.life import Aimed, Life
from app.demo.words import Aim, filled
from app.goals import client_routes as my_goals
from app.goals import service as goals
from app.goals import staff_routes as their_goals
from app.goals.schemas import GoalCreate, GoalUpdate, RatingCreate, Status
from app.sessions import planning, updates
from app.sessions.schemas import Attendance, SessionCreate, SessionUpdate
from app.sessions.staff_routes import create_session, update_session

LENGTH: Final = timedelta(minutes=50)
MOVES: Final[dict[str, tuple[int, int, Status]]] = {
    "on_hold": (5, 0, "on_hold"),
    "let_go": (6, 1, "let_go"),
    "achieved": (6, 0, "achieved"),
}
"""Scenes in which a goal moves on: after how many sessions, which goal, where to."""


async def book(life: Life, at: datetime, *, week: int) -> None:
    """Book the session of that week, and let come what is to come of it."""
    if life.therapist is None:
        return
    starts_at = life.session_at(week)
    asked = SessionCreate(
        starts_at=starts_at,
        setting=life.one.setting,
        therapist_id=life.therapist.user_id,
    )
    booked_by = life.therapist if life.held else life.desk
    async with life.doing(booked_by, create_session, at) as work:
        session = await planning.create(work, life.client_id, asked)
    life.booked = session["id"]
    fate = _fate(life, week)
    if fate.startswith("cancelled"):
        earlier = starts_at - timedelta(hours=life.rng.randint(12, 60))
        off_at = max(at + timedelta(minutes=30), life.at_work(earlier))
        life.plan(off_at, partial(_cancel, session_id=session["id"], fate=fate, week=week))
    else:
        eve = life.evening(starts_at, -1)
        life.plan(eve + timedelta(minutes=life.rng.randint(-90, 90)), _rate)
        life.plan(
            starts_at + LENGTH,
            partial(_hold, session_id=session["id"], fate=fate, week=week),
        )


def _fate(life: Life, week: int) -> Attendance:
    if life.stage.plan.away.get(life.one.therapist) == week:
        return "cancelled_by_therapist"
    drawn = life.rng.random()
    if not life.held or life.is_last(week) or drawn < 0.83:
        return "attended"
    if drawn < 0.89:
        return "late"
    return "cancelled_by_client" if drawn < 0.95 else "no_show"


async def call_off(life: Life, at: datetime, fate: Attendance) -> None:
    """The front desk takes the booked session off the calendar. Only where one is booked."""
    assert life.booked is not None
    async with life.doing(life.desk, update_session, at, seen=1) as work:
        await updates.update(work, life.booked, SessionUpdate(attendance=fate))
    life.booked = None


async def _cancel(
    life: Life, at: datetime, *, session_id: str, fate: Attendance, week: int
) -> None:
    if life.booked == session_id:
        await call_off(life, at, fate)
        life.plan(at + timedelta(minutes=5), partial(book, week=week + 1))


async def _hold(life: Life, at: datetime, *, session_id: str, fate: Attendance, week: int) -> None:
    if life.booked != session_id or life.therapist is None or not life.is_settled(week):
        return
    is_last = life.is_last(week)
    async with life.doing(life.therapist, update_session, at, seen=1) as work:
        await updates.update(work, session_id, SessionUpdate(attendance=fate))
    life.plan(at + timedelta(minutes=3), partial(book, week=week + 1))
    if fate == "no_show":
        life.plan(at + timedelta(minutes=6), partial(noting.absent, session_id=session_id))
        return
    life.held += 1
    life.plan(
        at + timedelta(minutes=15), partial(noting.write, session_id=session_id, is_last=is_last)
    )
    if life.held in (2, 4):
        life.plan(at - timedelta(minutes=9), partial(_aim, aim=life.theme.goals[life.held // 4]))
    if life.held > 1 and (life.rng.random() < 0.75 or is_last or practising.owes(life)):
        life.plan(at - timedelta(minutes=4), partial(practising.give, is_last=is_last))
    for scene, (after, number, status) in MOVES.items():
        if life.is_in(scene) and life.held == after and len(life.goals) > number:
            life.plan(at - timedelta(minutes=7), partial(_move_on, number=number, status=status))


async def _aim(life: Life, at: datetime, *, aim: Aim) -> None:
    """A goal: the first is agreed in session, the second proposed, to be slept on."""
    if life.therapist is None:
        return
    agreed = not life.goals or life.me is None
    asked = GoalCreate(
        statement=filled(aim.statement, life.slots),
        current_state=filled(aim.current, life.slots),
        ideal_state=filled(aim.ideal, life.slots),
        areas=aim.areas,
        review_on=life.today(at) + timedelta(weeks=8),
        agreed=agreed,
    )
    async with life.doing(life.therapist, their_goals.create_goal, at) as work:
        goal = await goals.create(work, life.client_id, asked)
    life.goals.append(Aimed(goal["id"], 1, agreed))
    if not agreed:
        life.plan(life.after(at, 5, 40), _agree)


async def _agree(life: Life, at: datetime) -> None:
    aimed = life.goals[-1]
    assert life.me is not None
    async with life.doing(life.me, my_goals.accept_my_goal, at, seen=aimed.version) as work:
        await goals.answer(work, aimed.goal_id, "active")
    aimed.version, aimed.is_active = aimed.version + 1, True


async def _rate(life: Life, at: datetime) -> None:
    """On the evening before: how far along, with a dip now and then."""
    by = life.me
    if life.guardian is not None and life.rng.random() < 0.25:
        by = life.guardian
    for aimed in life.goals:
        if by is None or not aimed.is_active or life.rng.random() > 0.7:
            continue
        dip = 2.5 if life.rng.random() < 0.12 else 0.0
        value = round(2 + life.held * 0.45 + life.rng.gauss(0, 0.7) - dip)
        asked = RatingCreate(
            client_key=f"{life.rng.getrandbits(64):016x}", value=min(max(value, 0), 9)
        )
        async with life.doing(by, my_goals.rate_my_goal, at) as work:
            await goals.rate(work, aimed.goal_id, asked)


async def _move_on(life: Life, at: datetime, *, number: int, status: Status) -> None:
    aimed = life.goals[number]
    if life.therapist is None or not aimed.is_active:
        return
    async with life.doing(life.therapist, their_goals.update_goal, at, seen=aimed.version) as work:
        await goals.update(work, aimed.goal_id, GoalUpdate(status=status))
    aimed.version, aimed.is_active = aimed.version + 1, False
