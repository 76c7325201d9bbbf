"""The kinds of field a form is made of, and the rules each may carry."""

import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StringConstraints,
    model_validator,
)

from app.library.attention import SAFETY_FIELD, AttentionLevel

SLUG = r"[a-z][a-z0-9]*(_[a-z0-9]+)*"

Slug = Annotated[str, StringConstraints(pattern=f"^{SLUG}$", max_length=40)]
Real = Annotated[StrictInt | StrictFloat, Field(ge=-1_000_000_000, le=1_000_000_000)]
Answer = str | int | float | bool | list[Any] | dict[str, Any]
"""One field's canonical answer, as JSON holds it."""


class Frozen(BaseModel):
    """Immutable, and refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ShownWhen(Frozen):
    """Shows a field only when an earlier one is answered so: exactly one of the three rules.

    `any_of` names options, and holds for `choices` when at least one of them is chosen. For a
    `pair` only `at_least` can be asked, of the value after.
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
        if isinstance(answer, dict):
            answer = answer.get("after")
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


class Asked(Frozen):
    """What every kind of field has."""

    id: Slug
    required: StrictBool = False
    shown_when: ShownWhen | None = None


class Attending(Asked):
    """A field with an `attention_at`, and with it the level at which it asks for attention.

    Without an `attention_level` it is soon, and urgent for the field called `safe_now`.
    """

    attention_level: AttentionLevel | None = None

    @model_validator(mode="after")
    def _level_of_a_rule(self) -> Self:
        if self.attention_level and not self.has_attention_rule:
            raise ValueError(f"{self.id}: attention_level needs an attention_at")
        return self

    @property
    def has_attention_rule(self) -> bool:
        """Whether any answer to the field asks for attention."""
        return getattr(self, "attention_at", None) is not None

    @property
    def level(self) -> AttentionLevel:
        """The level at which an answer at or beyond `attention_at` asks for attention."""
        return self.attention_level or ("urgent" if self.id == SAFETY_FIELD else "soon")


class Text(Asked):
    """One line, at most `max_length` characters (code points)."""

    kind: Literal["text"]
    max_length: Annotated[int, Field(ge=1, le=1_000)]


class LongText(Asked):
    """Several lines, at most `max_length` characters (code points)."""

    kind: Literal["long_text"]
    max_length: Annotated[int, Field(ge=1, le=20_000)]


class _Bounded(Attending):
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


class Scaled(_Bounded):
    """Whole numbers from `min` to `max`, of which there are at most 101."""

    min: Annotated[StrictInt, Field(ge=-1_000)]
    max: Annotated[StrictInt, Field(le=1_000)]

    @model_validator(mode="after")
    def _short_enough(self) -> Self:
        if self.max - self.min > 100:
            raise ValueError(f"{self.id}: a scale has at most 101 points")
        return self


class Scale(Scaled):
    """A whole number from `min` to `max`; what the two ends mean is in the texts."""

    kind: Literal["scale"]


Options = Annotated[tuple[Slug, ...], Field(min_length=2, max_length=40)]


class _Optioned(Attending):
    options: Options
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


class YesNo(Attending):
    """True or false."""

    kind: Literal["yes_no"]
    attention_at: StrictBool | None = None


class Date(Asked):
    """A calendar date, YYYY-MM-DD, from `min` to `max` where given, both included."""

    kind: Literal["date"]
    min: datetime.date | None = None
    max: datetime.date | None = None

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        if self.min and self.max and self.min > self.max:
            raise ValueError(f"{self.id}: min must not be after max")
        return self


class Time(Asked):
    """A time of day, HH:MM on a 24-hour clock, as the client's own clock showed it."""

    kind: Literal["time"]


class Ranking(Asked):
    """The options in order, the first one first: all of them, or the `top` ones only.

    A shorter list is taken too, but not from completed work.
    """

    kind: Literal["ranking"]
    options: Options
    top: Annotated[int, Field(ge=1)] | None = None

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        differ(self.id, self.options)
        if self.most > len(self.options):
            raise ValueError(f"{self.id}: top is more than there are options")
        return self

    @property
    def most(self) -> int:
        """How many options are put in order."""
        return self.top or len(self.options)


Media = Literal["picture", "voice"]


class File(Asked):
    """The id of an upload of one of these kinds of media; what it holds is checked elsewhere."""

    kind: Literal["file"]
    media: Annotated[tuple[Media, ...], Field(min_length=1, max_length=2)]

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        differ(self.id, self.media)
        return self


def differ(field_id: str, named: tuple[str, ...]) -> None:
    """Raises ValueError when something is named twice."""
    if len(set(named)) != len(named):
        raise ValueError(f"{field_id}: each may be named only once")


SingleField = (
    Text | LongText | Number | Scale | Choice | Choices | YesNo | Date | Time | Ranking | File
)
"""The kinds whose answer is one value, or a plain list of options."""
