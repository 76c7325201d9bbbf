"""Exercises on the wire."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from app.core.wire import UNORDERED, WHOLE, Id, Input, Output, Version, unchanged
from app.library.areas import AREAS
from app.library.catalogue import Kind, Modality, Texts
from app.library.forms import Form

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
Areas = Annotated[list[Area], Field(max_length=8), UNORDERED]
if set(Area.__args__) != AREAS.keys():  # type: ignore[attr-defined]
    raise RuntimeError("the areas on the wire are not the areas of the library")


Slug = Annotated[
    str,
    Field(
        pattern=r"^[a-z]+[a-z0-9]*(-[a-z0-9]+)*$",
        max_length=60,
        description="a name of its own in the practice; without one it is made from the title",
    ),
]
OwnAreas = Annotated[list[Area], Field(min_length=1, max_length=8), UNORDERED]
Modalities = Annotated[list[Modality], Field(min_length=1, max_length=8), UNORDERED]
Difficulty = Annotated[
    int, Field(strict=True, ge=1, le=3, description="1 gentle, 3 demanding"), WHOLE
]
Minutes = Annotated[
    int, Field(strict=True, ge=1, le=120, description="about how long it takes"), WHOLE
]


class ExerciseCreate(Input):
    """An exercise of the practice's own: what it asks, and its words in each language.

    Every language has the same fields, under the same ids.
    """

    slug: Slug | None = None
    kind: Kind
    areas: OwnAreas
    modality: Modalities
    difficulty: Difficulty
    minutes: Minutes
    form: Form
    texts: Texts


class ExerciseUpdate(Input):
    """What to change; absent stays. `minutes`, `form` and `texts` are whole, and wait in the draft
    until it is published; the rest is changed at once."""

    kind: Kind = Field(default_factory=unchanged)
    areas: OwnAreas = Field(default_factory=unchanged)
    modality: Modalities = Field(default_factory=unchanged)
    difficulty: Difficulty = Field(default_factory=unchanged)
    minutes: Minutes = Field(default_factory=unchanged)
    form: Form = Field(default_factory=unchanged)
    texts: Texts = Field(default_factory=unchanged)


class ExerciseItem(Output):
    """An exercise as lists show it; of one that was never published, its draft."""

    id: Id
    slug: str
    kind: Kind
    areas: list[str]
    modality: list[str]
    difficulty: int
    minutes: int
    title: str
    summary: str
    exercise_version_id: Id | None
    is_own: bool
    has_draft: bool
    version: Version


class ExerciseVersionItem(Output):
    """A version as lists show it."""

    id: Id
    number: int
    minutes: int
    title: str
    created_at: datetime


class ExerciseVersionOut(Output):
    """One immutable version: the form, and its texts in each locale (field ids the same)."""

    id: Id
    exercise_id: Id
    number: int
    minutes: int
    form: dict[str, Any]
    texts: dict[str, Any]


class ExerciseDraftOut(Output):
    """What will be the next version, when it is published."""

    minutes: int
    form: dict[str, Any]
    texts: dict[str, Any]


class ExerciseOut(ExerciseItem):
    """An exercise whole: its current version, and its draft."""

    is_retired: bool
    copied_from: Id | None
    current: ExerciseVersionOut | None
    draft: ExerciseDraftOut | None
