"""Fields whose answers have parts: tables, rankings, body regions, pairs; and files."""

from typing import Any

import pytest
from pydantic import ValidationError

from app.library.describing import json_schema
from app.library.forms import check_answers, uploads_in
from app.library.regions import REGIONS, words
from app.library.texts import check_texts, with_regions
from tests.library.strategies import some_texts
from tests.library.test_forms import codes, form

UPLOAD = "01a2025e-a368-723a-843c-709f826bda27"
UP = {"at": 9, "direction": "up"}
WHEN = {"id": "when", "kind": "date"}
HOW = {"id": "how", "kind": "scale", "min": 0, "max": 10, "required": True, "attention_at": UP}
ROWS = {"id": "rows", "kind": "table", "columns": [WHEN, HOW], "min_rows": 2, "max_rows": 3}
ORDER = {"id": "order", "kind": "ranking", "options": ["a", "b", "c"]}
BODY = {"id": "body", "kind": "body_regions", "sensations": ["tight"], "attention_at": UP}
EASE = {"id": "ease", "kind": "pair", "min": 0, "max": 10, "attention_at": UP}
FILE = {"id": "file", "kind": "file", "media": ["picture"]}
GOOD = {"when": "2026-03-01", "how": 3}


def pointers(field: dict[str, Any], value: object, *, completed: bool = True) -> list[str]:
    checked = check_answers(form(field), {field["id"]: value}, completed=completed)
    return [error.pointer for error in checked.errors]


def kept(field: dict[str, Any], value: object) -> Any:
    checked = check_answers(form(field), {field["id"]: value}, completed=False)
    assert checked.errors == []
    return checked.answers[field["id"]]


@pytest.mark.parametrize(
    ("field", "value", "code", "pointer"),
    [
        (ROWS, {"when": 1}, "form.wrong_type", "/answers/rows"),
        (ROWS, [GOOD, None], "form.wrong_type", "/answers/rows/1"),
        (ROWS, [GOOD, {}, {**GOOD, "when": "May"}], "form.wrong_type", "/answers/rows/2/when"),
        (ROWS, [GOOD, {**GOOD, "how": 11}], "form.out_of_range", "/answers/rows/1/how"),
        (ROWS, [GOOD, {**GOOD, "where": 1}], "form.unknown_part", "/answers/rows/1/where"),
        (ROWS, [GOOD, {**GOOD, "by Bob": 1}], "form.unknown_part", "/answers/rows/1"),
        (ROWS, [GOOD, {"when": "2026-03-01"}], "form.required", "/answers/rows/1/how"),
        (ROWS, [GOOD, {"how": None}], "form.too_few", "/answers/rows"),
        (ROWS, [GOOD] * 4, "form.too_many", "/answers/rows"),
        (ROWS, [{}] * 4, "form.too_many", "/answers/rows"),
        (ORDER, "a", "form.wrong_type", "/answers/order"),
        (ORDER, ["a", "b"], "form.too_few", "/answers/order"),
        (ORDER, ["a", "b", "b"], "form.repeated_option", "/answers/order"),
        (ORDER, ["a", "b", "z"], "form.unknown_option", "/answers/order"),
        ({**ORDER, "top": 1}, ["a", "b"], "form.too_many", "/answers/order"),
        (BODY, ["jaw"], "form.wrong_type", "/answers/body"),
        (BODY, {"jaw": 5}, "form.wrong_type", "/answers/body/jaw"),
        (BODY, {"tail": {}}, "form.unknown_part", "/answers/body/tail"),
        (BODY, {"jaw": {"intensity": 11}}, "form.out_of_range", "/answers/body/jaw/intensity"),
        (BODY, {"jaw": {"intensity": 1.5}}, "form.wrong_step", "/answers/body/jaw/intensity"),
        (BODY, {"jaw": {"sensation": "x"}}, "form.unknown_option", "/answers/body/jaw/sensation"),
        (BODY, {"jaw": {"colour": "x"}}, "form.unknown_part", "/answers/body/jaw/colour"),
        (EASE, [1, 2], "form.wrong_type", "/answers/ease"),
        (EASE, {"before": "1"}, "form.wrong_type", "/answers/ease/before"),
        (EASE, {"after": 11}, "form.out_of_range", "/answers/ease/after"),
        (EASE, {"during": None}, "form.unknown_part", "/answers/ease/during"),
        ({**EASE, "required": True}, {"before": 1}, "form.required", "/answers/ease/after"),
        (FILE, "holiday.jpg", "form.wrong_type", "/answers/file"),
        (FILE, UPLOAD + "\n", "form.wrong_type", "/answers/file"),
    ],
)
def test_a_part_that_does_not_fit(
    field: dict[str, Any], value: object, code: str, pointer: str
) -> None:
    assert (codes(field, value), pointers(field, value)) == ([code], [pointer])


def test_every_part_that_does_not_fit_is_named() -> None:
    wrong = [{**GOOD, "how": 11}, {"when": "May", "how": "much"}]
    assert pointers(ROWS, wrong) == [
        "/answers/rows/0/how",
        "/answers/rows/1/when",
        "/answers/rows/1/how",
    ]


def test_many_unknown_fields_do_not_make_a_long_answer() -> None:
    checked = check_answers(form(EASE), {f"x{i}": 1 for i in range(9_999)}, completed=False)
    assert len(checked.errors) == 20


def test_many_misfits_do_not_make_a_long_answer() -> None:
    wrong = [{"how": 11}] * 100
    assert len(pointers({**ROWS, "max_rows": 100}, wrong)) == 20


@pytest.mark.parametrize(
    ("field", "blank"),
    [(ROWS, []), (ROWS, [{}, {"when": None}]), (ORDER, []), (BODY, {}), (EASE, {"after": None})],
)
def test_blank_parts_do_not_satisfy_required(field: dict[str, Any], blank: object) -> None:
    assert codes({**field, "required": True}, blank) == ["form.required"]


@pytest.mark.parametrize(
    ("field", "some"),
    [
        ({**ROWS, "required": True}, [{"when": "2026-03-01"}]),
        ({**ORDER, "required": True}, ["b"]),
        ({**EASE, "required": True}, {"after": 2}),
    ],
)
def test_parts_may_be_left_open_until_completed(field: dict[str, Any], some: object) -> None:
    assert codes(field, some, completed=False) == []


@pytest.mark.parametrize(
    ("field", "raw", "canonical"),
    [
        (ROWS, [{}, {"how": 3.0, "when": None}], [{"how": 3}]),
        (ORDER, ["c", "a"], ["c", "a"]),
        (BODY, {"jaw": {"intensity": 4.0}, "head": {}}, {"head": {}, "jaw": {"intensity": 4}}),
        (EASE, {"after": 2.0, "before": None}, {"after": 2}),
        (FILE, UPLOAD.upper(), UPLOAD),
    ],
)
def test_canonical_parts(field: dict[str, Any], raw: object, canonical: object) -> None:
    assert repr(kept(field, raw)) == repr(canonical)


@pytest.mark.parametrize(
    ("field", "value", "asked"),
    [
        (ROWS, [GOOD, {"how": 9}], True),
        (ROWS, [GOOD, {"how": 8}], False),
        (BODY, {"head": {}, "jaw": {"intensity": 9}}, True),
        (BODY, {"jaw": {"intensity": 8}}, False),
        (EASE, {"before": 9, "after": 2}, True),
        (EASE, {"before": 8, "after": 8}, False),
        ({**EASE, "attention_at": None}, {"before": 9}, False),
        ({**BODY, "attention_at": None}, {"jaw": {"intensity": 9}}, False),
    ],
)
def test_attention_in_parts(field: dict[str, Any], value: object, asked: bool) -> None:
    checked = check_answers(form(field), {field["id"]: value}, completed=False)
    assert checked.attention == [field["id"]] * asked


@pytest.mark.parametrize(("after", "shown"), [(8, True), (7, False), (None, False)])
def test_a_pair_shows_by_what_it_is_after(after: int | None, shown: bool) -> None:
    safe = {"id": "safe", "kind": "yes_no", "shown_when": {"field": "ease", "at_least": 8}}
    answers = {"ease": {"before": 10, "after": after}, "safe": True}
    checked = check_answers(form(EASE, safe), answers, completed=False)
    assert ("safe" in checked.answers) is shown


@pytest.mark.parametrize(
    "field",
    [
        {**ROWS, "columns": []},
        {**ROWS, "columns": [WHEN, WHEN]},
        {**ROWS, "columns": [ORDER]},
        {**ROWS, "columns": [WHEN, {**HOW, "shown_when": {"field": "when", "equals": 1}}]},
        {**ROWS, "min_rows": 4},
        {**ROWS, "max_rows": 101},
        {**ORDER, "top": 4},
        {**ORDER, "options": ["a", "a"]},
        {**ORDER, "attention_at": ["a"]},
        {**BODY, "sensations": ["a", "a"]},
        {**BODY, "intensity": False},
        {**BODY, "attention_at": {"at": 11, "direction": "up"}},
        {**EASE, "max": 0},
        {**EASE, "attention_at": {"at": 11, "direction": "up"}},
        {**FILE, "media": []},
        {**FILE, "media": ["voice", "voice"]},
        {**FILE, "media": ["film"]},
    ],
)
def test_a_field_that_does_not_hold_together(field: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        form(field)


@pytest.mark.parametrize("rule", [{"equals": 8}, {"any_of": ["a"]}, {"at_least": 11}])
def test_a_pair_is_asked_only_what_it_can_say(rule: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        form(EASE, {**FILE, "shown_when": {"field": "ease", **rule}})


def test_uploads_are_found() -> None:
    asked = form(FILE, {**FILE, "id": "other"}, EASE)
    assert uploads_in(asked, {"ease": {"after": 2}, "file": UPLOAD}) == [UPLOAD]


def test_the_words_of_every_part_are_demanded() -> None:
    asked = form(ROWS, BODY, EASE)
    texts = some_texts(asked)
    for field_id, gone in (("rows", "columns"), ("ease", "before"), ("body", "low")):
        words = texts.fields | {field_id: texts.fields[field_id].model_copy(update={gone: None})}
        with pytest.raises(ValueError, match=field_id):
            check_texts(asked.fields, texts.model_copy(update={"fields": words}))


def test_body_regions_have_words_of_their_own_where_we_have_none() -> None:
    asked = form(BODY)
    bare = some_texts(asked).model_copy(update={"regions": None})
    assert with_regions(asked.fields, "de-AT", bare).regions == words("de")
    with pytest.raises(ValueError, match="give all of them"):
        with_regions(asked.fields, "ja", bare)


def test_parts_are_titled_in_the_schema() -> None:
    shown = json_schema(form(ROWS, BODY, EASE), some_texts(form(ROWS, BODY, EASE)))["properties"]
    assert shown["rows"]["items"]["properties"]["how"]["title"] == "how"
    assert [*shown["body"]["properties"]] == [*REGIONS]
    assert shown["ease"]["properties"]["after"]["title"] == "after"
