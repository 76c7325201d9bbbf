"""Errors of fields say in our own words what is asked for, and never the value."""

from typing import Any

import pytest

from tests.cast import Cast


@pytest.mark.parametrize(
    ("asked", "detail"),
    [
        ({}, "This field is needed."),
        ({"legal_name": 7}, "This is not a text."),
        ({"legal_name": ""}, "Write 1 or more characters here."),
        ({"legal_name": "M" * 201}, "Write 200 characters at most here."),
        ({"legal_name": "M\0"}, "Text cannot hold the NUL character."),
        ({"legal_name": "M", "birth_date": "1888-01-01"}, "A birth date lies between 1900-01-01"),
        ({"legal_name": "M", "contact_points": {}}, "This is not a list."),
        ({"legal_name": "M", "focus": ["a", "b", "c", "d"]}, "Give 3 at most here."),
    ],
)
async def test_fields(harbour: Cast, asked: dict[str, Any], detail: str) -> None:
    answer = await harbour.thea.http.post("/v1/clients", json=asked)
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["detail"].startswith(detail)


@pytest.mark.parametrize(
    ("limit", "detail"),
    [
        ("0", "This is 1 or more."),
        ("101", "This is 100 or less."),
        ("some", "This is not a whole number."),
    ],
)
async def test_parameters(harbour: Cast, limit: str, detail: str) -> None:
    answer = await harbour.thea.http.get(f"/v1/clients?limit={limit}")
    assert (answer.status_code, answer.json()["errors"][0]["detail"]) == (422, detail)
