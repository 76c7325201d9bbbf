"""The homework of one client: given, answered for, done or not, and read."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from app.core.wire import Id
from app.demo import answering, words
from app.demo.life import Life
from app.homework import agreeing, making, reviewing, slots, stating, submitting
from app.homework.client_routes import accept_my_assignment, decline_my_assignment
from app.homework.doing_routes import submit_my_homework
from app.homework.schemas import DeclineReason
from app.homework.sent import Engagement, Obstacle, ReviewCreate, SubmissionCreate
from app.homework.staff_routes import create_assignment, review_submission, withdraw_assignment
from app.homework.wanted import AcceptRequest, AssignmentCreate, DeclineRequest
from app.library.fields import Answer
from app.schedules.local import local_day

SCENES: Final = {
    "declined_not_ready": 1, "declined_too_much": 2, "declined_not_for_me": 3, "withdrawn": 2,
    "not_ready": 1, "partial": 2, "attention": 3, "edited": 3, "late": 3, "summary": 4,
}  # fmt: skip
"""Which piece of homework a scene is about, counted from 0."""
USUAL: Final[tuple[words.Outcome | None, ...]] = (
    *("completed",) * 15, "partial", "partial", "attempted", "not_ready", None,
)  # fmt: skip
"""How it goes, mostly. None: no response."""
RATED: Final = ("quantity", "difficulty", "helpfulness", "understanding", "fit_with_goal")


@dataclass(frozen=True, slots=True)
class Given:
    """One piece of homework: what was given, and what will come of it."""

    assignment_id: str
    exercise: str
    sheet: words.Sheet
    due_at: datetime
    zone: str
    scene: str
    outcome: words.Outcome | None


async def give(life: Life, at: datetime, *, is_last: bool, is_second: bool = False) -> None:
    """The next exercise, agreed in session or proposed to be thought about."""
    if life.therapist is None:
        return
    tasks = life.theme.homework
    task = tasks[life.given % len(tasks)]
    why = task.why if life.given < len(tasks) else words.phrases().again
    scene = _scene(life, is_last)
    agreed = life.me is None or scene in ("waiting", "unsafe") or life.rng.random() < 0.7
    if is_second or scene.startswith("declined") or scene == "withdrawn":
        agreed = False
    due_at = life.evening(at, 6)
    exercise = answering.exercises()[task.exercise]
    asked = AssignmentCreate(
        exercise_id=exercise.id,
        rationale=words.filled(why, life.slots),
        goal_id=Id(life.goals[life.given % 2 - 1].goal_id) if life.goals else None,
        due_at=due_at,
        closes_at=None
        if life.rng.random() < 0.2 and scene != "late"
        else due_at + timedelta(days=3),
        agreed=agreed,
    )
    async with life.doing(life.therapist, create_assignment, at) as work:
        row = await making.create(work, life.client_id, asked)
    chosen = answering.sheet(life, task.exercise)
    outcome = _outcome(life, scene)
    given = Given(row["id"], task.exercise, chosen, due_at, row["zone"], scene, outcome)
    life.given += 1
    if life.me is None:
        return
    if scene == "withdrawn":
        life.plan(life.after(at, 20, 40), partial(_withdraw, given=given))
    elif not agreed and not is_second:
        life.plan(life.after(at, 2, 30), partial(_answer, given=given))
    elif scene == "waiting" and not is_second:
        life.plan(at + timedelta(minutes=2), partial(give, is_last=True, is_second=True))
    elif not is_second:
        _plan_doing(life, at, given)


def owes(life: Life) -> bool:
    """Whether homework has still to be given for a scene of theirs to come to be."""
    return any(number >= life.given for one, number in SCENES.items() if life.is_in(one))


def _scene(life: Life, is_last: bool) -> str:
    if is_last:
        return next((one for one in ("waiting", "unsafe") if life.is_in(one)), "")
    fitting = (one for one, number in SCENES.items() if number == life.given)
    return next((one for one in fitting if life.is_in(one)), "")


def _outcome(life: Life, scene: str) -> words.Outcome | None:
    if scene in ("edited", "late", "summary"):
        return "completed"
    if scene in ("unsafe", "attention"):
        return "attempted"
    if scene == "partial":
        return "partial"
    return "not_ready" if scene == "not_ready" else life.rng.choice(USUAL)


def _plan_doing(life: Life, at: datetime, given: Given) -> None:
    if given.outcome is None:
        return
    done_at = life.after(at, 9, 140)
    if given.scene == "unsafe":
        done_at = at + (life.stage.weeks.until - at) * 0.7
    elif given.scene == "late":
        done_at = given.due_at + timedelta(days=4, hours=-3)
    life.plan(done_at, partial(_do, given=given))


async def _answer(life: Life, at: datetime, *, given: Given) -> None:
    """Yes, with how sure they are; or no, or not now, in their own words."""
    assert life.me is not None
    if given.scene.startswith("declined"):
        reason: DeclineReason = (
            "not_ready" if given.scene.endswith("ready")
            else "too_much" if given.scene.endswith("much") else "not_for_me"
        )  # fmt: skip
        asked = DeclineRequest(reason=reason, words=words.phrases().decline_words[reason])
        async with life.doing(life.me, decline_my_assignment, at, seen=1) as work:
            await agreeing.decline(work, given.assignment_id, asked)
        return
    confidence = AcceptRequest(confidence=life.rng.randint(4, 9))
    async with life.doing(life.me, accept_my_assignment, at, seen=1) as work:
        await agreeing.accept(work, given.assignment_id, confidence)
    _plan_doing(life, at, given)


async def _withdraw(life: Life, at: datetime, *, given: Given) -> None:
    if life.therapist is not None:
        async with life.doing(life.therapist, withdraw_assignment, at, seen=1) as work:
            await stating.withdraw(work, given.assignment_id)


async def _do(life: Life, at: datetime, *, given: Given) -> None:
    assert given.outcome is not None
    on = life.today(at)
    answers = answering.filled_in(life, given.exercise, given.sheet, on, given.outcome)
    said = words.phrases()
    if given.scene == "unsafe":
        answers = answering.only(given.exercise, said.unsafe_words)
    elif given.scene == "attention":
        answers = answering.only(given.exercise, said.worse_words)
    submission_id = await _send(life, at, given, answers)
    read_at = life.at_work(life.after(at, 1, 60))
    if given.scene != "unsafe" and (life.rng.random() < 0.9 or given.scene):
        life.plan(read_at, partial(_read, given=given, submission_id=submission_id))
    if given.scene == "edited":
        more = answering.added(given.exercise, answers, said.second_thoughts)
        life.plan(read_at + timedelta(hours=30), partial(_send_again, given=given, answers=more))


async def _send(life: Life, at: datetime, given: Given, answers: dict[str, Answer]) -> str:
    assert life.me is not None
    assert given.outcome is not None
    ago = timedelta(days=5) if given.scene == "late" else timedelta(minutes=life.rng.randint(2, 50))
    asked = SubmissionCreate(
        client_key=f"{life.rng.getrandbits(64):016x}",
        outcome=given.outcome,
        answers=answers,
        exercise_version_id=answering.exercises()[given.exercise].version.id,
        occurred_at=at - ago,
        zone=given.zone,
        sent_at=at - timedelta(seconds=2),
        engagement=_engagement(life) if given.outcome in ("completed", "partial") else None,
        obstacles=_obstacles(life, given),
        answers_visible="summary_only" if given.scene == "summary" else None,
    )
    due_on = local_day(given.due_at, given.zone)
    async with life.doing(life.me, submit_my_homework, at) as work:
        open_ones = await slots.list_of(
            work, first_on=due_on, last_on=due_on, place=None, limit=100
        )
        slot = next(one for one in open_ones if one["assignment_id"] == given.assignment_id)
        receipt, _ = await submitting.submit(work, slot["id"], asked)
    return str(receipt["submission_id"])


async def _send_again(
    life: Life, at: datetime, *, given: Given, answers: dict[str, Answer]
) -> None:
    await _send(life, at, given, answers)


def _engagement(life: Life) -> Engagement:
    rated = life.rng.sample(RATED, life.rng.randint(1, 3))
    return Engagement.model_validate({name: life.rng.randint(1, 4) for name in rated})


def _obstacles(life: Life, given: Given) -> list[Obstacle]:
    if given.scene == "unsafe":
        return ["unsafe", "no_privacy"]
    if given.scene == "attention":
        return ["felt_worse"]
    if given.outcome == "not_ready":
        return ["too_hard"]
    usual: tuple[Obstacle, ...] = ("too_busy", "no_privacy", "forgot", "unclear")
    return [] if given.outcome == "completed" else [life.rng.choice(usual)]


async def _read(life: Life, at: datetime, *, given: Given, submission_id: str) -> None:
    """The therapist reads it, before the next session, mostly with a word back."""
    if life.therapist is None:
        return
    assert given.outcome is not None
    said, chance = words.phrases(), life.rng.random()
    asked = ReviewCreate(
        number=1,
        comment=life.new(said.comments[given.outcome])
        if chance < 0.85 and given.scene != "summary"
        else None,
        team_comment=life.rng.choice(said.team) if chance < 0.07 else None,
    )
    async with life.doing(life.therapist, review_submission, at, seen=1) as work:
        await reviewing.review(work, submission_id, asked)
