"""Which answers ask for attention, how soon, and what a condition cannot hide."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.library.describing import json_schema
from app.library.forms import Form, check_answers
from tests.library.strategies import forms, full, some_texts
from tests.library.test_forms import GATE, NOTE, PICKS, SCALE, form

STRENGTH = {"id": "strength", "kind": "pair", "min": 0, "max": 10}
SAFE = {
    "id": "safe_now",
    "kind": "yes_no",
    "attention_at": False,
    "shown_when": {"field": "strength", "at_least": 8},
}


@pytest.mark.parametrize(
    ("field", "value", "asked"),
    [
        ({**SCALE, "attention_at": {"at": 8, "direction": "up"}}, 8, True),
        ({**SCALE, "attention_at": {"at": 8, "direction": "up"}}, 7, False),
        ({**SCALE, "attention_at": {"at": 2, "direction": "down"}}, 2, True),
        ({**SCALE, "attention_at": {"at": 2, "direction": "down"}}, 3, False),
        ({**GATE, "attention_at": False}, False, True),
        ({**GATE, "attention_at": False}, True, False),
        (GATE, False, False),
        ({**PICKS, "attention_at": ["c"]}, ["a", "c"], True),
        ({**PICKS, "attention_at": ["c"]}, ["a", "b"], False),
        ({**PICKS, "kind": "choice", "attention_at": ["c"]}, "c", True),
        ({**PICKS, "kind": "choice", "attention_at": ["c"]}, "a", False),
    ],
)
def test_attention(field: dict[str, Any], value: object, asked: bool) -> None:
    checked = check_answers(form(field), {field["id"]: value}, completed=False)
    assert checked.attention == [field["id"]] * asked
    assert checked.attention_level == ("soon" if asked else None)


@pytest.mark.parametrize(
    ("field", "level"),
    [
        ({"id": "safe_now"}, "urgent"),
        ({"id": "safe_now", "attention_level": "soon"}, "soon"),
        ({"id": "hurt"}, "soon"),
        ({"id": "hurt", "attention_level": "urgent"}, "urgent"),
    ],
)
def test_attention_level_of_a_field_is_its_own_or_urgent_for_safe_now(
    field: dict[str, Any], level: str
) -> None:
    safe = {"kind": "yes_no", "attention_at": False, **field}
    checked = check_answers(form(safe), {field["id"]: False}, completed=False)
    assert checked.attention_level == level


def test_attention_level_of_several_answers_is_the_worst() -> None:
    tired = {**SCALE, "attention_at": {"at": 8, "direction": "up"}}
    asked = form({**SAFE, "shown_when": None}, tired)
    checked = check_answers(asked, {"safe_now": False, "distress": 9}, completed=False)
    assert (checked.attention, checked.attention_level) == (["safe_now", "distress"], "urgent")


def test_a_hidden_safety_answer_is_kept_and_judged_and_named() -> None:
    answers = {"strength": {"before": 9, "after": 5}, "safe_now": False}
    checked = check_answers(form(STRENGTH, SAFE), answers, completed=True)
    assert (checked.answers, checked.dropped, checked.kept_hidden) == (answers, [], ["safe_now"])
    assert (checked.attention, checked.attention_level) == (["safe_now"], "urgent")


def test_a_hidden_safety_answer_that_does_not_fit_is_refused_and_not_lost() -> None:
    checked = check_answers(form(STRENGTH, SAFE), {"safe_now": "no"}, completed=False)
    assert [(one.pointer, one.code) for one in checked.errors] == [
        ("/answers/safe_now", "form.wrong_type")
    ]


def test_a_hidden_answer_that_is_kept_shows_no_other_field() -> None:
    then = {**NOTE, "required": True, "shown_when": {"field": "safe_now", "equals": False}}
    checked = check_answers(form(STRENGTH, SAFE, then), {"safe_now": False}, completed=True)
    assert (checked.answers, checked.errors) == ({"safe_now": False}, [])


def test_the_schema_tells_which_field_is_seen_at_once() -> None:
    asked = form(STRENGTH, SAFE, {**SCALE, "attention_at": {"at": 8, "direction": "up"}})
    told = json_schema(asked, some_texts(asked))["properties"]
    levels = {name: told[name].get("x-attention-level") for name in told}
    assert levels == {"strength": None, "safe_now": "urgent", "distress": "soon"}


@given(st.data(), forms(), st.booleans())
def test_hidden_answers_are_dropped_unless_they_can_ask_for_attention(
    data: st.DataObject, asked: Form, done: bool
) -> None:
    checked = check_answers(asked, data.draw(full(asked)), completed=done)
    shown: set[str] = set()
    for field in asked.fields:
        rule = field.shown_when
        if rule is None or (rule.field in shown and rule.holds(checked.answers.get(rule.field))):
            shown.add(field.id)
    hidden = [field for field in asked.fields if field.id not in shown]
    kept = [
        field.id for field in hidden if "attention_at" in repr(field.model_dump(exclude_none=True))
    ]
    assert checked.kept_hidden == kept
    assert checked.dropped == [field.id for field in hidden if field.id not in kept]
    assert checked.answers.keys() == shown | set(kept)
