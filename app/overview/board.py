"""A client's homework at a glance: rolling counts for each assignment, never a percentage.

What was sent counts when it was done, by the client's corrected clock; what was not, on its
slot's local day, or when it closed.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Final

from sqlalchemy import (
    and_,
    or_,
    select,
    true,
)
from sqlalchemy.orm import aliased

from app.access.visible import readable
from app.clients import care
from app.core.clock import now
from app.core.ids import first_id
from app.core.statements import Query
from app.homework.models import Assignment, Submission, SubmissionVersion
from app.library.models import ExerciseVersion
from app.operation.work import Row, Work
from app.overview import counting, showing

WINDOWS: Final = (14, 28)
RECURRING: Final = 2
"""So often named in the longer window, an obstacle recurs."""
MOST: Final = 200
LONGEST_OPEN: Final = 28
"""Days a slot stays open at most, but for those of work that is done once."""

_last = aliased(Submission)
_LAST_VERSION: Final = (
    select(SubmissionVersion.received_at)
    .join(
        _last,
        and_(
            _last.practice_id == SubmissionVersion.practice_id,
            _last.client_id == SubmissionVersion.client_id,
            _last.id == SubmissionVersion.submission_id,
            _last.number == SubmissionVersion.number,
        ),
    )
    .where(
        _last.practice_id == Assignment.practice_id,
        _last.assignment_id == Assignment.id,
        _last.client_id == Assignment.client_id,
        _last.withdrawn_at.is_(None),
    )
    .order_by(_last.id.desc())
    .limit(1)
    .lateral("last")
)
_ASSIGNMENTS = Query(
    select(
        Assignment.id,
        Assignment.client_id,
        Assignment.words,
        Assignment.status,
        Assignment.late_policy,
        showing.EXERCISE,
        _LAST_VERSION.c.received_at.label("last_answer_at"),
    )
    .join(ExerciseVersion, showing.version_of(Assignment))
    .outerjoin(_LAST_VERSION, true())
    .where(
        readable(Assignment),
        Assignment.client_id == counting.CLIENT,
        or_(
            Assignment.status == "active",
            Assignment.status == "paused",
            and_(
                or_(Assignment.status == "done", Assignment.status == "ended"),
                Assignment.changed_at > counting.SINCE,
            ),
        ),
    )
    .order_by(Assignment.id.desc())
    .limit(MOST)
)
_SHOWN: Final = {
    "done": "completed",
    "partial": "partial",
    "tried": "attempted",
    "not_ready": "not_ready",
    "excused": "excused",
    "no_response": "no_response",
    "extra": "extra",
    "late": "late",
    "repetitions": "repetitions",
}


async def board(work: Work, client_id: str) -> Row:
    """The board of a client the caller may read. Raises as `care.demand_readable` does."""
    lately, since = (now() - timedelta(days=days) for days in WINDOWS)
    rows = await work.rows(_ASSIGNMENTS, of_client=client_id, since=since)
    if not rows:
        await care.demand_readable(work, client_id)
    facts = await work.rows(
        counting.COUNTS,
        of_client=client_id,
        since=since,
        lately=lately,
        first_id=first_id(since),
        first_on=_day(since) - timedelta(days=LONGEST_OPEN + 1),
        last_on=_day(now()) + timedelta(days=1),
    )
    found: dict[str | None, dict[str, tuple[int, int]]] = {}
    for fact in facts:
        counts = found.setdefault(fact["assignment_id"], {})
        counts[fact["what"]] = (fact["fewer"], fact["all"])
    fewer, more = (
        sum(counts.get("repetitions", (0, 0))[place] for counts in found.values())
        for place in (0, 1)
    )
    return {
        "assignments": [_shown(row, found.get(row["id"], {})) for row in rows],
        "repetitions": {"last_14_days": fewer, "last_28_days": more},
    }


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()


def _shown(row: Row, counts: dict[str, tuple[int, int]]) -> Row:
    fewer, more = (
        {name: counts.get(what, (0, 0))[place] for name, what in _SHOWN.items()} for place in (0, 1)
    )
    recurring = sorted(
        (-times, what.removeprefix(counting.OBSTACLE))
        for what, (_, times) in counts.items()
        if what.startswith(counting.OBSTACLE) and times >= RECURRING
    )
    return {
        "assignment_id": row["id"],
        "title": row["title"],
        "exercise_title": showing.exercise(row),
        "status": row["status"],
        "late_policy": row["late_policy"],
        "last_14_days": fewer,
        "last_28_days": more,
        "last_answer_at": row["last_answer_at"],
        "recurring_obstacles": [
            {"obstacle": obstacle, "times": -times} for times, obstacle in recurring
        ],
    }
