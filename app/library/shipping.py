"""The shipped exercises, brought into the database: new ones and new versions, none changed."""

from typing import Any

from sqlalchemy import select

from app.core.ids import SYSTEM
from app.core.statements import Query
from app.library.catalogue import Exercise as Shipped
from app.library.catalogue import catalogue
from app.library.models import Exercise, ExerciseVersion
from app.operation.work import Work

_THERE = Query(
    select(ExerciseVersion.id, ExerciseVersion.form, ExerciseVersion.texts).where(
        ExerciseVersion.practice_id == SYSTEM
    )
)
_EXERCISES = Query(select(Exercise.id, Exercise.version).where(Exercise.practice_id == SYSTEM))


class ShippedChanged(Exception):
    """A published version in the files is not the one in the database; it needs a new number."""


async def ship(work: Work) -> int:
    """Add what is missing; the number of versions added. `work` acts for the system's practice.

    Raises ShippedChanged when a file changed a version that answers may point at.
    """
    versions = {row["id"]: row for row in await work.rows(_THERE)}
    exercises = {row["id"] for row in await work.rows(_EXERCISES)}
    added = 0
    for one in catalogue():
        version = one.version
        known = versions.get(str(version.id))
        content = _content(one)
        if known is not None:
            if known["form"].value != content["form"] or known["texts"].value != content["texts"]:
                raise ShippedChanged(f"{one.slug}: give the changed version a new number and id")
            continue
        added += 1
        header: dict[str, Any] = {
            "slug": one.slug,
            "kind": one.kind,
            "areas": list(one.areas),
            "modality": list(one.modalities),
            "difficulty": one.difficulty,
            "current_version_id": str(version.id),
        }
        if str(one.id) in exercises:
            await work.alter(Exercise, str(one.id), **header)
        else:
            await work.add(Exercise, id=str(one.id), **header)
        await work.add(
            ExerciseVersion,
            id=str(version.id),
            exercise_id=str(one.id),
            number=version.number,
            minutes=version.minutes,
            **content,
        )
    return added


def _content(one: Shipped) -> dict[str, Any]:
    dumped = one.version.model_dump(mode="json", exclude_none=True)
    return {"form": dumped["form"], "texts": dumped["texts"]}
