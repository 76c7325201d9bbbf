"""The order of refusals is the same everywhere, and the README prints it."""

from tests.cast import Cast
from tests.goals.test_goals import STATEMENT

BAD = {"no": "such field"}
NOBODYS = "/v1/goals/01890000-0000-7000-8000-000000000000"


async def test_no_token_comes_before_everything(harbour: Cast) -> None:
    answer = await harbour.clients.new().patch(NOBODYS, content=b"{", headers={})
    assert answer.status_code == 401


async def test_the_role_comes_before_the_body(harbour: Cast) -> None:
    answer = await harbour.abe.http.patch(NOBODYS, json=BAD)
    assert (answer.status_code, answer.json()["code"]) == (403, "access.role")


async def test_the_body_comes_before_what_is_visible(harbour: Cast) -> None:
    assert (await harbour.thea.http.patch(NOBODYS, json=BAD)).status_code == 422


async def test_what_is_visible_comes_before_the_state(harbour: Cast) -> None:
    assert (await harbour.thea.http.patch(NOBODYS, json={"areas": []})).status_code == 404


async def test_the_state_comes_before_the_version(harbour: Cast) -> None:
    url = f"/v1/clients/{harbour.client_ids['cleo']}/goals"
    goal = (await harbour.thea.http.post(url, json=STATEMENT)).json()
    moved = await harbour.thea.http.patch(f"/v1/goals/{goal['id']}", json={"status": "achieved"})
    assert (moved.status_code, moved.json()["code"]) == (409, "goals.state")
    assert moved.json()["allowed"] == ["active", "declined"]


async def test_the_version_comes_last(harbour: Cast) -> None:
    url = f"/v1/clients/{harbour.client_ids['cleo']}/goals"
    goal = (await harbour.thea.http.post(url, json=STATEMENT | {"agreed": True})).json()
    url = f"/v1/goals/{goal['id']}"
    assert (await harbour.thea.http.patch(url, json={"status": "on_hold"})).status_code == 428
    stale = await harbour.thea.http.patch(
        url, json={"status": "on_hold"}, headers={"If-Match": '"v7"'}
    )
    assert stale.status_code == 412


async def test_a_token_of_one_kind_opens_no_door_of_the_other(harbour: Cast) -> None:
    at_mine = await harbour.thea.http.get("/v1/me/goals")
    at_staff = await harbour.cleo.http.get(f"/v1/clients/{harbour.client_ids['cleo']}/goals")
    assert (at_mine.status_code, at_staff.status_code) == (403, 403)


async def test_the_role_comes_before_a_body_that_cannot_be_read(harbour: Cast) -> None:
    for body, kind in ((b"{" * 40, "application/json"), (b"hello", "text/plain")):
        headers = {"content-type": kind}
        answer = await harbour.abe.http.patch(NOBODYS, content=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "access.role")
