"""A client's own profile, what a guardian sees of it, and whom one acts for."""

from typing import Any

import httpx
import pytest

from app.access.grounds import Guardian
from app.core.clock import now
from app.core.ids import new_id
from tests.cast import Cast, Person
from tests.clients.making import NORA, found, in_front_of

PROFILE = "/v1/me/profile"


async def change(person: Person, body: object, version: int = 1) -> httpx.Response:
    return await person.http.patch(PROFILE, json=body, headers={"If-Match": f'"v{version}"'})


async def alter_guardian(cast: Cast, **values: Any) -> None:
    assigned = ", ".join(f"{name} = ${n}" for n, name in enumerate(values, 2))
    work, transaction = cast.job()
    async with transaction:
        await work._connection.execute(
            f"update guardians set {assigned} where user_id = $1",
            cast.greta.user_id,
            *values.values(),
        )


async def test_my_profile_is_mine(harbour: Cast) -> None:
    answer = await harbour.cleo.http.get(PROFILE)
    assert (answer.status_code, answer.headers["etag"][:4]) == (200, '"v1.')
    assert answer.json()["client_id"] == harbour.client_ids["cleo"]
    assert answer.json()["focus"] == []


async def test_i_change_how_i_am_called_and_reached(harbour: Cast) -> None:
    body = {
        "preferred_name": "Clé 🌿",
        "pronouns": "she/they",
        "contact_points": NORA["contact_points"],
        "zone": "America/New_York",
        "locale": "fr",
    }
    answer = await change(harbour.cleo, body)
    assert answer.status_code == 200, answer.text
    profile = answer.json()
    assert profile["contact_points"][0]["may_text"] is False
    assert [profile[name] for name in ("preferred_name", "zone", "version")] == [
        "Clé 🌿", "America/New_York", 2,
    ]  # fmt: skip
    assert await found(harbour.thea, q="cle") == ["Cleo Legalname"]


async def test_staff_see_what_i_changed(harbour: Cast) -> None:
    await change(harbour.cleo, {"pronouns": "she/they"})
    seen = (await harbour.thea.http.get(in_front_of(harbour, "cleo"))).json()
    assert (seen["pronouns"], seen["version"]) == ("she/they", 2)


@pytest.mark.parametrize(
    "body",
    [
        {"legal_name": "Queen"},
        {"birth_date": "1980-01-01"},
        {"zone": None},
        {"names_to_guardians": None},
        {"preferred_name": "a\x00"},
        {"contact_points": [{"kind": "phone", "value": "none"}]},
    ],
)
async def test_what_is_not_mine_to_change_is_refused(harbour: Cast, body: object) -> None:
    assert (await change(harbour.cleo, body)).status_code == 422


async def test_a_change_needs_the_version_that_was_seen(harbour: Cast) -> None:
    missing = await harbour.cleo.http.patch(PROFILE, json={"zone": "UTC"})
    stale = await change(harbour.cleo, {"zone": "UTC"}, 4)
    assert (missing.status_code, stale.status_code) == (428, 412)


async def test_a_guardian_learns_a_chosen_name_only_from_its_owner(harbour: Cast) -> None:
    await change(harbour.kit, {"preferred_name": "Kiki", "pronouns": "they"})
    hidden = (await harbour.greta.http.get(PROFILE)).json()
    assert (hidden["preferred_name"], hidden["pronouns"]) == (None, None)
    assert hidden["legal_name"] == "Kit Legalname"
    await change(harbour.kit, {"names_to_guardians": True}, 2)
    told = (await harbour.greta.http.get(PROFILE)).json()
    assert (told["preferred_name"], told["pronouns"]) == ("Kiki", "they")


async def test_a_change_that_a_guardian_may_not_see_shows_nowhere(harbour: Cast) -> None:
    before = await harbour.greta.http.get(PROFILE)
    await change(harbour.kit, {"preferred_name": "Kiki"})
    after = await harbour.greta.http.get(PROFILE)
    assert (after.json(), after.headers["etag"]) == (before.json(), before.headers["etag"])


async def test_staff_do_not_decide_what_guardians_learn(harbour: Cast) -> None:
    await change(harbour.kit, {"names_to_guardians": True})
    url, tag = in_front_of(harbour, "kit"), {"If-Match": '"v2"'}
    kept = await harbour.thea.http.patch(url, json={"zone": "UTC"}, headers=tag)
    assert kept.json()["names_to_guardians"] is True


async def test_a_guardian_changes_no_profile(harbour: Cast) -> None:
    answer = await change(harbour.greta, {"zone": "UTC"})
    assert (answer.status_code, answer.json()["code"]) == (403, "access.role")


async def test_a_guardian_names_the_client_to_see_a_profile(harbour: Cast) -> None:
    del harbour.greta.http.headers["Acting-For"]
    answer = await harbour.greta.http.get(PROFILE)
    assert (answer.status_code, answer.json()["code"]) == (400, "access.acting_for")


async def test_a_guardian_acts_for_nobody_elses_child(harbour: Cast) -> None:
    other = {"Acting-For": harbour.client_ids["cleo"]}
    assert (await harbour.greta.http.get(PROFILE, headers=other)).status_code == 404


async def test_without_the_scope_there_is_no_profile(harbour: Cast) -> None:
    await alter_guardian(harbour, scopes=["homework"])
    assert (await harbour.greta.http.get(PROFILE)).status_code == 403


async def test_a_suspended_guardians_door_looks_empty(harbour: Cast) -> None:
    await alter_guardian(harbour, suspended_at=now())
    assert (await harbour.greta.http.get(PROFILE)).status_code == 404


async def test_in_person_one_acts_for_oneself(harbour: Cast) -> None:
    (one,) = (await harbour.cleo.http.get("/v1/me/acting-for")).json()["items"]
    assert (one["client_id"], one["capacity"]) == (harbour.client_ids["cleo"], "self")
    assert one["is_suspended"] is False


async def test_a_guardian_sees_for_whom_without_naming_anyone(harbour: Cast) -> None:
    await harbour.write(
        Guardian,
        id=new_id(),
        client_id=harbour.client_ids["carl"],
        user_id=harbour.greta.user_id,
        relation="relative",
        basis="power_of_attorney",
        scopes=["sessions", "goals"],
        starts_on=now().date(),
        suspended_at=now(),
    )
    del harbour.greta.http.headers["Acting-For"]
    kit, carl = (await harbour.greta.http.get("/v1/me/acting-for")).json()["items"]
    assert (kit["client_id"], kit["is_suspended"]) == (harbour.client_ids["kit"], False)
    assert (carl["relation"], carl["scopes"], carl["is_suspended"]) == (
        "relative", ["goals", "sessions"], True,
    )  # fmt: skip


async def test_what_was_revoked_is_gone(harbour: Cast) -> None:
    await alter_guardian(harbour, revoked_at=now())
    del harbour.greta.http.headers["Acting-For"]
    assert (await harbour.greta.http.get("/v1/me/acting-for")).json()["items"] == []


async def test_staff_have_no_client_door(harbour: Cast) -> None:
    for url in (PROFILE, "/v1/me/acting-for"):
        assert (await harbour.thea.http.get(url)).status_code == 403
