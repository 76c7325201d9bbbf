"""A client is taken in, and the first episode of care opens."""

import asyncio
from datetime import timedelta

import pytest

from app.core.clock import now
from tests.cast import Cast
from tests.clients.making import NORA, take_in


async def test_a_therapist_takes_in_a_client_of_their_own(harbour: Cast) -> None:
    answer = await take_in(harbour.thea, **NORA)
    assert answer.status_code == 201, answer.text
    read = await harbour.thea.http.get(answer.headers["location"])
    assert read.json() == answer.json()
    client = read.json()
    assert [client[name] for name in ("legal_name", "preferred_name", "birth_date")] == [
        NORA["legal_name"],
        NORA["preferred_name"],
        NORA["birth_date"],
    ]
    assert client["external_refs"] == NORA["external_refs"]
    assert client["contact_points"][1]["discreet_only"] is True


async def test_the_first_episode_has_its_focus_and_primary_therapist(harbour: Cast) -> None:
    episode = (await take_in(harbour.thea, **NORA)).json()["episodes"][0]
    assert episode["focus"] == NORA["focus"]
    assert episode["therapists"] == [{"user_id": harbour.thea.user_id, "part": "primary"}]


async def test_care_begins_at_once(harbour: Cast) -> None:
    made = (await take_in(harbour.thea)).json()
    goal = await harbour.thea.http.post(
        f"/v1/clients/{made['id']}/goals", json={"statement": "To sleep"}
    )
    assert goal.status_code == 201, goal.text


async def test_the_zone_is_the_practices_unless_named(harbour: Cast) -> None:
    usual = (await take_in(harbour.thea)).json()
    other = (await take_in(harbour.thea, zone="Asia/Tokyo", locale="ja")).json()
    assert (usual["zone"], other["zone"], other["locale"]) == ("Europe/Berlin", "Asia/Tokyo", "ja")


@pytest.mark.parametrize("caller", ["ana", "abe"])
async def test_owner_and_assistant_name_who_treats(harbour: Cast, caller: str) -> None:
    person = harbour.people[caller]
    unnamed = await take_in(person)
    assert (unnamed.status_code, unnamed.json()["code"]) == (422, "clients.primary_therapist")
    named = await take_in(person, primary_therapist_id=harbour.theo.user_id, focus=["Grief"])
    assert named.status_code == 201, named.text
    episode = named.json()["episodes"][0]
    assert episode["therapists"][0]["user_id"] == harbour.theo.user_id
    assert episode["focus"] is None


@pytest.mark.parametrize("who", ["abe", "cleo"])
async def test_only_a_therapist_of_the_practice_treats(harbour: Cast, who: str) -> None:
    answer = await take_in(harbour.ana, primary_therapist_id=harbour.people[who].user_id)
    assert answer.json()["errors"][0]["pointer"] == "/primary_therapist_id"


async def test_nobody_next_door_treats(harbour: Cast, lakeside: Cast) -> None:
    answer = await take_in(harbour.ana, primary_therapist_id=lakeside.thea.user_id)
    assert answer.status_code == 422


async def test_a_suspended_therapist_takes_nobody_on(harbour: Cast) -> None:
    await harbour.ana.http.post(
        f"/v1/members/{harbour.theo.user_id}/suspend", headers={"If-Match": '"v1"'}
    )
    answer = await take_in(harbour.ana, primary_therapist_id=harbour.theo.user_id)
    assert answer.status_code == 422


async def test_a_therapist_fills_no_colleagues_caseload(harbour: Cast) -> None:
    answer = await take_in(harbour.thea, primary_therapist_id=harbour.theo.user_id)
    assert answer.status_code == 422


async def test_a_reference_that_is_taken_is_named(harbour: Cast) -> None:
    refs = [{"system": "billing", "value": "A"}, {"system": "billing", "value": "N-17"}]
    await take_in(harbour.thea, external_refs=refs[1:])
    answer = await take_in(harbour.thea, external_refs=refs)
    assert (answer.status_code, answer.json()["code"]) == (409, "clients.ref_taken")
    assert answer.json()["errors"][0]["pointer"] == "/external_refs/1"


async def test_next_door_the_same_reference_is_free(harbour: Cast, lakeside: Cast) -> None:
    refs = NORA["external_refs"]
    await take_in(harbour.thea, external_refs=refs)
    assert (await take_in(lakeside.thea, external_refs=refs)).status_code == 201


async def test_one_reference_goes_to_one_client_however_many_ask_at_once(harbour: Cast) -> None:
    refs = [{"system": "billing", "value": str(n)} for n in range(3)]
    callers = [harbour.thea, harbour.theo, harbour.sam] * 4
    answers = await asyncio.gather(
        *(take_in(one, external_refs=refs[:: (-1) ** n]) for n, one in enumerate(callers))
    )
    assert sorted(one.status_code for one in answers) == [201] + [409] * 11


async def test_an_idempotency_key_takes_in_one_client(harbour: Cast) -> None:
    url, header = "/v1/clients", {"Idempotency-Key": "one"}
    first = await harbour.thea.http.post(url, json=NORA, headers=header)
    again = await harbour.thea.http.post(url, json=NORA, headers=header)
    assert (again.status_code, again.json()) == (201, first.json())


TOMORROW = (now() + timedelta(days=2)).date().isoformat()
EMAIL = {"kind": "email", "value": "a@example.org"}


@pytest.mark.parametrize(
    "fields",
    [
        {"legal_name": ""},
        {"legal_name": " \u2003 "},
        {"legal_name": "a" * 201},
        {"legal_name": "a\x00b"},
        {"legal_name": None},
        {"preferred_name": "\x00"},
        {"birth_date": TOMORROW},
        {"birth_date": "1899-12-31"},
        {"birth_date": "1991-02-30"},
        {"birth_date": 0},
        {"birth_date": "1991-02-28T10:00:00Z"},
        {"zone": "Europe/Atlantis"},
        {"locale": "english"},
        {"contact_points": [EMAIL] * 11},
        {"contact_points": [EMAIL | {"value": "nowhere"}]},
        {"contact_points": [EMAIL | {"kind": "pigeon"}]},
        {"contact_points": [{"kind": "phone", "value": "call me"}]},
        {"contact_points": [EMAIL | {"colour": "blue"}]},
        {"contact_points": [EMAIL | {"may_email": "yes"}]},
        {"external_refs": [{"system": "A b", "value": "1"}]},
        {"external_refs": [{"system": "a", "value": "1"}] * 2},
        {"external_refs": [{"system": "a", "value": str(n)} for n in range(21)]},
        {"focus": ["1", "2", "3", "4"]},
        {"focus": ["a\x00b"]},
        {"primary_therapist_id": "thea"},
        {"status": "active"},
    ],
)
async def test_what_cannot_be_is_refused_without_being_repeated(
    harbour: Cast, fields: dict[str, object]
) -> None:
    answer = await take_in(harbour.thea, **fields)
    assert (answer.status_code, answer.json()["code"]) == (422, "wire.invalid")
    assert all("input" not in error for error in answer.json()["errors"])


async def test_clients_take_in_nobody(harbour: Cast) -> None:
    assert (await take_in(harbour.cleo)).status_code == 403
