"""Steps that come by themselves: after what the client or therapist did, and as time passes."""

from collections.abc import Awaitable, Callable
from typing import Final

import structlog
from sqlalchemy import Integer, and_, or_, select

from app.clients.models import Episode
from app.core.clock import now
from app.core.database import Instant
from app.core.ids import BEFORE_ALL
from app.core.statements import Query, p
from app.homework.models import Assignment, Submission
from app.jobs.codes import LOST, code_of
from app.jobs.everywhere import in_each_practice
from app.jobs.registry import Event, acting, on, regularly
from app.operation.work import Work
from app.programs import advancing
from app.programs.models import ProgramAssignment

BATCH: Final = 200

_log = structlog.get_logger("praxis.programs")

_OF_ASSIGNMENT = Query(
    select(Assignment.program_assignment_id).where(
        Assignment.practice_id == p("practice_id"),
        Assignment.id == p("id"),
        Assignment.program_assignment_id.is_not(None),
    )
)
_OF_SUBMISSION = Query(
    select(Assignment.program_assignment_id)
    .join(
        Submission,
        (Submission.practice_id == Assignment.practice_id)
        & (Submission.client_id == Assignment.client_id)
        & (Submission.assignment_id == Assignment.id),
    )
    .where(
        Submission.practice_id == p("practice_id"),
        Submission.id == p("id"),
        Assignment.program_assignment_id.is_not(None),
    )
)
_DUE = Query(
    select(ProgramAssignment.id)
    .join(
        Episode,
        (Episode.practice_id == ProgramAssignment.practice_id)
        & (Episode.client_id == ProgramAssignment.client_id)
        & (Episode.id == ProgramAssignment.episode_id),
    )
    .where(
        ProgramAssignment.practice_id == p("practice_id"),
        ProgramAssignment.status == "active",
        ProgramAssignment.id > p("after"),
        or_(
            Episode.closed_at.is_not(None),
            and_(ProgramAssignment.next_at <= p("moment", Instant()), ~advancing.RESTING),
        ),
    )
    .order_by(ProgramAssignment.id)
    .limit(p("limit", Integer()))
)


def _after(query: Query) -> Callable[[Work, Event], Awaitable[None]]:
    async def look(work: Work, event: Event) -> None:
        async with work.visit(**acting(event)):
            found = await work.row(query, id=event.subject_id)
            if found is not None:
                await advancing.advance(work, found["program_assignment_id"])

    return look


on("homework.submitted")(_after(_OF_SUBMISSION))
for _kind in ("homework.done", "homework.ended", "homework.withdrawn"):
    on(_kind)(_after(_OF_ASSIGNMENT))


@regularly("7 * * * *")
async def give_program_steps(work: Work) -> None:
    """Give the steps whose day or session has come, and end programs where care is over, in every
    practice, each hour."""
    await in_each_practice(work, _give_all)


async def _give_all(work: Work, practice_id: str) -> None:
    after: str | None = BEFORE_ALL
    while after:
        after = await give_some(work, practice_id, after)


async def give_some(work: Work, practice_id: str, after: str = BEFORE_ALL) -> str | None:
    """Look at the next programs of a practice whose time has come, each in a transaction of its
    own; the id to go on after, None when those were the last.

    What goes wrong with one is logged as a code, and keeps no other waiting. Raises what was
    raised when the database is away.
    """
    job = {"capacity": "job", "practice_id": practice_id}
    async with work.visit(**job):
        due = await work.rows(_DUE, after=after, limit=BATCH, moment=now())
    for row in due:
        try:
            async with work.visit(**job):
                await advancing.advance(work, row["id"])
        except LOST:
            raise
        except Exception as failure:
            code = code_of(failure, work.request_id)
            _log.error("program_not_advanced", code=code, practice_id=practice_id)
    return str(due[-1]["id"]) if len(due) == BATCH else None
