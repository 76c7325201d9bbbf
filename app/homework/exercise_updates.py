"""Homework that goes on follows the newest version of a shipped exercise.

A newer form may ask about safety where the older one did not. What was begun or sent keeps the
version it answers: drafts and submissions name their own.
"""

from typing import Final

from sqlalchemy import Integer, and_, any_, func, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from app.core.ids import SYSTEM
from app.core.statements import UUID_TEXT, Query, p
from app.homework.models import Assignment, Occurrence
from app.jobs.everywhere import in_each_practice
from app.jobs.registry import regularly
from app.library.models import Exercise, ExerciseVersion
from app.operation.work import Work

BATCH: Final = 200
GOES_ON: Final = ("draft", "proposed", "active", "paused")

# Spelled out, so that it is seen to be the condition of the index.
_GOES_ON = or_(*(Assignment.status == one for one in GOES_ON))
_OUTDATED = (
    select(Assignment.practice_id, Assignment.id, Exercise.current_version_id.label("newest"))
    .select_from(ExerciseVersion)
    .join(
        Exercise,
        and_(
            Exercise.practice_id == ExerciseVersion.practice_id,
            Exercise.id == ExerciseVersion.exercise_id,
            Exercise.current_version_id != ExerciseVersion.id,
        ),
    )
    .join(
        Assignment,
        and_(
            Assignment.library_id == ExerciseVersion.practice_id,
            Assignment.exercise_version_id == ExerciseVersion.id,
        ),
    )
    .where(
        ExerciseVersion.practice_id == SYSTEM,
        Assignment.practice_id == p("practice_id"),
        _GOES_ON,
    )
    .limit(p("limit", Integer()))
    # One that somebody holds has its turn the next time.
    .with_for_update(of=Assignment, key_share=True, skip_locked=True)
    .cte("outdated")
)
_MOVE = Query(
    update(Assignment)
    .where(Assignment.practice_id == _OUTDATED.c.practice_id, Assignment.id == _OUTDATED.c.id)
    .values(
        exercise_version_id=_OUTDATED.c.newest,
        version=Assignment.version + 1,
        changed_at=func.now(),
    )
    .returning(Assignment.id, Assignment.client_id)
)
# Devices hold the form by its slots, and ask for what changed: so the slots to come change, too.
_SHOW = Query(
    update(Occurrence)
    .where(
        Occurrence.practice_id == p("practice_id"),
        Occurrence.assignment_id == any_(p("ids", ARRAY(UUID_TEXT))),
        Occurrence.status == "upcoming",
        or_(Occurrence.closes_at.is_(None), Occurrence.closes_at > func.now()),
    )
    .values(version=Occurrence.version + 1, changed_at=func.now())
)


@regularly("7,27,47 * * * *")
async def follow_shipped_exercises(work: Work) -> None:
    """Homework that goes on is of the newest version of its shipped exercise, in every practice."""
    await in_each_practice(work, _follow_all)


async def _follow_all(work: Work, practice_id: str) -> None:
    while await follow_some(work, practice_id) == BATCH:
        pass


async def follow_some(work: Work, practice_id: str) -> int:
    """Move the next assignments of a practice, in a transaction of their own; how many."""
    async with work.visit(capacity="job", practice_id=practice_id):
        rows = await work.rows(_MOVE, limit=BATCH)
        if rows:
            await work.run(_SHOW, ids=[row["id"] for row in rows])
        for row in rows:
            work.tell("homework.changed", row["id"], row["client_id"])
    return len(rows)
