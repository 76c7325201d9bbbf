"""Query values are read as strictly as values in a body."""

import pytest

from tests.cast import Cast

CLIENTS = "/v1/clients"
NULL = "%00"


@pytest.mark.parametrize(
    ("query", "status", "parameter"),
    [
        ("changed_after=0.5", 422, "changed_after"),
        ("changed_after=1700000000", 422, "changed_after"),
        ("limit=1_0", 422, "limit"),
        ("limit=+5", 422, "limit"),
        ("limit=%2B5", 422, "limit"),
        ("limit=05", 422, "limit"),
        ("limit=5.0", 422, "limit"),
        ("limit=", 422, "limit"),
        ("birth_date=0", 422, "birth_date"),
        ("limit=5&limit=6", 400, "limit"),
        ("status=active&%73tatus=discharged", 400, "status"),
        ("q=%FF", 400, "q"),
        (f"q=a{NULL}b", 400, "q"),
    ],
)
async def test_query_value_that_a_body_could_not_hold_is_refused_by_name(
    harbour: Cast, query: str, status: int, parameter: str
) -> None:
    answer = await harbour.thea.http.get(f"{CLIENTS}?{query}")
    assert answer.status_code == status, answer.text
    assert [one["parameter"] for one in answer.json()["errors"]] == [parameter]


@pytest.mark.parametrize("value", ["1", "yes", "True", "on", "t", ""])
async def test_query_flag_is_true_or_false_and_nothing_else(harbour: Cast, value: str) -> None:
    answer = await harbour.thea.http.get(f"/v1/submissions?only_news={value}")
    assert answer.status_code == 422, answer.text


async def test_query_day_is_no_count_of_seconds(harbour: Cast) -> None:
    answer = await harbour.cleo.http.get("/v1/me/occurrences?from=1700000000&to=1700000000")
    assert answer.status_code == 422
    assert len(answer.json()["errors"]) == 2


async def test_query_spelled_as_it_should_be_is_read(harbour: Cast) -> None:
    query = "changed_after=2026-11-01T00:00:00%2B01:00&limit=5&q=Z%C3%BCr&birth_date=1990-05-01"
    assert (await harbour.thea.http.get(f"{CLIENTS}?{query}")).status_code == 200
