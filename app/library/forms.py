"""Typed forms: their structure, and checking answers against them.

Pure: what a form is and which answers fit it needs no database.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from itertools import islice
from typing import Annotated, Self

from pydantic import Field, model_validator

from app.library.attention import AttentionLevel, worst
from app.library.composed import AnyField, Pair, Table
from app.library.fields import (
    Answer,
    Attending,
    Choice,
    Choices,
    File,
    Frozen,
    Number,
    Scale,
    ShownWhen,
    YesNo,
)
from app.library.fitting import Misfit
from app.library.fitting_parts import attention, fit, is_blank, named

_UNKNOWN_NAMED = 20


class Form(Frozen):
    """The structure of an exercise's answers. Fields are shown, and hidden, in this order."""

    fields: Annotated[tuple[AnyField, ...], Field(max_length=60)]

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        earlier: dict[str, AnyField] = {}
        for field in self.fields:
            if field.id in earlier:
                raise ValueError(f"two fields are called {field.id}")
            if field.shown_when:
                if field.shown_when.field not in earlier:
                    raise ValueError(f"{field.id}: shown_when must name an earlier field")
                _check_condition(field.id, earlier[field.shown_when.field], field.shown_when)
            earlier[field.id] = field
        return self


@dataclass(frozen=True, slots=True)
class AnswerError:
    """One refused answer: where, which rule, and the rule in words. Never holds the value."""

    pointer: str
    code: str
    detail: str


@dataclass(slots=True)
class Checked:
    """What came of checking answers: store `answers` only when `errors` is empty.

    `answers` are canonical. `dropped` names the hidden fields whose answers were left out, and
    `kept_hidden` those whose answers were kept, because an answer to them can ask for attention.
    `attention` names the fields answered at or beyond their `attention_at`, and `attention_level`
    is the worst of these. All in the form's order.
    """

    answers: dict[str, Answer] = dataclass_field(default_factory=dict)
    dropped: list[str] = dataclass_field(default_factory=list)
    kept_hidden: list[str] = dataclass_field(default_factory=list)
    attention: list[str] = dataclass_field(default_factory=list)
    attention_level: AttentionLevel | None = None
    errors: list[AnswerError] = dataclass_field(default_factory=list)


def check_answers(form: Form, answers: Mapping[str, object], *, completed: bool) -> Checked:
    """Check answers, keyed by field id, against a form; never raises for what was answered.

    Null, blank text and an empty list of options count as unanswered. Required fields and
    `min_chosen` bind only when `completed`, and only where the field is shown. A hidden answer
    that can ask for attention is kept and judged: a condition never silences "I am not safe".
    """
    checked = Checked()
    # A field that depends on a hidden one is hidden too, also where the hidden answer is kept.
    shown: dict[str, Answer] = {}
    for field in form.fields:
        value = answers.get(field.id)
        blank = is_blank(field, value)
        rule = field.shown_when
        hidden = rule is not None and not rule.holds(shown.get(rule.field))
        if hidden and not blank:
            kept = isinstance(field, Attending | Table) and field.has_attention_rule
            (checked.kept_hidden if kept else checked.dropped).append(field.id)
            if not kept:
                continue
        if blank:
            if completed and field.required and not hidden:
                checked.errors.append(_error(field.id, "form.required", "needs an answer"))
            continue
        try:
            answer = fit(field, value, completed=completed and not hidden)
        except Misfit as misfit:
            checked.errors.extend(
                _error(field.id + one.at, one.code, one.rule) for one in (misfit, *misfit.others)
            )
            continue
        checked.answers[field.id] = answer
        if not hidden:
            shown[field.id] = answer
        if level := attention(field, answer):
            checked.attention.append(field.id)
            checked.attention_level = worst((checked.attention_level, level))
    known = {field.id for field in form.fields}
    unknown = (key for key in answers if key not in known)
    checked.errors.extend(_unknown(key) for key in islice(unknown, _UNKNOWN_NAMED))
    return checked


def uploads_in(form: Form, answers: Mapping[str, Answer]) -> list[str]:
    """The ids of the uploads that these checked answers point at, in the form's order."""
    return [str(answers[f.id]) for f in form.fields if isinstance(f, File) and f.id in answers]


def _check_condition(field_id: str, target: AnyField, rule: ShownWhen) -> None:
    wanted: list[object]
    match target:
        case Pair() if rule.at_least is not None:
            wanted = [{"after": rule.at_least}]
        case Number() | Scale() if rule.any_of is None:
            wanted = [rule.equals if rule.at_least is None else rule.at_least]
        case Choice() | YesNo() if rule.equals is not None:
            wanted = [rule.equals]
        case Choice() if rule.any_of is not None:
            wanted = [*rule.any_of]
        case Choices() if rule.any_of is not None:
            wanted = [[option] for option in rule.any_of]
        case _:
            raise ValueError(f"{field_id}: shown_when does not suit the kind of {target.id}")
    try:
        for value in wanted:
            fit(target, value, completed=False)
    except Misfit as misfit:
        raise ValueError(f"{field_id}: shown_when: {target.id} {misfit.rule}") from None


def _error(place: str, code: str, rule: str) -> AnswerError:
    return AnswerError(f"/answers/{place}", code, f"{place} {rule}.")


def _unknown(key: str) -> AnswerError:
    detail = "The form has no field of this name."
    return AnswerError(f"/answers{named(key)}", "form.unknown_field", detail)
