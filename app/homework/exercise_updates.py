"""Homework that goes on follows the newest version of a shipped exercise.

A newer form may ask about safety where the older one did not. What was begun or sent keeps the
version it answers: drafts and submissions name their own.
"""

from typing import Final

from sqlalchemy import Integer, and_, any_, column, func, or_, select, update
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

_OUTDATED = Query(
    select(ExerciseVersion.id, Exercise.current_version_id.label("newest"))
    .join(
        Exercise,
        and_(
            Exercise.practice_id == ExerciseVersion.practice_id,
            Exercise.id == ExerciseVersion.exercise_id,
            Exercise.current_version_id != ExerciseVersion.id,
        ),
    )
    .where(ExerciseVersion.practice_id == SYSTEM)
)
_IDS: Final = p("ids", ARRAY(UUID_TEXT))
_newer = (
    func.unnest(_IDS, p("newest", ARRAY(UUID_TEXT)))
    .table_valued(column("old", UUID_TEXT), column("new", UUID_TEXT))
    .render_derived()
)
_HELD = (
    select(Assignment.id)
    .where(
        Assignment.practice_id == p("practice_id"),
        Assignment.exercise_version_id == any_(_IDS),
        # Spelled out, so that it is seen to be the condition of the index.
        or_(*(Assignment.status == one for one in GOES_ON)),
        Assignment.library_id == SYSTEM,
    )
    .limit(p("limit", Integer()))
    # One that somebody holds has its turn the next time.
    .with_for_update(key_share=True, skip_locked=True)
    .cte("held")
)
_MOVE = Query(
    update(Assignment)
    .where(Assignment.practice_id == p("practice_id"), Assignment.id == _HELD.c.id)
    .values(
        exercise_version_id=select(_newer.c.new)
        .where(_newer.c.old == Assignment.exercise_version_id)
        .scalar_subquery(),
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
    newer = await newer_versions(work)

    async def follow_all(work: Work, practice_id: str) -> None:
        while await follow_some(work, practice_id, newer) == BATCH:
            pass

    if newer:
        await in_each_practice(work, follow_all)


async def newer_versions(work: Work) -> dict[str, str]:
    """The newest version of each shipped exercise, by the older ones this database holds."""
    async with work.visit(capacity="job", practice_id=SYSTEM):
        rows = await work.rows(_OUTDATED)
    return {row["id"]: row["newest"] for row in rows}


async def follow_some(work: Work, practice_id: str, newer: dict[str, str]) -> int:
    """Move the next assignments of a practice, in a transaction of their own; how many."""
    async with work.visit(capacity="job", practice_id=practice_id):
        rows = await work.rows(_MOVE, ids=[*newer], newest=[*newer.values()], limit=BATCH)
        if rows:
            await work.run(_SHOW, ids=[row["id"] for row in rows])
        for row in rows:
            work.tell("homework.changed", row["id"], row["client_id"])
    return len(rows)
