"""Forms and answers for property tests: any form the models allow, and what people might send."""

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from app.library.composed import AnyField, BodyRegions, Pair, Table
from app.library.fields import (
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
from app.library.forms import Form
from app.library.regions import REGIONS
from app.library.texts import ExerciseTexts, check_texts, has_ends, options_of, with_regions

WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
OPTIONS = ["one", "two", "three", "four"]

_KINDS: list[SearchStrategy[dict[str, Any]]] = [
    st.fixed_dictionaries({"kind": st.just("text"), "max_length": st.integers(8, 40)}),
    st.fixed_dictionaries({"kind": st.just("long_text"), "max_length": st.integers(8, 40)}),
    st.sampled_from(
        [
            {"kind": "number", "min": -3, "max": 12},
            {"kind": "number", "min": 0, "max": 7.5, "step": 0.5},
            {"kind": "number", "min": -0.3, "max": 1, "step": 0.1},
            {"kind": "number", "min": 0, "max": 90, "attention_at": {"at": 80, "direction": "up"}},
            {"kind": "scale", "min": 0, "max": 10, "attention_at": {"at": 2, "direction": "down"}},
            {"kind": "scale", "min": -2, "max": 2},
            {"kind": "choice", "options": OPTIONS, "attention_at": ["four"]},
            {"kind": "choices", "options": OPTIONS, "attention_at": ["one", "two"]},
            {"kind": "choices", "options": OPTIONS, "min_chosen": 2, "max_chosen": 3},
            {"kind": "yes_no", "attention_at": False, "attention_level": "urgent"},
            {"kind": "date", "min": "2020-02-29"},
            {"kind": "time"},
            {"kind": "ranking", "options": OPTIONS},
            {"kind": "ranking", "options": OPTIONS, "top": 2},
            {"kind": "file", "media": ["picture", "voice"]},
            {"kind": "body_regions", "attention_at": {"at": 9, "direction": "up"}},
            {"kind": "body_regions", "intensity": False, "sensations": OPTIONS},
            {"kind": "pair", "min": 0, "max": 10, "attention_at": {"at": 9, "direction": "up"}},
        ]
    ),
]
_COLUMNS = [
    {"id": "what", "kind": "text", "max_length": 20, "required": True},
    {"id": "on", "kind": "date"},
    {"id": "at", "kind": "time"},
    {"id": "strength", "kind": "scale", "min": 0, "max": 10, "required": True},
    {"id": "hours", "kind": "number", "min": 0, "max": 24, "step": 0.5},
    {"id": "who", "kind": "choice", "options": OPTIONS, "attention_at": ["four"]},
    {"id": "alone", "kind": "yes_no", "attention_at": True},
]


@st.composite
def _tables(draw: DrawFn) -> dict[str, Any]:
    order = draw(st.permutations(range(len(_COLUMNS))))
    columns = [_COLUMNS[place] for place in order[: draw(st.integers(1, 4))]]
    least = draw(st.integers(1, 3))
    return {"kind": "table", "columns": columns, "min_rows": least, "max_rows": least + 1}


_KINDS.append(_tables())


@st.composite
def forms(draw: DrawFn) -> Form:
    """Any form of one to seven fields, about half of them shown only under a condition."""
    fields: list[dict[str, Any]] = []
    for number, kind in enumerate(draw(st.lists(st.one_of(_KINDS), min_size=1, max_size=7))):
        gates = [gate for field in fields for gate in _gates(field)]
        rule = draw(st.none() | st.sampled_from(gates)) if gates else None
        required = draw(st.booleans())
        fields.append({**kind, "id": f"field_{number}", "required": required, "shown_when": rule})
    return Form.model_validate({"fields": fields})


def _gates(field: dict[str, Any]) -> list[dict[str, Any]]:
    match field["kind"]:
        case "number" | "scale":
            return [{"field": field["id"], "at_least": 1}, {"field": field["id"], "equals": 1}]
        case "choice":
            return [{"field": field["id"], "equals": "two"}]
        case "choices":
            return [{"field": field["id"], "any_of": ["one", "three"]}]
        case "pair":
            return [{"field": field["id"], "at_least": 5}]
        case "yes_no":
            return [{"field": field["id"], "equals": True}]
        case _:
            return []


def fitting(field: AnyField) -> SearchStrategy[Any]:
    """A value that fits the field and is not blank."""
    match field:
        case Text() | LongText():
            return WORDS.filter(str.strip)
        case Number() if field.step is not None:
            step = Decimal(str(field.step))
            first, last = (int(Decimal(str(end)) / step) for end in (field.min, field.max))
            return st.integers(first, last).map(lambda steps: float(steps * step))
        case Number():
            return st.floats(field.min, field.max)
        case Scale():
            return st.integers(field.min, field.max)
        case Choice():
            return st.sampled_from(field.options)
        case Choices():
            options = st.sampled_from(field.options)
            return st.lists(options, min_size=field.min_chosen, max_size=field.most, unique=True)
        case YesNo():
            return st.booleans()
        case Date():
            return st.dates(*(day for day in (field.min, field.max) if day)).map(str)
        case Ranking():
            return st.permutations(field.options).map(lambda order: order[: field.most])
        case File():
            return st.uuids().map(str)
        case Table():
            rows = st.fixed_dictionaries({column.id: fitting(column) for column in field.columns})
            return st.lists(rows, min_size=field.min_rows, max_size=field.max_rows)
        case BodyRegions():
            return st.dictionaries(st.sampled_from(REGIONS), _felt(field), min_size=1, max_size=4)
        case Pair():
            points = st.integers(field.min, field.max)
            return st.fixed_dictionaries({"before": points, "after": points})
        case _:
            return st.times().map(lambda time: f"{time:%H:%M}")


def _felt(field: BodyRegions) -> SearchStrategy[dict[str, Any]]:
    parts: dict[str, SearchStrategy[Any]] = {}
    if field.intensity:
        parts["intensity"] = st.none() | st.integers(0, 10)
    if field.sensations:
        parts["sensation"] = st.none() | st.sampled_from(field.sensations)
    return st.fixed_dictionaries({}, optional=parts)


def nearly(field: AnyField, junk: SearchStrategy[Any]) -> SearchStrategy[Any]:
    """What has the outer form of an answer in parts, with anything in its parts."""
    match field:
        case Table():
            cells = {column.id: st.none() | junk | fitting(column) for column in field.columns}
            row = st.fixed_dictionaries({}, optional=cells)
            return st.lists(row | st.dictionaries(st.just("odd"), junk) | junk, max_size=4)
        case BodyRegions():
            part = st.dictionaries(st.sampled_from(["intensity", "sensation", "odd"]), junk)
            return st.dictionaries(st.sampled_from(["jaw", "hands", "tail"]), part | junk)
        case Pair():
            return st.dictionaries(st.sampled_from(["before", "after", "odd"]), st.none() | junk)
        case _:
            return junk


def full(form: Form) -> SearchStrategy[dict[str, Any]]:
    """A fitting answer to every field, those that turn out hidden included."""
    return st.fixed_dictionaries({field.id: fitting(field) for field in form.fields})


def messy(form: Form, junk: SearchStrategy[Any]) -> SearchStrategy[dict[str, Any]]:
    """Answers of which any may be absent, null, fitting or junk, and some name no field."""
    named = {
        field.id: st.none()
        | junk
        | st.lists(junk, max_size=2)
        | nearly(field, junk)
        | fitting(field)
        for field in form.fields
    }
    unknown = st.dictionaries(st.sampled_from(["nowhere", "Not an id", ""]), junk, max_size=1)
    known = st.fixed_dictionaries({}, optional=named)
    return st.tuples(known, unknown).map(lambda parts: parts[0] | parts[1])


def some_texts(form: Form) -> ExerciseTexts:
    """Texts that cover the form, with ids for words."""
    words = {field.id: _words(field) for field in form.fields}
    parts = ("title", "summary", "why", "instructions", "minimum")
    texts = ExerciseTexts.model_validate({**dict.fromkeys(parts, "words"), "fields": words})
    whole = with_regions(form.fields, "en", texts)
    check_texts(form.fields, whole)
    return whole


def _words(field: AnyField) -> dict[str, Any]:
    words: dict[str, Any] = {"label": field.id}
    words["options"] = {option: option for option in options_of(field)}
    if has_ends(field):
        words |= {"low": "low", "high": "high"}
    if isinstance(field, Pair):
        words |= {"before": "before", "after": "after"}
    if isinstance(field, Table):
        words["columns"] = {column.id: _words(column) for column in field.columns}
    return words
