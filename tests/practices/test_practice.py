"""The practice's own row: read by its staff, changed by its owner."""

import httpx
import pytest

from tests.cast import Cast

LINE = {"name": "Telefonseelsorge", "phone": "0800 1110111", "hours": "always", "locale": "de"}


async def change(cast: Cast, body: object, version: int = 1) -> httpx.Response:
    return await cast.ana.http.patch(
        "/v1/practice", json=body, headers={"If-Match": f'"v{version}"'}
    )


async def test_staff_read_their_practice(harbour: Cast) -> None:
    answer = await harbour.abe.http.get("/v1/practice")
    assert (answer.status_code, answer.headers["etag"]) == (200, '"v1"')
    assert answer.json()["id"] == harbour.practice_id
    assert answer.json()["policies"]["after_care_days"] == 365


async def test_an_owner_changes_what_is_named_and_nothing_else(harbour: Cast) -> None:
    changed = (await change(harbour, {"name": "Hafen 🌊"})).json()
    assert (changed["name"], changed["country"], changed["version"]) == ("Hafen 🌊", "DE", 2)


async def test_policies_are_merged_and_null_goes_back_to_the_usual(harbour: Cast) -> None:
    await change(harbour, {"policies": {"after_care_days": 90, "late_counts": False}})
    answer = await change(harbour, {"policies": {"after_care_days": None}}, 2)
    policies = answer.json()["policies"]
    assert (policies["after_care_days"], policies["late_counts"]) == (365, False)


async def test_somebody_on_call_is_on_the_staff(harbour: Cast, lakeside: Cast) -> None:
    theirs = await change(harbour, {"policies": {"on_call": lakeside.thea.user_id}})
    assert (theirs.status_code, theirs.json()["code"]) == (422, "members.not_on_staff")
    ours = await change(harbour, {"policies": {"on_call": harbour.thea.user_id}})
    assert ours.json()["policies"]["on_call"] == harbour.thea.user_id


@pytest.mark.parametrize(
    "body",
    [
        {"name": None},
        {"name": "  "},
        {"name": "a\x00b"},
        {"zone": "Mars/Olympus"},
        {"country": "de"},
        {"crisis_resources": []},
        {"crisis_resources": [{"name": "Nobody"}]},
        {"crisis_resources": [LINE | {"url": "http://plain.example"}]},
        {"policies": {"after_care_days": -1}},
        {"colour": "blue"},
    ],
)
async def test_what_cannot_be_is_refused(harbour: Cast, body: dict[str, object]) -> None:
    assert (await change(harbour, body)).status_code == 422


async def test_a_therapist_does_not_change_the_practice(harbour: Cast) -> None:
    answer = await harbour.thea.http.patch("/v1/practice", json={"name": "Mine"})
    assert (answer.status_code, answer.json()["code"]) == (403, "access.role")


async def test_a_change_needs_the_version_that_was_seen(harbour: Cast) -> None:
    missing = await harbour.ana.http.patch("/v1/practice", json={"name": "Port"})
    stale = await change(harbour, {"name": "Port"}, 7)
    assert (missing.status_code, stale.status_code) == (428, 412)


async def test_help_is_there_for_the_client_and_made_to_be_kept(harbour: Cast) -> None:
    await change(harbour, {"crisis_resources": [LINE]})
    answer = await harbour.cleo.http.get("/v1/me/help")
    assert answer.json()["resources"][0]["phone"] == LINE["phone"]
    assert "around the clock" in answer.json()["not_watched"]
    assert answer.headers["cache-control"] == "private, max-age=86400"


async def test_help_that_is_held_already_is_not_sent_again(harbour: Cast) -> None:
    held = (await harbour.cleo.http.get("/v1/me/help")).headers["etag"]
    again = await harbour.cleo.http.get("/v1/me/help", headers={"If-None-Match": held})
    assert again.status_code == 304


async def test_help_asks_a_guardian_for_no_child(harbour: Cast) -> None:
    answer = await harbour.greta.http.get("/v1/me/help", headers={"Acting-For": ""})
    assert answer.status_code == 400
    del harbour.greta.http.headers["Acting-For"]
    assert (await harbour.greta.http.get("/v1/me/help")).status_code == 200


async def test_staff_have_no_client_door(harbour: Cast) -> None:
    assert (await harbour.thea.http.get("/v1/me/help")).status_code == 403
    assert (await harbour.cleo.http.get("/v1/practice")).status_code == 403


async def test_a_practice_stores_crisis_lines_whole(harbour: Cast) -> None:
    stored = (await harbour.thea.http.get("/v1/practice")).json()["crisis_resources"][0]
    assert stored["url"] is None
