"""An exercise's words in one language, kept apart from the structure of its form."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from app.library import regions
from app.library.composed import AnyField, BodyRegions, Pair, Table
from app.library.fields import Choice, Choices, Frozen, Ranking, Scale, Slug
from app.library.regions import REGIONS, Region


def _storable(text: str) -> str:
    if "\0" in text:
        raise ValueError("text cannot hold the NUL character")
    return text


_Storable = Annotated[str, AfterValidator(_storable)]


def _words(most: int) -> StringConstraints:
    return StringConstraints(min_length=1, max_length=most, strip_whitespace=True)


RegionTexts = dict[Region, Annotated[_Storable, _words(60)]]


class ColumnTexts(Frozen):
    """A column's words; `low` and `high` say what the two ends of a scale mean."""

    label: Annotated[_Storable, _words(300)]
    help: Annotated[_Storable, _words(400)] | None = None
    options: dict[Slug, Annotated[_Storable, _words(120)]] = Field(default_factory=dict)
    low: Annotated[_Storable, _words(60)] | None = None
    high: Annotated[_Storable, _words(60)] | None = None


class FieldTexts(ColumnTexts):
    """A field's words: those of a column, a table's columns, and what a pair's two halves are
    called. `options` of body regions are the sensations, `low` and `high` their intensity."""

    columns: dict[Slug, ColumnTexts] | None = None
    before: Annotated[_Storable, _words(60)] | None = None
    after: Annotated[_Storable, _words(60)] | None = None


class ExerciseTexts(Frozen):
    """What a client reads; `minimum` is the two-minute version, for a day with little room.

    `not_for` says for whom and when the exercise is not: show it before the instructions.

    `regions` are the words for body regions, shared by all fields that ask for them. They may be
    left out in the languages we have words in.
    """

    title: Annotated[_Storable, _words(80)]
    summary: Annotated[_Storable, _words(240)]
    why: Annotated[_Storable, _words(1_000)]
    instructions: Annotated[_Storable, _words(4_000)]
    minimum: Annotated[_Storable, _words(600)]
    not_for: Annotated[_Storable, _words(600)] | None = None
    fields: dict[Slug, FieldTexts]
    regions: RegionTexts | None = None


def check_texts(fields: tuple[AnyField, ...], texts: ExerciseTexts) -> None:
    """Raises ValueError unless the texts cover exactly these fields and what they are made of."""
    if texts.fields.keys() != {field.id for field in fields}:
        raise ValueError("texts and form differ in fields")
    for field in fields:
        words = texts.fields[field.id]
        _check_words(field, words)
        columns = field.columns if isinstance(field, Table) else ()
        if (words.columns or {}).keys() != {column.id for column in columns}:
            raise ValueError(f"{field.id}: texts and form differ in columns")
        for column in columns:
            _check_words(column, (words.columns or {})[column.id])
        halves = (words.before is not None, words.after is not None)
        if halves != (isinstance(field, Pair),) * 2:
            raise ValueError(f"{field.id}: a pair, and only a pair, has before and after")
    asks_regions = any(isinstance(field, BodyRegions) for field in fields)
    if (texts.regions or {}).keys() != (set(REGIONS) if asks_regions else set()):
        raise ValueError("texts and form differ in body regions")


def with_regions(fields: tuple[AnyField, ...], locale: str, texts: ExerciseTexts) -> ExerciseTexts:
    """The texts with the shared words for body regions, where the form asks for regions and the
    texts bring no words of their own.

    Raises ValueError for a language without shared words.
    """
    if texts.regions is not None or not any(isinstance(field, BodyRegions) for field in fields):
        return texts
    shared = regions.words(locale)
    if shared is None:
        raise ValueError(f"there are no words for body regions in {locale}: give all of them")
    return texts.model_copy(update={"regions": shared})


def options_of(field: AnyField) -> tuple[str, ...]:
    """The ids of the field's options or sensations; none for kinds without."""
    match field:
        case Choice() | Choices() | Ranking():
            return field.options
        case BodyRegions():
            return field.sensations
        case _:
            return ()


def has_ends(field: AnyField) -> bool:
    """Whether the texts say what the field's lowest and highest value mean."""
    return isinstance(field, Scale | Pair) or (isinstance(field, BodyRegions) and field.intensity)


def _check_words(field: AnyField, words: ColumnTexts) -> None:
    if set(words.options) != set(options_of(field)):
        raise ValueError(f"{field.id}: texts and form differ in options")
    ends = (words.low is not None, words.high is not None)
    if ends != (has_ends(field),) * 2:
        raise ValueError(f"{field.id}: a scale, and only a scale, has low and high")
