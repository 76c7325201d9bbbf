"""What the overviews are measured with, beside the rest of the scene.

The therapist's queue has 21 submissions of seven clients. The third client has eight practices
with a slot a day, most of them answered, and a login for the week; some of the caseload have a
session today, a question, a proposal, a long rest, a draft, an address to confirm.
"""

from datetime import timedelta
from typing import Any, Final

import asyncpg

from app.clients.models import ClientAddress
from app.core.clock import now
from app.core.ids import SYSTEM, new_id
from app.homework.along import Question, Repetition
from app.homework.models import Assignment, Occurrence, Submission, SubmissionVersion
from app.notes.models import Note
from app.operation.work import Work
from app.rests.models import RestPeriod
from app.sessions.models import Session
from tests.homework.scenes import EXERCISE

DAY: Final = timedelta(days=1)
QUEUED: Final = 21
PRACTICES: Final = 8
DAYS: Final = 28
ZONE: Final = "Europe/Berlin"
VERSION: Final = str(EXERCISE.version.id)
OUTCOMES: Final = ("completed", "completed", "partial", "attempted", "not_ready")
Pair = tuple[str, str]


async def fill(work: Work, caseload: list[Pair], therapist_id: str) -> None:
    """The queue, the day, and the practices of `caseload[2]`; pairs are client and episode."""
    for number in range(QUEUED):
        client = caseload[3 + number % 7]
        assignment_id = await assign(work, client, therapist_id, number)
        await answered(work, client, assignment_id, number, reviewed=False)
    for number in range(PRACTICES):
        await _practice(work, caseload[2], therapist_id, number)
    for number in range(4):
        await _session(work, caseload[10 + number], therapist_id, number)
        await _question(work, caseload[14 + number], therapist_id, number)
        await assign(work, caseload[18 + number], therapist_id, number, "proposed")
        await _draft(work, caseload[22 + number], therapist_id)
    starts_at = now() - 20 * DAY
    await work.add(
        RestPeriod, id=new_id(), client_id=caseload[26][0], zone=ZONE, starts_at=starts_at,
        starts_on=starts_at.date(), started_by=therapist_id, started_as="staff",
    )  # fmt: skip
    await work.add(
        ClientAddress, id=new_id(), client_id=caseload[27][0], email_hash=b"\x01",
        value="someone@example.org", added_by=therapist_id,
    )  # fmt: skip


async def assign(
    work: Work, client: Pair, therapist_id: str, number: int, status: str = "active", **more: Any
) -> str:
    """An assignment of a client's; its id."""
    assignment_id = new_id()
    values: dict[str, Any] = {
        "schedule": {"kind": "once"}, "opens_at": now() - 40 * DAY, "zone": ZONE,
    } | more  # fmt: skip
    await work.add(
        Assignment, id=assignment_id, client_id=client[0], episode_id=client[1],
        library_id=SYSTEM, exercise_version_id=VERSION, status=status, areas=["origins"],
        assigned_by=therapist_id,
        words={
            "title": f"A moment on my timeline, part {number}",
            "rationale": "You said you want to know where the rule began, and whose voice it has.",
            "instructions": "Choose one moment. Write what happened, and how it is to look at it.",
            "minimum_version": "One line is enough.", "steps": [],
        },
        **values,
    )  # fmt: skip
    return assignment_id


async def answered(
    work: Work, client: Pair, assignment_id: str, number: int, *, reviewed: bool,
    days_ago: int = 0, slot: str = "once",
) -> None:  # fmt: skip
    """A slot of that day, and what was sent for it."""
    at, occurrence_id, submission_id = now() - days_ago * DAY, new_id(), new_id()
    await work.add(
        Occurrence, client_id=client[0], id=occurrence_id, assignment_id=assignment_id, slot=slot,
        local_on=at.date(), opens_at=at - DAY, closes_at=at + DAY,
        status="reviewed" if reviewed else "submitted",
    )  # fmt: skip
    outcome, pressing = OUTCOMES[number % len(OUTCOMES)], number % 10 == 9
    await work.add(
        Submission, client_id=client[0], id=submission_id, occurrence_id=occurrence_id,
        outcome=outcome, assignment_id=assignment_id, episode_id=client[1],
        needs_attention=pressing,
        attention_level="soon" if pressing else None,
        attention_reasons=["felt_worse"] if pressing else [],
        reviewed_number=1 if reviewed else None,
    )  # fmt: skip
    await work.add(
        SubmissionVersion, client_id=client[0], id=new_id(), submission_id=submission_id, number=1,
        client_key=f"device-{submission_id}", body_hash=bytes(32), outcome=outcome,
        answers_visible="shared", library_id=SYSTEM, exercise_version_id=VERSION,
        obstacles=["too_busy"] if number % 3 else [], attention=[], dropped=[], occurred_at=at,
        occurred_corrected_at=at, received_at=at, zone=ZONE, in_window=True,
        by_user_id=client[0], capacity="self",
    )  # fmt: skip


async def _practice(work: Work, client: Pair, therapist_id: str, number: int) -> None:
    """A practice with a slot a day for four weeks, and two ahead; three of four were answered."""
    schedule = {"kind": "daily", "starts_on": str((now() - 40 * DAY).date())}
    assignment_id = await assign(work, client, therapist_id, number, schedule=schedule,
                                 starts_on=(now() - 40 * DAY).date())  # fmt: skip
    for days_ago in reversed(range(-2, DAYS)):
        at = now() - days_ago * DAY
        if days_ago > 0 and (days_ago + number) % 4:
            await answered(work, client, assignment_id, days_ago + number, reviewed=True,
                           days_ago=days_ago, slot=str(at.date()))  # fmt: skip
            continue
        await work.add(
            Occurrence, id=new_id(), client_id=client[0], assignment_id=assignment_id,
            slot=str(at.date()), local_on=at.date(), opens_at=at - DAY / 24,
            closes_at=at + DAY / 24,
        )  # fmt: skip
    await work.add(
        Repetition, id=new_id(), client_id=client[0], episode_id=client[1], times=3,
        assignment_id=assignment_id, library_id=SYSTEM, exercise_version_id=VERSION,
        client_key=f"device-{assignment_id}", body_hash=bytes(32), obstacles=["forgot"],
        occurred_at=now(), occurred_corrected_at=now(), zone=ZONE, by_user_id=client[0],
        capacity="self",
    )  # fmt: skip


async def _session(work: Work, client: Pair, therapist_id: str, number: int) -> None:
    await work.add(
        Session, id=new_id(), client_id=client[0], episode_id=client[1],
        therapist_id=therapist_id, starts_at=now() + number * DAY / 86_400, zone=ZONE,
        setting="video",
    )  # fmt: skip


async def _question(work: Work, client: Pair, therapist_id: str, number: int) -> None:
    assignment_id = await assign(work, client, therapist_id, number)
    await work.add(
        Question, id=new_id(), client_id=client[0], episode_id=client[1],
        assignment_id=assignment_id, client_key=f"device-{assignment_id}", body_hash=bytes(32),
        question="What does it mean, to look at it kindly?",
    )  # fmt: skip


async def _draft(work: Work, client: Pair, therapist_id: str) -> None:
    await work.add(
        Note, id=new_id(), client_id=client[0], episode_id=client[1], author_id=therapist_id,
        kind="progress", format="SOAP", status="draft", body={"header": {}, "sections": {}},
    )  # fmt: skip


_GROWN: Final = (
    # An occurrence for each assignment there is, and for every third what was sent and is unread.
    "insert into occurrences (practice_id, id, client_id, assignment_id, slot, local_on, opens_at,"
    " closes_at, status) select practice_id, uuidv7(), client_id, id, 'grown', current_date,"
    " now() - interval '1 day', now() + interval '1 day',"
    " case when hashtext(id::text) % 3 = 0 then 'submitted' else 'upcoming' end"
    " from assignments a where practice_id = $1 and not exists (select from occurrences o"
    " where o.practice_id = a.practice_id and o.assignment_id = a.id)",
    "insert into submissions (practice_id, id, client_id, occurrence_id, assignment_id,"
    " episode_id, outcome) select o.practice_id, uuidv7(), o.client_id, o.id, o.assignment_id,"
    " a.episode_id, 'completed' from occurrences o join assignments a"
    " on a.practice_id = o.practice_id and a.id = o.assignment_id"
    " where o.practice_id = $1 and o.slot = 'grown' and o.status = 'submitted'"
    " on conflict do nothing",
)


async def grow(admin: "asyncpg.Connection[Any]", practice_id: str) -> None:
    """Bring occurrences and unread submissions to as many as there are assignments."""
    for statement in _GROWN:
        await admin.execute(statement, practice_id)
    await admin.execute(
        "insert into submission_versions (practice_id, id, client_id, submission_id, number,"
        " client_key, body_hash, outcome, answers_visible, library_id, exercise_version_id,"
        " obstacles, attention, dropped, occurred_at, occurred_corrected_at, zone, in_window,"
        " by_user_id, capacity) select s.practice_id, uuidv7(), s.client_id, s.id, 1,"
        " 'device-' || s.id, $2, s.outcome, 'shared', $3, $4, '{}', '{}', '{}', now(), now(),"
        " 'Europe/Berlin', true, s.client_id, 'self' from submissions s join occurrences o"
        " on o.practice_id = s.practice_id and o.id = s.occurrence_id and o.slot = 'grown'"
        " where s.practice_id = $1 on conflict do nothing",
        practice_id, bytes(32), SYSTEM, VERSION,
    )  # fmt: skip
