"""Staff: invited, described, given roles, suspended."""

import asyncio
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from app.access.grounds import CareAssignment
from app.accounts.models import Invitation, SignIn
from app.core.clock import now
from app.core.ids import new_id
from app.core.statements import Query, p
from tests.cast import Cast, Person

INVITATIONS = Query(
    select(Invitation.id, Invitation.words, Invitation.roles, Invitation.revoked_at)
    .where(Invitation.practice_id == p("practice_id"), Invitation.kind == "staff")
    .order_by(Invitation.id)
)


async def step_up(cast: Cast, person: Person) -> None:
    work, transaction = cast.job()
    async with transaction:
        await work.introduce(user_id=person.user_id)
        await work.alter(SignIn, person.sign_in_id, stepped_up_at=now())


async def invitations(cast: Cast) -> list[dict[str, Any]]:
    work, transaction = cast.job()
    async with transaction:
        return await work.rows(INVITATIONS)


async def change(cast: Cast, who: str, body: object, version: int = 1) -> httpx.Response:
    return await cast.ana.http.patch(
        f"/v1/members/{cast.people[who].user_id}",
        json=body,
        headers={"If-Match": f'"v{version}"'},
    )


async def suspend(cast: Cast, caller: str, who: str) -> httpx.Response:
    return await cast.people[caller].http.post(
        f"/v1/members/{cast.people[who].user_id}/suspend", headers={"If-Match": '"v1"'}
    )


async def second_owner(cast: Cast) -> Person:
    work, transaction = cast.job()
    async with transaction:
        return await cast.add_person(work, "otto", "staff", ("owner",))


async def invite(cast: Cast, email: str, *roles: str) -> httpx.Response:
    return await cast.ana.http.post("/v1/members", json={"email": email, "roles": list(roles)})


async def test_someone_is_invited_and_waits_in_the_list(harbour: Cast) -> None:
    answer = await invite(harbour, "new@example.org", "therapist")
    assert (answer.status_code, answer.content) == (202, b"")
    first = (await harbour.ana.http.get("/v1/members")).json()["items"][0]
    assert (first["kind"], first["email"]) == ("invitation", "new@example.org")


async def test_colleagues_see_members_and_nobody_who_was_asked(harbour: Cast) -> None:
    await invite(harbour, "new@example.org", "therapist")
    items = (await harbour.theo.http.get("/v1/members")).json()["items"]
    assert {one["kind"] for one in items} == {"member"}
    assert len(items) == 5


async def test_asking_again_ends_the_earlier_invitation(harbour: Cast) -> None:
    await invite(harbour, "new@example.org", "therapist")
    await invite(harbour, " NEW@example.org".strip(), "assistant")
    first, second = await invitations(harbour)
    assert first["revoked_at"] is not None
    assert (second["revoked_at"], second["roles"]) == (None, ["assistant"])


async def test_making_an_owner_asks_for_a_step_up(harbour: Cast) -> None:
    refused = await invite(harbour, "boss@example.org", "owner")
    assert (refused.status_code, refused.json()["code"]) == (403, "accounts.step_up")
    await step_up(harbour, harbour.ana)
    assert (await invite(harbour, "boss@example.org", "owner")).status_code == 202


@pytest.mark.parametrize(
    "body",
    [
        {"email": "no address", "roles": ["therapist"]},
        {"email": "a@example.org", "roles": []},
        {"email": "a@example.org", "roles": ["therapist", "therapist"]},
        {"email": "a@example.org", "roles": ["boss"]},
        {"email": "a@example.org", "roles": ["therapist"], "name": "A"},
    ],
)
async def test_an_invitation_that_cannot_be_is_refused(
    harbour: Cast, body: dict[str, object]
) -> None:
    assert (await harbour.ana.http.post("/v1/members", json=body)).status_code == 422


async def test_pages_of_staff_follow_each_other(harbour: Cast) -> None:
    await invite(harbour, "new@example.org", "therapist")
    found, url = [], "/v1/members?limit=2"
    while url:
        answer = await harbour.ana.http.get(url)
        found += [one["id"] for one in answer.json()["items"]]
        url = answer.links["next"]["url"] if "next" in answer.links else ""
    assert found == sorted(found, reverse=True)
    assert len(set(found)) == 6


async def test_a_title_needs_no_step_up_and_null_clears_it(harbour: Cast) -> None:
    titled = await change(harbour, "thea", {"title": "Dr."})
    assert (titled.status_code, titled.json()["title"]) == (200, "Dr.")
    cleared = await change(harbour, "thea", {"title": None}, 2)
    assert (cleared.json()["title"], cleared.json()["licence"]) == (None, "L-1")


async def test_roles_ask_for_a_step_up(harbour: Cast) -> None:
    refused = await change(harbour, "theo", {"roles": ["therapist", "owner"]})
    assert (refused.status_code, refused.json()["code"]) == (403, "accounts.step_up")
    await step_up(harbour, harbour.ana)
    answer = await change(harbour, "theo", {"roles": ["therapist", "owner"]})
    assert answer.json()["roles"] == ["owner", "therapist"]


async def test_a_change_of_roles_ends_the_tokens_of_the_old_ones(harbour: Cast) -> None:
    await step_up(harbour, harbour.ana)
    await change(harbour, "abe", {"roles": ["owner"]})
    assert (await harbour.abe.http.get("/v1/practice")).status_code == 401


async def test_the_last_owner_stays_owner(harbour: Cast) -> None:
    await step_up(harbour, harbour.ana)
    answer = await change(harbour, "ana", {"roles": ["therapist"]})
    assert (answer.status_code, answer.json()["code"]) == (409, "members.last_owner")


async def test_who_alone_treats_stays_therapist(harbour: Cast) -> None:
    await step_up(harbour, harbour.ana)
    answer = await change(harbour, "thea", {"roles": ["assistant"]})
    assert (answer.status_code, answer.json()["code"]) == (409, "members.still_treats")


async def test_who_shares_the_care_may_change_roles(harbour: Cast) -> None:
    await harbour.write(
        CareAssignment,
        id=new_id(),
        client_id=harbour.client_ids["carl"],
        episode_id=harbour.episode_ids["carl"],
        user_id=harbour.sam.user_id,
        part="co",
    )
    await step_up(harbour, harbour.ana)
    assert (await change(harbour, "theo", {"roles": ["assistant"]})).status_code == 200


async def test_two_owners_cannot_remove_each_other_at_once(harbour: Cast) -> None:
    await second_owner(harbour)
    answers = await asyncio.gather(suspend(harbour, "ana", "otto"), suspend(harbour, "otto", "ana"))
    done, refused = sorted(one.status_code for one in answers)
    assert (done, refused) in ((200, 401), (200, 409))


async def test_suspending_is_never_refused_for_open_episodes_and_acts_at_once(
    harbour: Cast,
) -> None:
    answer = await suspend(harbour, "ana", "thea")
    assert (answer.status_code, answer.json()["status"]) == (200, "suspended")
    assert (await harbour.thea.http.get("/v1/practice")).status_code == 401


async def test_suspending_again_changes_nothing(harbour: Cast) -> None:
    first = await suspend(harbour, "ana", "thea")
    again = await harbour.ana.http.post(f"/v1/members/{harbour.thea.user_id}/suspend")
    assert (again.status_code, again.json()) == (200, first.json())


async def test_nobody_suspends_themselves(harbour: Cast) -> None:
    answer = await suspend(harbour, "ana", "ana")
    assert (answer.status_code, answer.json()["code"]) == (409, "members.yourself")


async def test_suspending_needs_the_version_that_was_seen(harbour: Cast) -> None:
    url = f"/v1/members/{harbour.thea.user_id}/suspend"
    missing = await harbour.ana.http.post(url)
    stale = await harbour.ana.http.post(url, headers={"If-Match": '"v9"'})
    assert (missing.status_code, stale.status_code) == (428, 412)


async def test_the_practice_next_door_has_other_people(harbour: Cast, lakeside: Cast) -> None:
    url = f"/v1/members/{lakeside.thea.user_id}"
    tag = {"If-Match": '"v1"'}
    changed = await harbour.ana.http.patch(url, json={"title": "Dr."}, headers=tag)
    suspended = await harbour.ana.http.post(f"{url}/suspend", headers=tag)
    assert (changed.status_code, suspended.status_code) == (404, 404)


async def test_only_owners_manage_staff(harbour: Cast) -> None:
    url = f"/v1/members/{harbour.theo.user_id}"
    for person in (harbour.thea, harbour.abe):
        assert (await person.http.patch(url, json={"title": "Dr."})).status_code == 403
        assert (await person.http.post(f"{url}/suspend")).status_code == 403
        body = {"email": "a@example.org", "roles": ["therapist"]}
        assert (await person.http.post("/v1/members", json=body)).status_code == 403


async def test_clients_do_not_see_the_staff_list(harbour: Cast) -> None:
    assert (await harbour.cleo.http.get("/v1/members")).status_code == 403
