"""The shipped exercises, brought into the database: new ones and new versions, none changed."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from app.core.ids import SYSTEM
from app.core.statements import Query
from app.library.catalogue import Exercise as Shipped
from app.library.catalogue import catalogue
from app.library.models import Exercise, ExerciseVersion
from app.operation.work import Row, Work

_THERE = Query(
    select(
        ExerciseVersion.id,
        ExerciseVersion.exercise_id,
        ExerciseVersion.number,
        ExerciseVersion.form,
        ExerciseVersion.texts,
    ).where(ExerciseVersion.practice_id == SYSTEM)
)
_EXERCISES = Query(select(Exercise.id, Exercise.version).where(Exercise.practice_id == SYSTEM))


class ShippedChanged(Exception):
    """A published version in the files is not the one in the database; it needs a new number."""


async def ship(work: Work, exercises: Iterable[Shipped] | None = None) -> int:
    """Add what is missing; the number of versions added. `work` acts for the system's practice.

    The files hold the newest version of each exercise. A database that shipped an older one keeps
    it beside the newer, a new database begins with the newest. Raises ShippedChanged when a file
    changed a version that answers may point at, or took the number of another one.
    """
    versions = {row["id"]: row for row in await work.rows(_THERE)}
    there = {row["id"] for row in await work.rows(_EXERCISES)}
    newest: dict[str, int] = {}
    for row in versions.values():
        newest[row["exercise_id"]] = max(row["number"], newest.get(row["exercise_id"], 0))
    added = 0
    for one in catalogue() if exercises is None else exercises:
        known = versions.get(str(one.version.id))
        if known is not None:
            _demand_same(one, known)
            continue
        if one.version.number <= newest.get(str(one.id), 0):
            raise ShippedChanged(f"{one.slug}: version {one.version.number} is taken; count on")
        added += 1
        await _add(work, one, is_new=str(one.id) not in there)
    return added


def _demand_same(one: Shipped, known: Row) -> None:
    content = _content(one)
    if known["form"].value != content["form"] or known["texts"].value != content["texts"]:
        raise ShippedChanged(f"{one.slug}: give the changed version a new number and id")


async def _add(work: Work, one: Shipped, *, is_new: bool) -> None:
    header: dict[str, Any] = {
        "slug": one.slug,
        "kind": one.kind,
        "areas": list(one.areas),
        "modality": list(one.modalities),
        "difficulty": one.difficulty,
        "current_version_id": str(one.version.id),
    }
    if is_new:
        await work.add(Exercise, id=str(one.id), **header)
    else:
        await work.alter(Exercise, str(one.id), **header)
    await work.add(
        ExerciseVersion,
        id=str(one.version.id),
        exercise_id=str(one.id),
        number=one.version.number,
        minutes=one.version.minutes,
        **_content(one),
    )


def _content(one: Shipped) -> dict[str, Any]:
    dumped = one.version.model_dump(mode="json", exclude_none=True)
    return {"form": dumped["form"], "texts": dumped["texts"]}
