"""Goals, proposed and agreed, at both doors."""

import httpx

from tests.cast import Cast

STATEMENT = {"statement": "To say no without explaining myself", "areas": ["boundary-setting"]}


async def propose(cast: Cast) -> httpx.Response:
    return await cast.thea.http.post(f"/v1/clients/{cast.client_ids['cleo']}/goals", json=STATEMENT)


async def test_a_goal_is_proposed_and_accepted(harbour: Cast) -> None:
    made = await propose(harbour)
    assert made.status_code == 201, made.text
    goal = made.json()
    accepted = await harbour.cleo.http.post(
        f"/v1/me/goals/{goal['id']}/accept", headers={"If-Match": made.headers["etag"]}
    )
    assert accepted.status_code == 200, accepted.text
    assert accepted.json()["status"] == "active"


async def test_a_colleague_is_told_nothing(harbour: Cast) -> None:
    goal = (await propose(harbour)).json()
    assert (await harbour.theo.http.get(f"/v1/goals/{goal['id']}")).status_code == 404


async def test_the_owner_is_told_who_may_see_it(harbour: Cast) -> None:
    goal = (await propose(harbour)).json()
    answer = await harbour.ana.http.get(f"/v1/goals/{goal['id']}")
    assert (answer.status_code, answer.json()["code"]) == (403, "access.not_on_care_team")


async def test_the_supervisor_reads_and_does_not_write(harbour: Cast) -> None:
    goal = (await propose(harbour)).json()
    assert (await harbour.sam.http.get(f"/v1/goals/{goal['id']}")).status_code == 200
    answer = await harbour.sam.http.patch(f"/v1/goals/{goal['id']}", json={"areas": []})
    assert answer.status_code == 403


async def test_a_change_needs_the_version_that_was_seen(harbour: Cast) -> None:
    goal = (await propose(harbour)).json()
    url, change = f"/v1/goals/{goal['id']}", {"current_state": "I explain at length"}
    assert (await harbour.thea.http.patch(url, json=change)).status_code == 428
    stale = await harbour.thea.http.patch(url, json=change, headers={"If-Match": '"v9"'})
    assert (stale.status_code, stale.headers["etag"]) == (412, '"v1"')
    changed = await harbour.thea.http.patch(url, json=change, headers={"If-Match": '"v1"'})
    assert changed.json()["current_state"] == "I explain at length"


async def test_a_rating_under_one_key_is_stored_once(harbour: Cast) -> None:
    made = await propose(harbour)
    url = f"/v1/me/goals/{made.json()['id']}"
    await harbour.cleo.http.post(f"{url}/accept", headers={"If-Match": '"v1"'})
    first = await harbour.cleo.http.post(
        f"{url}/ratings", json={"client_key": "device-1-0001", "value": 3}
    )
    again = await harbour.cleo.http.post(
        f"{url}/ratings", json={"client_key": "device-1-0001", "value": 3}
    )
    other = await harbour.cleo.http.post(
        f"{url}/ratings", json={"client_key": "device-1-0001", "value": 9}
    )
    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 422)
    assert first.json() == again.json() == other.json()["receipt"]


async def test_pages_follow_each_other(harbour: Cast) -> None:
    made = [(await propose(harbour)).json()["id"] for _ in range(3)]
    first = (await harbour.cleo.http.get("/v1/me/goals?limit=2")).json()
    second = (await harbour.cleo.http.get(f"/v1/me/goals?limit=2&cursor={first['next']}")).json()
    assert [one["id"] for one in first["items"] + second["items"]] == made[::-1]
    assert second["next"] is None


async def test_an_idempotency_key_makes_one_goal(harbour: Cast) -> None:
    url = f"/v1/clients/{harbour.client_ids['cleo']}/goals"
    header = {"Idempotency-Key": "one"}
    first = await harbour.thea.http.post(url, json=STATEMENT, headers=header)
    again = await harbour.thea.http.post(url, json=STATEMENT, headers=header)
    assert first.json() == again.json()
    assert again.headers["idempotent-replayed"] == "true"


async def test_a_new_rating_is_seen_by_who_holds_the_goal(harbour: Cast) -> None:
    made = await propose(harbour)
    mine, theirs = (f"/v1/{door}goals/{made.json()['id']}" for door in ("me/", ""))
    await harbour.cleo.http.post(f"{mine}/accept", headers={"If-Match": '"v1"'})
    held = {"If-None-Match": (await harbour.thea.http.get(theirs)).headers["etag"]}
    rating = {"client_key": "device-1-0001", "value": 3}
    await harbour.cleo.http.post(f"{mine}/ratings", json=rating)
    answer = await harbour.thea.http.get(theirs, headers=held)
    assert (answer.status_code, answer.json()["client_rating"]["value"]) == (200, 3)


async def test_a_proposed_goal_is_agreed_before_it_is_rated(harbour: Cast) -> None:
    url = f"/v1/me/goals/{(await propose(harbour)).json()['id']}/ratings"
    answer = await harbour.cleo.http.post(url, json={"client_key": "device-1-0001", "value": 3})
    assert (answer.status_code, answer.json()["allowed"]) == (409, ["active", "declined"])
    assert answer.json()["detail"].startswith("It is proposed now and cannot be rated.")


async def test_words_that_nobody_would_read_are_refused(harbour: Cast) -> None:
    url = f"/v1/me/goals/{(await propose(harbour)).json()['id']}/decline"
    words = {"reason": "not_for_me", "words": "Not mine."}
    answer = await harbour.cleo.http.post(url, json=words, headers={"If-Match": '"v1"'})
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["code"] == "wire.body_unread"
