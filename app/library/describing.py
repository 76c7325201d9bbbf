"""Forms as JSON Schema, for whoever builds or checks answers without asking us."""

from typing import Any, Final

from app.library.composed import AnyField, BodyRegions, Pair, Table
from app.library.fields import (
    Attending,
    Choice,
    Choices,
    Date,
    File,
    LongText,
    Number,
    Ranking,
    Scale,
    Text,
    YesNo,
)
from app.library.fitting import DATE, TIME, UPLOAD
from app.library.fitting_parts import ENDS, INTENSITY
from app.library.forms import Form
from app.library.texts import ColumnTexts, ExerciseTexts, FieldTexts, RegionTexts, has_ends

_TYPES: Final = {
    "number": "number",
    "scale": "integer",
    "choices": "array",
    "ranking": "array",
    "yes_no": "boolean",
    "table": "array",
    "body_regions": "object",
    "pair": "object",
}
_ANSWERED: Final[dict[str, Any]] = {"not": {"type": "null"}}


def json_schema(form: Form, texts: ExerciseTexts) -> dict[str, Any]:
    """A JSON Schema (2020-12) of the answers; `#completed` adds what binds completed work.

    The bounds of dates stand in words, since JSON Schema cannot compare dates. A field some
    answers to which are shown to a therapist sooner has `x-attention-level`, `urgent` or `soon`;
    its answers are kept also where `x-shown-when` hides it. `x-not-for` says for whom and when the
    exercise is not: show it first.
    """
    rules = [rule for field in form.fields for rule in _when_completed(form, field)]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": texts.title,
        "description": texts.summary,
        **({"x-not-for": texts.not_for} if texts.not_for else {}),
        "type": "object",
        "properties": {field.id: _field(field, texts) for field in form.fields},
        "additionalProperties": False,
        "$defs": {
            # An empty allOf is not valid, and a form may require nothing.
            "completed": {"$anchor": "completed", "$ref": "#"} | ({"allOf": rules} if rules else {})
        },
    }


def _field(field: AnyField, texts: ExerciseTexts) -> dict[str, Any]:
    words = texts.fields[field.id]
    schema = _property(field, words)
    match field:
        case Table():
            schema |= _rows(field, words)
        case BodyRegions():
            schema |= _regions(field, words, texts.regions or {})
        case Pair():
            ends = {"before": words.before, "after": words.after}
            schema |= _object(
                {
                    end: {"title": title} | _whole(field.min, field.max)
                    for end, title in ends.items()
                }
            )
    if field.shown_when:
        schema["x-shown-when"] = field.shown_when.model_dump(mode="json", exclude_none=True)
    return schema


def _property(field: AnyField, words: ColumnTexts) -> dict[str, Any]:
    schema: dict[str, Any] = {"title": words.label}
    if isinstance(field, Attending) and field.has_attention_rule:
        schema["x-attention-level"] = field.level
    if not isinstance(field, Choice):
        schema["type"] = [_TYPES.get(field.kind, "string"), "null"]
    hints = [words.help] if words.help else []
    if has_ends(field):
        least, most = (field.min, field.max) if isinstance(field, Scale | Pair) else INTENSITY
        hints.append(f"{least}: {words.low}; {most}: {words.high}.")
    match field:
        case Text() | LongText():
            schema |= {"maxLength": field.max_length, "pattern": "^[^\\u0000]*$"}
        case Number() | Scale():
            schema |= {"minimum": field.min, "maximum": field.max}
            if isinstance(field, Number) and field.step is not None:
                schema["multipleOf"] = field.step
        case Choice():
            schema["oneOf"] = [*_options(words), {"type": "null"}]
        case Choices() | Ranking():
            listed = {"oneOf": _options(words)}
            schema |= {"items": listed, "uniqueItems": True, "maxItems": field.most}
        case Date():
            schema |= {"format": "date", "pattern": f"^{DATE}$"}
            hints += [f"Not before {field.min}."] if field.min else []
            hints += [f"Not after {field.max}."] if field.max else []
        case File():
            schema |= {"format": "uuid", "pattern": f"^{UPLOAD}$"}
            hints.append(f"The id of an upload: {' or '.join(field.media)}.")
        case YesNo() | Table() | BodyRegions() | Pair():
            pass
        case _:
            schema["pattern"] = f"^{TIME}$"
    if hints:
        schema["description"] = " ".join(hints)
    return schema


def _rows(field: Table, words: FieldTexts) -> dict[str, Any]:
    columns = words.columns or {}
    row = _object({one.id: _property(one, columns[one.id]) for one in field.columns})
    return {"items": row | {"type": "object"}, "maxItems": field.max_rows}


def _regions(field: BodyRegions, words: FieldTexts, regions: RegionTexts) -> dict[str, Any]:
    parts: dict[str, Any] = {}
    if field.intensity:
        parts["intensity"] = _whole(*INTENSITY)
    if field.sensations:
        parts["sensation"] = {"oneOf": [*_options(words), {"type": "null"}]}
    one = {"type": "object"} | _object(parts)
    return _object({region: {"title": title} | one for region, title in regions.items()})


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"properties": properties, "additionalProperties": False}


def _whole(least: int, most: int) -> dict[str, Any]:
    return {"type": ["integer", "null"], "minimum": least, "maximum": most}


def _options(words: ColumnTexts) -> list[dict[str, Any]]:
    return [{"const": option, "title": label} for option, label in words.options.items()]


def _when_completed(form: Form, field: AnyField) -> list[dict[str, Any]]:
    rules: list[dict[str, Any]] = []
    if field.required:
        rules.append({"required": [field.id], "properties": {field.id: _answered(field)}})
    match field:
        case Choices() if field.min_chosen > 1:
            rules.append(_at_least(field.id, field.min_chosen))
        case Ranking() if field.most > 1:
            rules.append(_at_least(field.id, field.most))
        case Table():
            rules += _rows_when_completed(field)
    shown = _shown(form, field)
    return [{"if": {"allOf": shown}, "then": rule} if shown else rule for rule in rules]


def _answered(field: AnyField) -> dict[str, Any]:
    match field:
        case Text() | LongText():
            return _ANSWERED | {"pattern": r"\S"}
        case Choices() | Ranking():
            return _ANSWERED | {"minItems": 1}
        case Table():
            return _ANSWERED | {"contains": _filled_row(field)}
        case BodyRegions():
            return _ANSWERED | {"minProperties": 1}
        case Pair():
            return _ANSWERED | {"required": [*ENDS], "properties": dict.fromkeys(ENDS, _ANSWERED)}
        case _:
            return _ANSWERED


def _at_least(field_id: str, least: int) -> dict[str, Any]:
    return {"properties": {field_id: {"anyOf": [{"maxItems": 0}, {"minItems": least}]}}}


def _filled_row(field: Table) -> dict[str, Any]:
    """A row with an answer in any column."""
    return {
        "anyOf": [
            {"required": [column.id], "properties": {column.id: _answered(column)}}
            for column in field.columns
        ]
    }


def _rows_when_completed(field: Table) -> list[dict[str, Any]]:
    filled = _filled_row(field)
    rules: list[dict[str, Any]] = []
    needed = {column.id: _answered(column) for column in field.columns if column.required}
    if needed:
        whole = {"required": [*needed], "properties": needed}
        rules.append({"items": {"if": filled, "then": whole}})
    if field.min_rows > 1:
        enough = {"contains": filled, "minContains": field.min_rows}
        rules.append({"anyOf": [{"not": {"contains": filled}}, enough]})
    return [{"properties": {field.id: rule}} for rule in rules]


def _shown(form: Form, field: AnyField) -> list[dict[str, Any]]:
    rule = field.shown_when
    if rule is None:
        return []
    target = next(earlier for earlier in form.fields if earlier.id == rule.field)
    holds: dict[str, Any]
    if rule.at_least is not None:
        holds = {"type": "number", "minimum": rule.at_least}
        if isinstance(target, Pair):
            holds = {"type": "object", "required": ["after"], "properties": {"after": holds}}
    elif rule.any_of is not None and isinstance(target, Choices):
        holds = {"type": "array", "contains": {"enum": list(rule.any_of)}}
    elif rule.any_of is not None:
        holds = {"enum": list(rule.any_of)}
    else:
        holds = {"const": rule.equals}
    return [*_shown(form, target), {"required": [target.id], "properties": {target.id: holds}}]
