"""Exercises on the wire."""

from typing import Annotated, Any, Literal

from pydantic import Field

from app.core.wire import Id, Output, Version
from app.library.areas import AREAS

Area = Literal[
    "awareness",
    "origins",
    "emotional-processing",
    "internal-narratives",
    "boundary-setting",
    "nervous-system",
    "integration",
    "acceptance",
]
Areas = Annotated[list[Area], Field(max_length=8)]
Kind = Literal["worksheet", "skill", "reflection", "reading", "conversation"]

if set(Area.__args__) != AREAS.keys():  # type: ignore[attr-defined]
    raise RuntimeError("the areas on the wire are not the areas of the library")


class ExerciseItem(Output):
    """An exercise as lists show it."""

    id: Id
    slug: str
    kind: Kind
    areas: list[str]
    modality: list[str]
    difficulty: int
    minutes: int
    title: str
    summary: str
    exercise_version_id: Id
    version: Version


class ExerciseVersionOut(Output):
    """One immutable version: the form, and its texts in each locale (field ids the same)."""

    id: Id
    exercise_id: Id
    number: int
    minutes: int
    form: dict[str, Any]
    texts: dict[str, Any]


class ExerciseOut(ExerciseItem):
    """An exercise with its current version, whole."""

    current: ExerciseVersionOut
