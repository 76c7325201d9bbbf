"""Typed forms: their structure, checking answers against them, and their JSON Schema.

Pure: what a form is and which answers fit it needs no database.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from app.library.fields import (
    SLUG,
    Answer,
    AnyField,
    Choice,
    Choices,
    Date,
    Frozen,
    LongText,
    Number,
    Scale,
    ShownWhen,
    Text,
    YesNo,
)
from app.library.fitting import DATE, TIME, Misfit, asks_attention, fit, is_blank
from app.library.texts import ExerciseTexts, FieldTexts

_UNKNOWN_NAMED = 20
_JSON_TYPES = {"number": "number", "scale": "integer", "choices": "array", "yes_no": "boolean"}


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


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of checking answers: store `answers` only when `errors` is empty.

    `answers` are canonical and hold shown fields only; `dropped` names the fields whose answers
    were left out because the field is hidden; `attention` names the fields answered at or
    beyond their `attention_at`. All in the form's order.
    """

    answers: dict[str, Answer]
    dropped: list[str]
    attention: list[str]
    errors: list[AnswerError]


def check_answers(form: Form, answers: Mapping[str, object], *, completed: bool) -> Checked:
    """Check answers, keyed by field id, against a form; never raises for what was answered.

    Null, blank text and an empty list of options count as unanswered. Required fields and
    `min_chosen` bind only when `completed`, and only where the field is shown.
    """
    checked = Checked({}, [], [], [])
    for field in form.fields:
        value = answers.get(field.id)
        blank = is_blank(field, value)
        # Only shown answers are in `checked`, so a field that depends on a hidden one hides too.
        if field.shown_when and not field.shown_when.holds(
            checked.answers.get(field.shown_when.field)
        ):
            if not blank:
                checked.dropped.append(field.id)
            continue
        if blank:
            if completed and field.required:
                checked.errors.append(_error(field.id, "form.required", "needs an answer"))
            continue
        try:
            answer = fit(field, value, completed=completed)
        except Misfit as misfit:
            checked.errors.append(_error(field.id, misfit.code, misfit.rule))
            continue
        checked.answers[field.id] = answer
        if asks_attention(field, answer):
            checked.attention.append(field.id)
    known = {field.id for field in form.fields}
    unknown = (key for key in answers if key not in known)
    checked.errors.extend(_unknown(key) for key in islice(unknown, _UNKNOWN_NAMED))
    return checked


def json_schema(form: Form, texts: ExerciseTexts) -> dict[str, Any]:
    """A JSON Schema (2020-12) of the answers; `#completed` adds what binds completed work.

    The bounds of dates stand in words, since JSON Schema cannot compare dates.
    """
    rules = [rule for field in form.fields for rule in _when_completed(form, field)]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": texts.title,
        "description": texts.summary,
        "type": "object",
        "properties": {field.id: _property(field, texts.fields[field.id]) for field in form.fields},
        "additionalProperties": False,
        "$defs": {
            # An empty allOf is not valid, and a form may require nothing.
            "completed": {"$anchor": "completed", "$ref": "#"} | ({"allOf": rules} if rules else {})
        },
    }


def _check_condition(field_id: str, target: AnyField, rule: ShownWhen) -> None:
    wanted: list[object]
    match target:
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


def _error(field_id: str, code: str, rule: str) -> AnswerError:
    return AnswerError(f"/answers/{field_id}", code, f"{field_id} {rule}.")


def _unknown(key: str) -> AnswerError:
    # A key can hold anything, a client's words included: only what looks like an id is repeated.
    named = len(key) <= 40 and re.fullmatch(SLUG, key)
    pointer = f"/answers/{key}" if named else "/answers"
    return AnswerError(pointer, "form.unknown_field", "The form has no field of this name.")


def _property(field: AnyField, words: FieldTexts) -> dict[str, Any]:
    options = [{"const": option, "title": label} for option, label in words.options.items()]
    schema: dict[str, Any] = {"title": words.label}
    if not isinstance(field, Choice):
        schema["type"] = [_JSON_TYPES.get(field.kind, "string"), "null"]
    hints = [words.help] if words.help else []
    match field:
        case Text() | LongText():
            schema |= {"maxLength": field.max_length, "pattern": "^[^\\u0000]*$"}
        case Number() | Scale():
            schema |= {"minimum": field.min, "maximum": field.max}
            if isinstance(field, Number) and field.step is not None:
                schema["multipleOf"] = field.step
            if isinstance(field, Scale):
                hints.append(f"{field.min}: {words.low}; {field.max}: {words.high}.")
        case Choice():
            schema["oneOf"] = [*options, {"type": "null"}]
        case Choices():
            schema |= {"items": {"oneOf": options}, "uniqueItems": True, "maxItems": field.most}
        case Date():
            schema |= {"format": "date", "pattern": f"^{DATE}$"}
            hints += [f"Not before {field.min}."] if field.min else []
            hints += [f"Not after {field.max}."] if field.max else []
        case YesNo():
            pass
        case _:
            schema["pattern"] = f"^{TIME}$"
    if hints:
        schema["description"] = " ".join(hints)
    if field.shown_when:
        schema["x-shown-when"] = field.shown_when.model_dump(mode="json", exclude_none=True)
    return schema


def _when_completed(form: Form, field: AnyField) -> list[dict[str, Any]]:
    rules: list[dict[str, Any]] = []
    if field.required:
        answered: dict[str, Any] = {"not": {"type": "null"}}
        if isinstance(field, Text | LongText):
            answered["pattern"] = r"\S"
        if isinstance(field, Choices):
            answered["minItems"] = 1
        rules.append({"required": [field.id], "properties": {field.id: answered}})
    if isinstance(field, Choices) and field.min_chosen > 1:
        few = {"anyOf": [{"maxItems": 0}, {"minItems": field.min_chosen}]}
        rules.append({"properties": {field.id: few}})
    shown = _shown(form, field)
    return [{"if": {"allOf": shown}, "then": rule} if shown else rule for rule in rules]


def _shown(form: Form, field: AnyField) -> list[dict[str, Any]]:
    rule = field.shown_when
    if rule is None:
        return []
    target = next(earlier for earlier in form.fields if earlier.id == rule.field)
    if rule.at_least is not None:
        holds: dict[str, Any] = {"type": "number", "minimum": rule.at_least}
    elif rule.any_of is not None and isinstance(target, Choices):
        holds = {"type": "array", "contains": {"enum": list(rule.any_of)}}
    elif rule.any_of is not None:
        holds = {"enum": list(rule.any_of)}
    else:
        holds = {"const": rule.equals}
    return [*_shown(form, target), {"required": [target.id], "properties": {target.id: holds}}]
