"""How deep a body is nested and how many values it holds is known before it is parsed."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import Problem
from app.operation import json_shape
from app.operation.json_shape import DEEPEST, MOST_VALUES, require_shape

TRICKY = st.text(st.sampled_from('[]{},"\\ä'), max_size=8)
JSON = st.recursive(
    st.none() | st.integers(-9, 9) | TRICKY,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TRICKY, inner, max_size=4),
)


def refused(body: bytes) -> str | None:
    try:
        require_shape(body)
    except Problem as problem:
        return problem.code
    return None


def depth(value: Any) -> int:
    if not isinstance(value, dict | list):
        return 0
    inside = value.values() if isinstance(value, dict) else value
    return 1 + max(map(depth, inside), default=0)


def values(value: Any) -> int:
    if not isinstance(value, dict | list):
        return 1
    return 1 + sum(map(values, value.values() if isinstance(value, dict) else value))


@given(JSON, st.integers(0, DEEPEST))
def test_depth_is_that_of_the_parsed_body(inner: Any, around: int) -> None:
    body = b"[" * around + orjson.dumps(inner) + b"]" * around
    expected = "wire.too_deep" if depth(inner) + around > DEEPEST else None
    assert refused(body) == expected


@given(JSON)
def test_values_are_those_of_the_parsed_body(inner: Any) -> None:
    body = orjson.dumps([inner] * DEEPEST)
    shape = json_shape._shape(body)
    counted = shape.count(b"[") + shape.count(b",") + 1
    # An object or a list that is empty counts itself, and the place it would have for a value.
    assert values(orjson.loads(body)) <= counted <= 2 * values(orjson.loads(body))


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"[" + b"1," * (MOST_VALUES - 2) + b"1]", None),
        (b"[" + b"1," * (MOST_VALUES - 1) + b"1]", "wire.too_many_values"),
        (b'["' + b"," * MOST_VALUES + b'"]', None),
        (b'["' + b'\\",[' * MOST_VALUES + b'"]', None),
        (b"[" + b"{}," * MOST_VALUES + b"{}]", "wire.too_many_values"),
        (b'{"a":' * 33 + b"1" + b"}" * 33, "wire.too_deep"),
        (b"[" * 33, "wire.too_deep"),
    ],
)
def test_values_are_bounded_outside_of_texts(body: bytes, code: str | None) -> None:
    assert refused(body) == code
