"""Work with a rhythm: a practice for every day, a question, a time of rest, one's own practice."""

from datetime import datetime, timedelta
from functools import partial
from typing import Final

from app.core.wire import Id
from app.demo import answering, words
from app.demo.life import Life
from app.demo.past import arranging
from app.homework import asking, drafting, planning, repeating, slots, submitting, taking_up
from app.homework.asked import QuestionCreate
from app.homework.doing_routes import log_my_repetition, put_my_draft, submit_my_homework
from app.homework.making import create
from app.homework.my_assigning_routes import ask_about_my_assignment, create_my_assignment
from app.homework.repetitions import RepetitionCreate
from app.homework.sent import DraftPut, SubmissionCreate
from app.homework.staff_routes import create_assignment
from app.homework.wanted import AssignmentCreate, MyAssignmentCreate
from app.operation import preconditions
from app.operation.work import Work
from app.rests import mine as rests
from app.rests.client_routes import start_my_rest_period
from app.rests.schemas import MyRestPeriodCreate
from app.schedules.rules import DailySchedule, OnDemandSchedule

DAILY: Final = "daily-emotion-check"
GROUNDING: Final = "feet-on-the-floor"
DAYS: Final = 40
WHY: Final = "So that next week we can ask how this week was, and have an answer."
QUESTION: Final = "On some days there is nothing to write. Do I send it all the same?"
BEGUN: Final = "Not done with this."
OWN: Final = "For the minutes before the phone rings."


def begin(life: Life) -> None:
    """Plan what is theirs of all this, once they have joined."""
    now = life.stage.weeks.until
    if life.is_in("daily"):
        life.plan(now - timedelta(days=DAYS), _give)
    if life.is_in("own"):
        life.plan(now - timedelta(days=21), _take_up)
    if life.is_in("resting"):
        life.plan(now - timedelta(days=16), _rest)


async def _give(life: Life, at: datetime) -> None:
    if life.therapist is None or life.me is None:
        return
    asked = AssignmentCreate(
        exercise_id=answering.exercises()[DAILY].id,
        rationale=WHY,
        schedule=DailySchedule(kind="daily", due="20:00", days_open=2),
        agreed=True,
    )
    async with life.doing(life.therapist, create_assignment, at) as work:
        row = await create(work, life.client_id, asked)
    for weeks in (2, 4):
        life.plan(at + timedelta(weeks=weeks), partial(_plan_on, assignment_id=row["id"]))
    # Who has begun today has not sent it yet.
    for day in range(DAYS - 2 if life.is_in("draft") else DAYS):
        evening = life.evening(at, day) - timedelta(minutes=life.rng.randrange(240))
        if life.rng.random() < 0.7:
            life.plan(evening, partial(_practise, assignment_id=row["id"]))
    if life.is_in("asks"):
        asking_at = life.stage.weeks.until - timedelta(hours=20)
        life.plan(asking_at, partial(_ask, assignment_id=row["id"]))
    if life.is_in("draft"):
        begun_at = life.stage.weeks.until - timedelta(minutes=40)
        life.plan(begun_at, partial(_begin, assignment_id=row["id"]))


async def _plan_on(life: Life, at: datetime, *, assignment_id: str) -> None:
    """What the worker does every day: slots exist four weeks ahead."""
    async with arranging(life.stage.house, life.stage.practice_id, at) as work:
        await planning.plan(work, await planning.needed(work, life.client_id, assignment_id))


async def _practise(life: Life, at: datetime, *, assignment_id: str) -> None:
    """The check of that day, in whole or in part."""
    assert life.me is not None
    outcome: words.Outcome = life.rng.choice(("completed",) * 5 + ("partial", "attempted"))
    sheet = answering.sheet(life, DAILY)
    answers = answering.filled_in(life, DAILY, sheet, life.today(at), outcome)
    version = answering.exercises()[DAILY].version.id
    async with life.doing(life.me, submit_my_homework, at) as work:
        slot = await _slot(life, work, at, assignment_id)
        if slot is None:
            return
        asked = SubmissionCreate(
            client_key=f"{life.rng.getrandbits(64):016x}",
            outcome=outcome,
            answers=answers,
            exercise_version_id=version,
            occurred_at=at - timedelta(minutes=3),
            zone=life.stage.weeks.zone.key,
            sent_at=at,
        )
        await submitting.submit(work, slot, asked)


async def _begin(life: Life, at: datetime, *, assignment_id: str) -> None:
    assert life.me is not None
    async with life.doing(life.me, put_my_draft, at) as work:
        slot = await _slot(life, work, at, assignment_id)
        if slot is not None:
            version = answering.exercises()[DAILY].version.id
            asked = DraftPut(exercise_version_id=version, answers={"note": BEGUN})
            await drafting.put(work, slot, asked, preconditions.NONE_YET)


async def _slot(life: Life, work: Work, at: datetime, assignment_id: str) -> str | None:
    """The slot of that day, where nothing was sent for it yet."""
    on = life.today(at)
    found = await slots.list_of(work, first_on=on, last_on=on, place=None, limit=100)
    mine = (one for one in found if one["assignment_id"] == assignment_id)
    return next((one["id"] for one in mine if one["submission_id"] is None), None)


async def _ask(life: Life, at: datetime, *, assignment_id: str) -> None:
    assert life.me is not None
    asked = QuestionCreate(client_key=f"{life.rng.getrandbits(64):016x}", question=QUESTION)
    async with life.doing(life.me, ask_about_my_assignment, at) as work:
        await asking.ask(work, assignment_id, asked)


async def _take_up(life: Life, at: datetime) -> None:
    if life.me is None:
        return
    asked = MyAssignmentCreate(
        client_key=f"{life.rng.getrandbits(64):016x}",
        exercise_id=answering.exercises()[GROUNDING].id,
        rationale=OWN,
        schedule=OnDemandSchedule(kind="on_demand"),
        zone=life.stage.weeks.zone.key,
    )
    async with life.doing(life.me, create_my_assignment, at) as work:
        row, _ = await taking_up.create(work, asked)
    for _ in range(9):
        life.plan(life.after(at, 5, 480), partial(_repeat, assignment_id=row["id"]))


async def _repeat(life: Life, at: datetime, *, assignment_id: str) -> None:
    assert life.me is not None
    asked = RepetitionCreate(
        client_key=f"{life.rng.getrandbits(64):016x}",
        exercise_version_id=answering.exercises()[GROUNDING].version.id,
        assignment_id=Id(assignment_id),
        times=life.rng.randint(1, 4),
        minutes=life.rng.randint(2, 9),
        distress_before=life.rng.randint(4, 7),
        distress_after=life.rng.randint(2, 4),
        occurred_at=at - timedelta(minutes=2),
        zone=life.stage.weeks.zone.key,
        sent_at=at,
    )
    async with life.doing(life.me, log_my_repetition, at) as work:
        await repeating.log(work, asked)


async def _rest(life: Life, at: datetime) -> None:
    if life.me is None:
        return
    asked = MyRestPeriodCreate(client_key=f"{life.rng.getrandbits(64):016x}")
    async with life.doing(life.me, start_my_rest_period, at) as work:
        await rests.start(work, asked)
