"""Sessions at the client door."""

import pytest

from tests.cast import Cast
from tests.sessions.test_sessions import PAST, change, plan


async def test_a_client_sees_when_and_with_whom(harbour: Cast) -> None:
    made = (await plan(harbour)).json()
    (mine,) = (await harbour.cleo.http.get("/v1/me/sessions")).json()["items"]
    assert (mine["id"], mine["therapist"]) == (made["id"], "Thea of the test")
    assert mine["attendance"] == "scheduled"


async def test_who_was_not_there_reads_it_in_plain_words(harbour: Cast) -> None:
    await change(harbour, (await plan(harbour, **PAST)).json(), attendance="no_show")
    await plan(harbour)
    answer = await harbour.cleo.http.get("/v1/me/sessions?attendance=not_attended")
    assert [one["attendance"] for one in answer.json()["items"]] == ["not_attended"]


async def test_the_staff_word_is_unknown_at_the_client_door(harbour: Cast) -> None:
    answer = await harbour.cleo.http.get("/v1/me/sessions?attendance=no_show")
    assert answer.status_code == 422


async def test_nobody_sees_another_clients_sessions(harbour: Cast, lakeside: Cast) -> None:
    await plan(harbour)
    for who in (harbour.carl, harbour.kit, lakeside.cleo):
        assert (await who.http.get("/v1/me/sessions")).json()["items"] == []


@pytest.mark.parametrize("who", ["thea", "ana", "abe"])
async def test_staff_have_no_business_at_the_client_door(harbour: Cast, who: str) -> None:
    answer = await harbour.people[who].http.get("/v1/me/sessions")
    assert (answer.status_code, answer.json()["code"]) == (403, "access.role")


async def test_a_guardian_reads_the_childs_sessions(harbour: Cast) -> None:
    url = f"/v1/clients/{harbour.client_ids['kit']}/sessions"
    said = {"starts_at": "2126-03-02T09:00:00Z", "setting": "video"}
    made = (await harbour.thea.http.post(url, json=said)).json()
    since = {"from": "2126-01-01T00:00:00Z"}
    answer = await harbour.greta.http.get("/v1/me/sessions", params=since)
    assert [one["id"] for one in answer.json()["items"]] == [made["id"]]


async def test_pages_follow_each_other(harbour: Cast) -> None:
    made = [
        (await plan(harbour, starts_at=f"2126-03-0{day}T09:00:00Z")).json()["id"]
        for day in (1, 2, 3)
    ]
    first = (await harbour.cleo.http.get("/v1/me/sessions?limit=2")).json()
    second = (await harbour.cleo.http.get(f"/v1/me/sessions?limit=2&cursor={first['next']}")).json()
    assert [one["id"] for one in first["items"] + second["items"]] == made[::-1]
