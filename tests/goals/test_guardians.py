"""A guardian answers for the client, never instead of them; a rating is the client's to share."""

from typing import Any

import httpx
import pytest

from tests.cast import Cast, Person
from tests.sync.test_guardians import sync

GOALS = "/v1/me/goals"


async def propose(cast: Cast, **other: Any) -> str:
    url = f"/v1/clients/{cast.client_ids['kit']}/goals"
    made = await cast.thea.http.post(url, json={"statement": "To be asked first"} | other)
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


async def answer(person: Person, goal_id: str, verb: str, version: int = 1) -> httpx.Response:
    seen = {"If-Match": f'"v{version}"'}
    return await person.http.post(f"{GOALS}/{goal_id}/{verb}", headers=seen)


async def seen_by(person: Person) -> dict[str, Any]:
    shown: dict[str, Any] = (await person.http.get(GOALS)).json()["items"][0]
    return shown


async def rate(person: Person, goal_id: str, key: str, value: int, **other: Any) -> httpx.Response:
    body = {"client_key": key, "value": value} | other
    return await person.http.post(f"{GOALS}/{goal_id}/ratings", json=body)


@pytest.mark.parametrize(("theirs", "childs"), [("decline", "accept"), ("accept", "decline")])
async def test_what_a_guardian_answered_the_client_can_still_answer(
    harbour: Cast, theirs: str, childs: str
) -> None:
    goal_id = await propose(harbour)
    answered = (await answer(harbour.greta, goal_id, theirs)).json()
    assert answered["answered_as"] == "guardian"
    mine = await answer(harbour.kit, goal_id, childs, 2)
    assert (mine.status_code, mine.json()["answered_as"]) == (200, "self")
    assert mine.json()["status"] == ("active" if childs == "accept" else "declined")


async def test_a_client_who_says_the_same_is_the_one_who_said_it(harbour: Cast) -> None:
    goal_id = await propose(harbour)
    await answer(harbour.greta, goal_id, "decline")
    assert (await answer(harbour.kit, goal_id, "decline", 2)).json()["answered_as"] == "self"


@pytest.mark.parametrize("verb", ["accept", "decline"])
async def test_what_the_client_declined_a_guardian_does_not_take_up(
    harbour: Cast, verb: str
) -> None:
    goal_id = await propose(harbour)
    await answer(harbour.kit, goal_id, verb)
    other = "accept" if verb == "decline" else "decline"
    assert (await answer(harbour.greta, goal_id, other, 2)).status_code == 409


async def test_a_rating_is_the_therapists_alone_unless_it_is_shared(harbour: Cast) -> None:
    goal_id = await propose(harbour, agreed=True)
    made = await rate(harbour.kit, goal_id, "device-1-0001", 2)
    assert made.json()["visibility"] == "therapist"
    read = (await harbour.thea.http.get(f"/v1/goals/{goal_id}")).json()
    assert (read["client_rating"]["value"], read["client_rating"]["visibility"]) == (2, "therapist")
    assert (await seen_by(harbour.greta))["my_rating"] is None
    await rate(harbour.kit, goal_id, "device-1-0002", 5, visibility="shared")
    await rate(harbour.kit, goal_id, "device-1-0003", 1)
    assert (await seen_by(harbour.greta))["my_rating"]["value"] == 5
    assert (await seen_by(harbour.kit))["my_rating"]["value"] == 1


async def test_a_rating_that_is_kept_is_news_to_the_clients_devices_alone(harbour: Cast) -> None:
    goal_id = await propose(harbour, agreed=True)

    async def heard(person: Person, **cursor: Any) -> dict[str, Any]:
        return await sync(harbour, person, "kit", **cursor)

    before, shown = await heard(harbour.greta), await seen_by(harbour.greta)
    cursor = (await heard(harbour.kit))["cursor"]
    await rate(harbour.kit, goal_id, "device-1-0001", 2)
    assert (await heard(harbour.greta))["changes"] == before["changes"]
    assert await seen_by(harbour.greta) == shown
    news = (await heard(harbour.kit, cursor=cursor))["changes"]
    assert [one["body"]["my_rating"]["value"] for one in news if one["kind"] == "goal"] == [2]


async def test_a_guardians_rating_stands_beside_the_clients(harbour: Cast) -> None:
    goal_id = await propose(harbour, agreed=True)
    await rate(harbour.kit, goal_id, "device-1-0001", 2)
    await rate(harbour.greta, goal_id, "device-2-0001", 9)
    for shown in (await seen_by(harbour.kit), await seen_by(harbour.greta)):
        assert shown["guardian_rating"]["value"] == 9
    read = (await harbour.thea.http.get(f"/v1/goals/{goal_id}")).json()
    assert (read["client_rating"]["value"], read["guardian_rating"]["value"]) == (2, 9)


@pytest.mark.parametrize(("first", "second"), [("kit", "greta"), ("greta", "kit")])
async def test_a_key_of_somebody_elses_tells_nothing_of_what_they_rated(
    harbour: Cast, first: str, second: str
) -> None:
    goal_id = await propose(harbour, agreed=True)
    await rate(harbour.people[first], goal_id, "device-1-0001", 2)
    refused = await rate(harbour.people[second], goal_id, "device-1-0001", 2)
    assert (refused.status_code, refused.json()["code"]) == (422, "client_key.other_body")
    assert "receipt" not in refused.json()
