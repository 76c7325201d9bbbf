"""Errors of fields say in our own words what is asked for, and never the value."""

from typing import Any

import httpx
import pytest

from tests.cast import Cast
from tests.homework.scenes import EXERCISE


async def assigned(cast: Cast, **other: Any) -> httpx.Response:
    """What Thea hears when she proposes that to Cleo."""
    asked = {"exercise_id": str(EXERCISE.id), "rationale": "It helps."} | other
    url = f"/v1/clients/{cast.client_ids['cleo']}/assignments"
    return await cast.thea.http.post(url, json=asked)


@pytest.mark.parametrize(
    ("asked", "detail"),
    [
        ({}, "This field is needed."),
        ({"legal_name": 7}, "This is not a text."),
        ({"legal_name": ""}, "Write 1 or more characters here."),
        ({"legal_name": "M" * 201}, "Write 200 characters at most here."),
        ({"legal_name": "M\0"}, "This text holds half of a character, or the NUL character"),
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


@pytest.mark.parametrize(
    ("schedule", "detail"),
    [
        ({"kind": "hourly"}, "Give one of these: once, daily, weekdays, weekly"),
        (
            {"kind": "weekly", "days": ["monday"]},
            "Give one of these: mo, tu, we, th, fr, sa or su.",
        ),
        ({"kind": "daily", "ends_on": "2020-01-01"}, "ends_on comes before the day it starts."),
        ("daily", "This is not a JSON object."),
    ],
)
async def test_what_would_be_right(harbour: Cast, schedule: Any, detail: str) -> None:
    answer = await assigned(harbour, schedule=schedule)
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["detail"].startswith(detail)


@pytest.mark.parametrize("rationale", [" ", "\n\t\u3000"])
async def test_a_reason_has_words(harbour: Cast, rationale: str) -> None:
    answer = await assigned(harbour, rationale=rationale)
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["detail"].startswith("Write some words here")
