"""Text that cannot be stored is named by its place, in every operation, and refuses only itself."""

import json

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.operation.json_text import parsed, unstorable
from tests.cast import Cast
from tests.house.operations import ask, operations
from tests.sync.test_drafts_again import open_slot
from tests.sync.test_sync import done, sync

HALF, OTHER_HALF = "\ud83d", "\ude00"
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


@given(VALUES)
def test_body_with_half_a_character_is_read_as_orjson_reads_the_rest(value: object) -> None:
    both = json.dumps({"half": HALF, "rest": value}).encode()
    found, is_doubtful = parsed(both)
    assert is_doubtful
    assert found["rest"] == orjson.loads(json.dumps(value))
    assert next(unstorable(found)) == ("half",)


@pytest.mark.parametrize("raw", [b'{"a": NaN, "b": "\\ud83d"}', b'["\\ud83d" 1]', b'"\\ud83d', b""])
def test_body_that_is_no_json_is_refused_whole(raw: bytes) -> None:
    with pytest.raises(orjson.JSONDecodeError):
        parsed(raw)


def test_both_halves_together_are_a_character() -> None:
    raw = json.dumps({"a": HALF + OTHER_HALF, "b": OTHER_HALF + HALF}).encode()
    assert list(unstorable(parsed(raw)[0])) == [("b",)]


async def test_every_operation_names_the_text_that_cannot_be_stored(harbour: Cast) -> None:
    found = {}
    for route in operations(harbour, "POST", "PUT", "PATCH"):
        if route.body_field is None:
            continue
        body = b'{"x": ["a", "\\ud83d"]}'
        answer = await ask(
            harbour, route, content=body, headers={"Content-Type": "application/json"}
        )
        error = (answer.json().get("errors") or [{}])[0]
        found[route.operation_id] = error.get("pointer"), error.get("code")
    assert {n: one for n, one in found.items() if one != ("/x/1", "wire.string_unicode")} == {}


@pytest.mark.parametrize(
    ("old", "new", "pointer"),
    [
        (b"A swing", b"A \\ud83d swing", "/body/answers/what_happened"),
        (b"A swing", b"A \xed\xa0\xbd swing", "/body/answers/what_happened"),
        (b"A swing", b"A \\u0000 swing", "/body/answers/what_happened"),
        (b'"what_happened"', b'"what_\\ud83d"', "/body/answers"),
        (b"device-a-1", b"device-a-1\\ud83d", "/client_key"),
        (b'"kind": "submission"', b'"kind": "\\ud83d"', "/kind"),
        (b'"about_id"', b'"\\ude00"', ""),
    ],
)
async def test_text_that_cannot_be_stored_refuses_its_item_alone(
    harbour: Cast, old: bytes, new: bytes, pointer: str
) -> None:
    where = await open_slot(harbour)
    wrong = done("device-a-1", where, answers={"what_happened": "A swing"})
    body = (await sync(harbour, wrong, done("device-a-2", where))).request.content
    sent = json.dumps(json.loads(body)).encode().replace(old, new, 1)
    headers = {"Content-Type": "application/json"}
    answer = await harbour.cleo.http.post("/v1/me/sync", content=sent, headers=headers)
    assert answer.status_code == 200, answer.text
    first, second = answer.json()["results"]
    assert (first["outcome"], second["outcome"]) == ("refused", "duplicate")
    errors = first["problem"]["errors"]
    assert [one["pointer"] for one in errors] == ["/items/0" + pointer]


async def test_item_that_is_no_object_is_refused_alone(harbour: Cast) -> None:
    where = await open_slot(harbour)
    answer = await sync(harbour, 3, done("device-a-2", where))  # type: ignore[arg-type]
    assert [one["outcome"] for one in answer.json()["results"]] == ["refused", "stored"]
