"""Preconditions as RFC 9110 writes them, on every operation."""

import httpx
import pytest

from tests.cast import Cast
from tests.goals.test_goals import STATEMENT
from tests.homework.scenes import assign, slot, submission
from tests.house.operations import ask, operations


async def goal(cast: Cast) -> str:
    url = f"/v1/clients/{cast.client_ids['cleo']}/goals"
    return str((await cast.thea.http.post(url, json=STATEMENT)).headers["location"])


async def change(cast: Cast, *seen: str) -> httpx.Response:
    """Change a goal in version 1, with these lines of If-Match."""
    headers = [("If-Match", one) for one in seen]
    return await cast.thea.http.patch(await goal(cast), json={"areas": []}, headers=headers)


@pytest.mark.parametrize(
    "seen",
    [
        ['"v1"'], ['W/"v1"'], ["*"], ['"v1", "v2"'], ['"v9" ,\t W/"v1",'], ['"v9"', '"v1"'],
        ['"v1-gzip"'], ['"v1.0123456789abcdef"'], ['"x,y", "v1"'],
    ],
)  # fmt: skip
async def test_if_match_that_names_the_current_version_is_heard(
    harbour: Cast, seen: list[str]
) -> None:
    answer = await change(harbour, *seen)
    assert (answer.status_code, answer.json()["version"]) == (200, 2)


@pytest.mark.parametrize("seen", ['"v2"', '"1"', '"v01"', '"v11"', '"v1x"', '""'])
async def test_if_match_that_names_another_version_is_stale(harbour: Cast, seen: str) -> None:
    answer = await change(harbour, seen)
    assert (answer.status_code, answer.json()["code"]) == (412, "versions.stale")
    assert (answer.json()["current_version"], answer.headers["etag"]) == (1, '"v1"')


@pytest.mark.parametrize(
    "seen", ["2", "v1", "", '"v1', '"v1" "v2"', 'w/"v1"', '*, "v1"', '"v1"; "v2"', ",", "'v1'"]
)
async def test_if_match_that_is_malformed_is_400_and_never_stale(harbour: Cast, seen: str) -> None:
    answer = await change(harbour, seen)
    assert (answer.status_code, answer.json()["code"]) == (400, "versions.malformed")
    assert "quotes" in answer.json()["detail"]


async def test_every_operation_refuses_malformed_preconditions(harbour: Cast) -> None:
    for route in operations(harbour, "GET", "POST", "PUT", "PATCH", "DELETE"):
        for name in ("If-Match", "If-None-Match"):
            answer = await ask(harbour, route, headers={name: "v1"})
            assert answer.status_code == 400, (route.operation_id, name, answer.text)


async def test_draft_that_is_not_there_yet_matches_nothing(harbour: Cast) -> None:
    await assign(harbour)
    url = f"/v1/me/occurrences/{(await slot(harbour.cleo))['id']}/draft"
    body = {"exercise_version_id": submission()["exercise_version_id"], "answers": {}}
    answer = await harbour.cleo.http.put(url, json=body, headers={"If-Match": "*"})
    assert answer.status_code == 412, answer.text
