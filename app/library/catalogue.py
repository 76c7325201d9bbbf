"""The exercises every practice starts with, read from the files in `exercises/`.

Their ids stand in the files and never change: assignments and answers point at them. A version
that has been assigned is not edited either; a change is a new version under a new id.
"""

from functools import cache
from importlib import resources
from typing import Annotated, Literal, Self

import yaml
from pydantic import (
    BeforeValidator,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic.types import UUID7

from app.core.locales import canonical, is_tag
from app.core.wire import Locale
from app.library import safety
from app.library.areas import AREAS
from app.library.fields import Frozen
from app.library.forms import Form
from app.library.texts import ExerciseTexts, check_texts, with_regions

Kind = Literal["worksheet", "skill", "reflection", "reading", "conversation"]
Modality = Literal[
    "cbt", "dbt", "act", "cft", "ifs-informed", "psychodynamic", "somatic", "general"
]

SYSTEM_EXERCISES: tuple["Exercise", ...]
"""The same as `catalogue()`; read from the files when first asked for."""


def _each_language_once(texts: object) -> object:
    """Two spellings of one language would be one in the end, and the words of the other lost."""
    if isinstance(texts, dict):
        spelled = [canonical(one) for one in texts if is_tag(one)]
        if len(set(spelled)) < len(spelled):
            raise ValueError("each language is written once, in whatever spelling")
    return texts


Texts = Annotated[
    dict[Locale, ExerciseTexts], Field(min_length=1), BeforeValidator(_each_language_once)
]


class ExerciseVersion(Frozen):
    """One immutable version: its form, about how many minutes it takes, its texts by locale."""

    id: UUID7
    number: Annotated[int, Field(ge=1)]
    minutes: Annotated[int, Field(ge=1, le=120)]
    form: Form
    texts: Texts

    @field_validator("texts")
    @classmethod
    def _every_word_there(cls, texts: Texts, info: ValidationInfo) -> Texts:
        form = info.data.get("form")
        return texts if form is None else whole_texts(form, texts)


class Exercise(Frozen):
    """An exercise of the library; difficulty runs from 1 (gentle) to 3 (demanding)."""

    slug: Annotated[
        str, StringConstraints(pattern=r"^[a-z]+[a-z0-9]*(-[a-z0-9]+)*$", max_length=60)
    ]
    id: UUID7
    kind: Kind
    areas: Annotated[tuple[str, ...], Field(min_length=1)]
    modalities: Annotated[tuple[Modality, ...], Field(min_length=1)]
    difficulty: Annotated[int, Field(ge=1, le=3)]
    version: ExerciseVersion

    @model_validator(mode="after")
    def _known_areas(self) -> Self:
        if not set(self.areas) <= AREAS.keys():
            raise ValueError(f"{self.slug}: unknown area of work")
        return self

    @model_validator(mode="after")
    def _asks_about_safety(self) -> Self:
        kinds = {*self.areas, *self.modalities}
        safety.check(self.slug, kinds, self.version.form, self.version.texts)
        return self


@cache
def catalogue() -> tuple[Exercise, ...]:
    """Every system exercise, in the order of their slugs; the files are read once."""
    folder = resources.files("app.library") / "exercises"
    names = sorted(file.name for file in folder.iterdir() if file.name.endswith(".yaml"))
    return tuple(read((folder / name).read_text(encoding="utf-8")) for name in names)


def whole_texts(form: Form, texts: Texts) -> Texts:
    """The texts, each with all words the form needs. Raises ValueError where some are missing."""
    filled = {locale: with_regions(form.fields, locale, words) for locale, words in texts.items()}
    for words in filled.values():
        check_texts(form.fields, words)
    return filled


def read(text: str) -> Exercise:
    """One exercise from the text of its file; raises ValueError when it does not hold together."""
    return Exercise.model_validate(yaml.safe_load(text))


def __getattr__(name: str) -> object:
    if name == "SYSTEM_EXERCISES":
        return catalogue()
    raise AttributeError(name)
