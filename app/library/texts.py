"""An exercise's words in one language, kept apart from the structure of its form."""

from typing import Annotated

from pydantic import Field, StringConstraints

from app.library.fields import AnyField, Choice, Choices, Frozen, Scale, Slug

Locale = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$")]


def _words(most: int) -> StringConstraints:
    return StringConstraints(min_length=1, max_length=most, strip_whitespace=True)


class FieldTexts(Frozen):
    """A field's words; `low` and `high` say what the two ends of a scale mean."""

    label: Annotated[str, _words(200)]
    help: Annotated[str, _words(400)] | None = None
    options: dict[Slug, Annotated[str, _words(120)]] = Field(default_factory=dict)
    low: Annotated[str, _words(60)] | None = None
    high: Annotated[str, _words(60)] | None = None


class ExerciseTexts(Frozen):
    """What a client reads; `minimum` is the two-minute version, for a day with little room."""

    title: Annotated[str, _words(80)]
    summary: Annotated[str, _words(240)]
    why: Annotated[str, _words(1_000)]
    instructions: Annotated[str, _words(4_000)]
    minimum: Annotated[str, _words(600)]
    fields: dict[Slug, FieldTexts]


def check_texts(fields: tuple[AnyField, ...], texts: ExerciseTexts) -> None:
    """Raises ValueError unless the texts cover exactly these fields, options and scale ends."""
    if texts.fields.keys() != {field.id for field in fields}:
        raise ValueError(f"texts and form differ in fields: {texts.title}")
    for field in fields:
        words = texts.fields[field.id]
        if set(words.options) != set(options_of(field)):
            raise ValueError(f"{field.id}: texts and form differ in options")
        ends = (words.low is not None, words.high is not None)
        if ends != (isinstance(field, Scale),) * 2:
            raise ValueError(f"{field.id}: a scale, and only a scale, has low and high")


def options_of(field: AnyField) -> tuple[str, ...]:
    """The field's option ids; none for kinds without options."""
    return field.options if isinstance(field, Choice | Choices) else ()
