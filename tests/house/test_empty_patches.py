"""A PATCH that says nothing changes no version: nobody else's edit is refused for it."""

import httpx
import pytest

from app.operation.marks import mark_of
from tests.cast import Cast
from tests.goals.test_goals import STATEMENT
from tests.homework.scenes import assign
from tests.house.operations import address, operations
from tests.library import scenes as library
from tests.programs import scenes as programs

Places = dict[str, tuple[str, httpx.AsyncClient]]
"""By path template: where one such thing is, and who may change it."""


@pytest.fixture
async def places(harbour: Cast) -> Places:
    thea, url = harbour.thea.http, f"/v1/clients/{harbour.client_ids['cleo']}"
    goal = await thea.post(f"{url}/goals", json=STATEMENT)
    session = {"starts_at": "2027-01-05T09:00:00+00:00", "setting": "in_person"}
    note = {"format": "DAP", "body": {}}
    things = {
        "goal_id": goal.json()["id"],
        "session_id": (await thea.post(f"{url}/sessions", json=session)).json()["id"],
        "note_id": (await thea.post(f"{url}/notes", json=note)).json()["id"],
        "assignment_id": (await assign(harbour))["id"],
        "program_id": (await programs.made(harbour, programs.AT_ONCE))["id"],
        "exercise_id": (await library.make(harbour))["id"],
        "client_id": harbour.client_ids["cleo"],
        "user_id": harbour.theo.user_id,
    }
    return {
        route.path: (
            address(route, **things),
            harbour.cleo.http if route.path.startswith("/v1/me/")
            else harbour.ana.http if "practice" in route.path or "member" in route.path
            else thea,
        )
        for route in operations(harbour, "PATCH")
        if mark_of(route.endpoint).takes is None
    }  # fmt: skip


async def test_patch_that_says_nothing_changes_no_version(places: Places) -> None:
    assert len(places) > 9
    for template, (url, http) in places.items():
        shown = (await http.get(url)).json() if "user_id" not in template else {"version": 1}
        version = shown["version"]
        answer = await http.patch(url, json={}, headers={"If-Match": f'"v{version}"'})
        assert answer.status_code == 200, (template, answer.text)
        assert answer.json()["version"] == version, template


async def test_patch_that_says_nothing_still_needs_the_version(places: Places) -> None:
    for template, (url, http) in places.items():
        answer = await http.patch(url, json={}, headers={"If-Match": '"v9"'})
        assert answer.status_code == 412, template
