"""The kinds of field a form is made of, and the rules each may carry."""

import datetime
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StringConstraints,
    model_validator,
)

SLUG = r"[a-z][a-z0-9]*(_[a-z0-9]+)*"

Slug = Annotated[str, StringConstraints(pattern=f"^{SLUG}$", max_length=40)]
Real = Annotated[StrictInt | StrictFloat, Field(ge=-1_000_000_000, le=1_000_000_000)]
Answer = str | int | float | bool | list[str]


class Frozen(BaseModel):
    """Immutable, and refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ShownWhen(Frozen):
    """Shows a field only when an earlier one is answered so: exactly one of the three rules.

    `any_of` names options, and holds for `choices` when at least one of them is chosen.
    """

    field: Slug
    equals: StrictBool | Real | Slug | None = None
    any_of: Annotated[tuple[Slug, ...], Field(min_length=1)] | None = None
    at_least: Real | None = None

    @model_validator(mode="after")
    def _one_rule(self) -> Self:
        if sum(rule is not None for rule in (self.equals, self.any_of, self.at_least)) != 1:
            raise ValueError("shown_when needs exactly one of equals, any_of, at_least")
        return self

    def holds(self, answer: Answer | None) -> bool:
        """Whether the rule holds for a canonical answer; never for an absent one."""
        if answer is None:
            return False
        if self.at_least is not None:
            return isinstance(answer, int | float) and answer >= self.at_least
        if self.any_of is not None:
            chosen = answer if isinstance(answer, list) else [answer]
            return any(option in self.any_of for option in chosen)
        return answer == self.equals


class Threshold(Frozen):
    """At or beyond `at`, upwards or downwards, an answer asks for a therapist's attention."""

    at: Real
    direction: Literal["up", "down"]

    def reached(self, value: float) -> bool:
        """Whether a value lies at or beyond the threshold."""
        return value >= self.at if self.direction == "up" else value <= self.at


class _Field(Frozen):
    id: Slug
    required: StrictBool = False
    shown_when: ShownWhen | None = None


class Text(_Field):
    """One line, at most `max_length` characters (code points)."""

    kind: Literal["text"]
    max_length: Annotated[int, Field(ge=1, le=1_000)]


class LongText(_Field):
    """Several lines, at most `max_length` characters (code points)."""

    kind: Literal["long_text"]
    max_length: Annotated[int, Field(ge=1, le=20_000)]


class _Bounded(_Field):
    min: Real
    max: Real
    attention_at: Threshold | None = None

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        if self.min >= self.max:
            raise ValueError(f"{self.id}: min must be below max")
        if self.attention_at and not self.min <= self.attention_at.at <= self.max:
            raise ValueError(f"{self.id}: attention_at lies outside the range")
        return self


class Number(_Bounded):
    """A number from `min` to `max`, in multiples of `step` where one is given."""

    kind: Literal["number"]
    step: Annotated[Real, Field(ge=0.000_001)] | None = None

    @model_validator(mode="after")
    def _whole_steps(self) -> Self:
        if not (self.on_step(self.min) and self.on_step(self.max)):
            raise ValueError(f"{self.id}: min and max must be multiples of step")
        return self

    def on_step(self, value: float) -> bool:
        """Whether a value is a multiple of the step, as written in decimal (0.3 of 0.1 is)."""
        return self.step is None or Decimal(str(value)) % Decimal(str(self.step)) == 0


class Scale(_Bounded):
    """A whole number from `min` to `max`; what the two ends mean is in the texts."""

    kind: Literal["scale"]
    min: Annotated[StrictInt, Field(ge=-1_000)]
    max: Annotated[StrictInt, Field(le=1_000)]

    @model_validator(mode="after")
    def _short_enough(self) -> Self:
        if self.max - self.min > 100:
            raise ValueError(f"{self.id}: a scale has at most 101 points")
        return self


class _Optioned(_Field):
    options: Annotated[tuple[Slug, ...], Field(min_length=2, max_length=40)]
    attention_at: Annotated[tuple[Slug, ...], Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _known_options(self) -> Self:
        if len(set(self.options)) != len(self.options):
            raise ValueError(f"{self.id}: option ids must differ")
        if not set(self.attention_at or ()) <= set(self.options):
            raise ValueError(f"{self.id}: attention_at names an option that does not exist")
        return self


class Choice(_Optioned):
    """One of the options."""

    kind: Literal["choice"]


class Choices(_Optioned):
    """Any of the options, each once; `min_chosen` binds only when the work is completed."""

    kind: Literal["choices"]
    min_chosen: Annotated[int, Field(ge=1)] = 1
    max_chosen: Annotated[int, Field(ge=1)] | None = None

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if not self.min_chosen <= self.most <= len(self.options):
            raise ValueError(f"{self.id}: min_chosen, max_chosen and options do not fit together")
        return self

    @property
    def most(self) -> int:
        """How many options may be chosen."""
        return self.max_chosen or len(self.options)


class YesNo(_Field):
    """True or false."""

    kind: Literal["yes_no"]
    attention_at: StrictBool | None = None


class Date(_Field):
    """A calendar date, YYYY-MM-DD, from `min` to `max` where given, both included."""

    kind: Literal["date"]
    min: datetime.date | None = None
    max: datetime.date | None = None

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        if self.min and self.max and self.min > self.max:
            raise ValueError(f"{self.id}: min must not be after max")
        return self


class Time(_Field):
    """A time of day, HH:MM on a 24-hour clock, as the client's own clock showed it."""

    kind: Literal["time"]


AnyField = Annotated[
    Text | LongText | Number | Scale | Choice | Choices | YesNo | Date | Time,
    Discriminator("kind"),
]
