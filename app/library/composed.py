"""The kinds of field whose answer has parts: tables, body regions, before and after."""

from typing import Annotated, Literal, Self

from pydantic import Discriminator, Field, StrictBool, model_validator

from app.library.fields import (
    Asked,
    Attending,
    Choice,
    Date,
    Number,
    Scale,
    Scaled,
    SingleField,
    Slug,
    Text,
    Threshold,
    Time,
    YesNo,
    differ,
)

Column = Annotated[Text | Number | Scale | Choice | YesNo | Date | Time, Discriminator("kind")]


class Table(Asked):
    """Several rows of the same columns: a list of objects, keyed by column id.

    Rows without an answer are left out. `min_rows`, and columns that are `required` (in each row
    that says anything), bind only when the work is completed.
    """

    kind: Literal["table"]
    columns: Annotated[tuple[Column, ...], Field(min_length=1, max_length=8)]
    min_rows: Annotated[int, Field(ge=1)] = 1
    max_rows: Annotated[int, Field(ge=1, le=100)] = 20

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        differ(self.id, tuple(column.id for column in self.columns))
        if any(column.shown_when for column in self.columns):
            raise ValueError(f"{self.id}: a column is always shown")
        if self.min_rows > self.max_rows:
            raise ValueError(f"{self.id}: min_rows is more than max_rows")
        return self

    @property
    def has_attention_rule(self) -> bool:
        """Whether any answer in any column asks for attention."""
        return any(isinstance(one, Attending) and one.has_attention_rule for one in self.columns)


class BodyRegions(Attending):
    """Where in the body: an object keyed by region, each with what is felt there.

    A region's object may be empty. It may hold `intensity`, a whole number from 0 to 10, unless
    the form does not ask for it, and `sensation`, one of the form's sensations.
    """

    kind: Literal["body_regions"]
    intensity: StrictBool = True
    sensations: Annotated[tuple[Slug, ...], Field(max_length=40)] = ()
    attention_at: Threshold | None = None

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        differ(self.id, self.sensations)
        if self.attention_at and not (self.intensity and 0 <= self.attention_at.at <= 10):
            raise ValueError(f"{self.id}: attention_at is an intensity from 0 to 10")
        return self


class Pair(Scaled):
    """The same scale before and after: an object with `before` and `after`, or one of them.

    Completed work needs both where the field is required. Either asks for attention.
    """

    kind: Literal["pair"]


AnyField = Annotated[SingleField | Table | BodyRegions | Pair, Discriminator("kind")]
