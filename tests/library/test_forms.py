"""Forms and what fits them."""

from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.library.describing import json_schema
from app.library.forms import Form, check_answers
from tests.library.strategies import WORDS, forms, full, messy, some_texts

JUNK = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just({"a": [1]})
SCALE = {"id": "distress", "kind": "scale", "min": 0, "max": 10}
PICKS = {"id": "picks", "kind": "choices", "options": ["a", "b", "c"]}
GATE = {"id": "gate", "kind": "yes_no"}
NOTE = {"id": "note", "kind": "text", "max_length": 5}


def form(*fields: dict[str, Any]) -> Form:
    return Form.model_validate({"fields": fields})


def codes(field: dict[str, Any], value: object, *, completed: bool = True) -> list[str]:
    checked = check_answers(form(field), {field["id"]: value}, completed=completed)
    return [error.code for error in checked.errors]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        (NOTE, 5, "form.wrong_type"),
        (NOTE, "longer", "form.too_long"),
        (NOTE, "a\0b", "form.bad_characters"),
        (NOTE, "a\ud800", "form.bad_characters"),
        (SCALE, "5", "form.wrong_type"),
        (SCALE, True, "form.wrong_type"),
        (SCALE, float("nan"), "form.out_of_range"),
        (SCALE, float("inf"), "form.out_of_range"),
        pytest.param(SCALE, 10**5000, "form.out_of_range", id="5001 digits"),
        (SCALE, -1, "form.out_of_range"),
        (SCALE, 2.5, "form.wrong_step"),
        ({**SCALE, "kind": "number", "step": 0.5}, 0.3, "form.wrong_step"),
        (GATE, 1, "form.wrong_type"),
        (GATE, "yes", "form.wrong_type"),
        (PICKS, "a", "form.wrong_type"),
        (PICKS, [1], "form.wrong_type"),
        (PICKS, ["a", "z"], "form.unknown_option"),
        (PICKS, ["a", "a"], "form.repeated_option"),
        ({**PICKS, "max_chosen": 2}, ["a", "b", "c"], "form.too_many"),
        ({**PICKS, "min_chosen": 2}, ["a"], "form.too_few"),
        ({**PICKS, "kind": "choice"}, "z", "form.unknown_option"),
        ({**PICKS, "kind": "choice"}, ["a"], "form.wrong_type"),
        ({"id": "day", "kind": "date"}, "2026-02-30", "form.wrong_type"),
        ({"id": "day", "kind": "date"}, "20260230", "form.wrong_type"),
        ({"id": "day", "kind": "date"}, "2026-02-03\n", "form.wrong_type"),
        ({"id": "day", "kind": "date", "min": "2026-01-01"}, "2025-12-31", "form.out_of_range"),
        ({"id": "day", "kind": "date", "max": "2026-01-01"}, "2026-01-02", "form.out_of_range"),
        ({"id": "hour", "kind": "time"}, "24:00", "form.wrong_type"),
        ({"id": "hour", "kind": "time"}, "9:00", "form.wrong_type"),
        ({"id": "hour", "kind": "time"}, "\u0660\u0669:\u0660\u0660", "form.wrong_type"),
    ],
)
def test_a_value_that_does_not_fit(field: dict[str, Any], value: object, code: str) -> None:
    assert codes(field, value) == [code]


@pytest.mark.parametrize("blank", [None, "", " \n\u3000"])
def test_blank_text_does_not_satisfy_required(blank: object) -> None:
    assert codes({**NOTE, "required": True}, blank) == ["form.required"]


def test_no_option_chosen_does_not_satisfy_required() -> None:
    assert codes({**PICKS, "required": True}, []) == ["form.required"]


def test_required_and_min_chosen_bind_only_completed_work() -> None:
    assert codes({**PICKS, "required": True, "min_chosen": 2}, ["a"], completed=False) == []


def test_canonical_answers() -> None:
    number = {"id": "hours", "kind": "number", "min": 0, "max": 24}
    raw = {"picks": ["c", "a"], "distress": 7.0, "hours": 7.5, "note": " é\u0301\u202e👩‍🚀"}
    checked = check_answers(
        form(PICKS, SCALE, number, {**NOTE, "max_length": 9}), raw, completed=True
    )
    assert repr(checked.answers) == repr(
        {"picks": ["a", "c"], "distress": 7, "hours": 7.5, "note": " é\u0301\u202e👩‍🚀"}
    )


def test_an_error_names_field_and_rule() -> None:
    [error] = check_answers(form(SCALE), {"distress": 11}, completed=True).errors
    assert error.pointer == "/answers/distress"
    assert error.detail == "distress must be between 0 and 10."


@pytest.mark.parametrize(
    ("key", "pointer"),
    [("moood", "/answers/moood"), ("I am afraid of Bob", "/answers"), ("a" * 41, "/answers")],
)
def test_an_unknown_field_is_named_only_when_it_looks_like_one(key: str, pointer: str) -> None:
    [error] = check_answers(form(SCALE), {key: 1}, completed=False).errors
    assert (error.pointer, error.code) == (pointer, "form.unknown_field")


def test_hiding_a_field_hides_what_depends_on_it() -> None:
    second = {**GATE, "id": "second", "shown_when": {"field": "gate", "equals": True}}
    third = {**NOTE, "required": True, "shown_when": {"field": "second", "equals": True}}
    answers = {"gate": False, "second": True, "note": "x"}
    checked = check_answers(form(GATE, second, third), answers, completed=True)
    assert (checked.answers, checked.dropped) == ({"gate": False}, ["second", "note"])


@pytest.mark.parametrize(
    ("target", "rule", "value", "shown"),
    [
        (SCALE, {"at_least": 7}, 7, True),
        (SCALE, {"at_least": 7}, 6, False),
        (SCALE, {"equals": 0}, 0, True),
        (GATE, {"equals": False}, False, True),
        (GATE, {"equals": False}, None, False),
        (PICKS, {"any_of": ["a", "b"]}, ["b", "c"], True),
        (PICKS, {"any_of": ["a", "b"]}, ["c"], False),
        ({**PICKS, "kind": "choice"}, {"any_of": ["a", "b"]}, "b", True),
        ({**PICKS, "kind": "choice"}, {"equals": "a"}, "b", False),
    ],
)
def test_shown_when(
    target: dict[str, Any], rule: dict[str, Any], value: object, shown: bool
) -> None:
    asked = form(target, {**NOTE, "shown_when": {"field": target["id"], **rule}})
    checked = check_answers(asked, {target["id"]: value, "note": "x"}, completed=False)
    assert ("note" in checked.answers) is shown


@pytest.mark.parametrize(
    "fields",
    [
        [NOTE, NOTE],
        [{**NOTE, "id": "Not a slug"}],
        [{**NOTE, "max_length": 0}],
        [{**NOTE, "attention_at": True}],
        [{**NOTE, "attention_level": "urgent"}],
        [{**GATE, "attention_level": "urgent"}],
        [{**GATE, "attention_at": False, "attention_level": "now"}],
        [{**NOTE, "shown_when": {"field": "gate", "equals": True}}, GATE],
        [{**NOTE, "shown_when": {"field": "note", "equals": "x"}}],
        [GATE, {**NOTE, "shown_when": {"field": "gate"}}],
        [GATE, {**NOTE, "shown_when": {"field": "gate", "equals": True, "at_least": 1}}],
        [GATE, {**NOTE, "shown_when": {"field": "gate", "equals": 1}}],
        [GATE, {**NOTE, "shown_when": {"field": "gate", "at_least": 1}}],
        [SCALE, {**NOTE, "shown_when": {"field": "distress", "at_least": 11}}],
        [SCALE, {**NOTE, "shown_when": {"field": "distress", "equals": True}}],
        [SCALE, {**NOTE, "shown_when": {"field": "distress", "any_of": ["a"]}}],
        [PICKS, {**NOTE, "shown_when": {"field": "picks", "any_of": ["z"]}}],
        [PICKS, {**NOTE, "shown_when": {"field": "picks", "equals": "a"}}],
        [{**SCALE, "max": 0}],
        [{**SCALE, "max": 500}],
        [{**SCALE, "max": True}],
        [{**SCALE, "attention_at": {"at": 11, "direction": "up"}}],
        [{**SCALE, "kind": "number", "max": float("nan")}],
        [{**SCALE, "kind": "number", "max": float("inf")}],
        [{**SCALE, "kind": "number", "step": 0}],
        [{**SCALE, "kind": "number", "step": 3}],
        [{**PICKS, "options": ["a", "a"]}],
        [{**PICKS, "attention_at": ["z"]}],
        [{**PICKS, "max_chosen": 4}],
        [{**PICKS, "min_chosen": 3, "max_chosen": 2}],
        [{"id": "day", "kind": "date", "min": "2026-01-02", "max": "2026-01-01"}],
    ],
)
def test_a_form_that_does_not_hold_together(fields: list[dict[str, Any]]) -> None:
    with pytest.raises(ValidationError):
        form(*fields)


@given(st.data(), forms(), st.booleans())
def test_checked_answers_check_to_themselves(data: st.DataObject, asked: Form, done: bool) -> None:
    once = check_answers(asked, data.draw(messy(asked, JUNK)), completed=done)
    twice = check_answers(asked, once.answers, completed=done)
    assert (twice.answers, twice.dropped, twice.attention) == (once.answers, [], once.attention)
    assert twice.attention_level == once.attention_level


@given(st.data(), forms(), st.booleans())
def test_errors_never_hold_the_value(data: st.DataObject, asked: Form, done: bool) -> None:
    secrets = st.text(min_size=5).map("§".__add__)
    answers = data.draw(messy(asked, secrets))
    sent = {text for value in answers.values() for text in _texts_in(value) if len(text) >= 6}
    told = repr(check_answers(asked, answers, completed=done).errors)
    assert not any(text in told or repr(text)[1:-1] in told for text in sent if "§" in text)


def _texts_in(value: object) -> list[str]:
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [value] if isinstance(value, str) else [text for one in parts for text in _texts_in(one)]


@given(st.data(), forms())
def test_any_subset_will_do_when_not_completed(data: st.DataObject, asked: Form) -> None:
    answers = data.draw(full(asked))
    subset = data.draw(st.sets(st.sampled_from(list(answers))))
    some = {field_id: answers[field_id] for field_id in subset}
    assert check_answers(asked, some, completed=False).errors == []


@given(st.data(), forms())
def test_full_answers_complete_a_form(data: st.DataObject, asked: Form) -> None:
    assert check_answers(asked, data.draw(full(asked)), completed=True).errors == []


@given(JUNK.filter(lambda value: value is not None))
def test_what_a_hidden_answer_holds_does_not_matter(junk: object) -> None:
    asked = form(GATE, {**SCALE, "shown_when": {"field": "gate", "equals": True}})
    checked = check_answers(asked, {"distress": junk}, completed=True)
    assert (checked.dropped, checked.errors) == (["distress"], [])


@given(st.data(), forms())
def test_what_we_keep_the_schema_accepts(data: st.DataObject, asked: Form) -> None:
    checked = check_answers(asked, data.draw(full(asked)), completed=True)
    assert _validator(asked, "#completed").is_valid(checked.answers)


@given(st.data(), forms(), st.booleans())
def test_what_we_keep_of_any_mess_too(data: st.DataObject, asked: Form, done: bool) -> None:
    checked = check_answers(asked, data.draw(messy(asked, JUNK)), completed=done)
    complete = done and not checked.errors
    assert _validator(asked, "#completed" if complete else "").is_valid(checked.answers)


@given(st.data(), forms(), st.booleans())
def test_what_the_schema_accepts_we_accept(data: st.DataObject, asked: Form, done: bool) -> None:
    junk = st.booleans() | st.integers(-5, 15) | WORDS | st.just("one")
    answers = data.draw(messy(asked, junk))
    if _validator(asked, "#completed" if done else "").is_valid(answers):
        assert check_answers(asked, answers, completed=done).errors == []


def test_the_schema_asks_nothing_of_what_a_hidden_field_would_show() -> None:
    second = {**GATE, "id": "second", "shown_when": {"field": "gate", "equals": True}}
    third = {**NOTE, "required": True, "shown_when": {"field": "second", "equals": True}}
    validator = _validator(form(GATE, second, third), "#completed")
    assert validator.is_valid({"gate": False, "second": True})
    assert not validator.is_valid({"gate": True, "second": True})


@pytest.mark.parametrize(("field", "blank"), [(NOTE, " "), (NOTE, None), (PICKS, []), (GATE, None)])
def test_the_schema_takes_blanks_for_no_answer(field: dict[str, Any], blank: object) -> None:
    asked = form({**field, "required": True})
    assert _validator(asked, "").is_valid({field["id"]: blank})
    assert not _validator(asked, "#completed").is_valid({field["id"]: blank})


def _validator(asked: Form, part: str) -> Any:
    schema = json_schema(asked, some_texts(asked)) | {"$id": "urn:form"}
    wrapped = {"$ref": f"urn:form{part}", "$defs": {"form": schema}}
    return jsonschema_rs.Draft202012Validator(wrapped, validate_formats=True)
