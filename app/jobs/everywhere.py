"""Chores that go from practice to practice: what is wrong in one keeps no other waiting."""

from collections.abc import Awaitable, Callable
from typing import Final

import structlog
from sqlalchemy import select

from app.access.practice import Practice
from app.core.ids import SYSTEM
from app.core.statements import Query
from app.jobs.codes import LOST, code_of
from app.operation.work import Work

_PRACTICES: Final = Query(select(Practice.practice_id).where(Practice.practice_id != SYSTEM))

_log = structlog.get_logger("praxis.jobs")


async def in_each_practice(work: Work, do: Callable[[Work, str], Awaitable[None]]) -> None:
    """`do` this for one practice after the other. The unit of work is not open yet: open it with
    `work.visit(capacity="job", practice_id=…)`, once or more often.

    What goes wrong in a practice is logged as a code with its id, and the others have their turn.
    Raises what it raised when the database is away: then it is away for all.
    """
    async with work.visit(capacity="job", practice_id=SYSTEM):
        rows = await work.rows(_PRACTICES)
    for row in rows:
        practice_id: str = row["practice_id"]
        try:
            await do(work, practice_id)
        except LOST:
            raise
        except Exception as failure:
            code = code_of(failure, work.request_id)
            chore = work.operation.removeprefix("job:")
            _log.error("chore_failed", chore=chore, code=code, practice_id=practice_id)
