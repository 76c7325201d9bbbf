"""An invitation is as good as its sender and its address are now."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from app.core.clock import now
from app.jobs.delivering import drain
from app.operation.house import House
from tests.cast import Cast, Person
from tests.invitations.scenes import (
    BIRTH,
    address_of,
    invite,
    listed,
    put_on_file,
    states,
    taken_in,
    withdraw,
)
from tests.jobs.conftest import Admin, Mails
from tests.jobs.test_mail import Server, listening
from tests.post import accept, address, bearer, secret
from tests.post import invite as invited_as
from tests.practices.test_members import step_up

Sent = Callable[..., Awaitable[str]]


@pytest.fixture
async def otto(harbour: Cast) -> Person:
    """A second owner."""
    work, transaction = harbour.job()
    async with transaction:
        return await harbour.add_person(work, "otto", "staff", ("owner",))


async def suspend(cast: Cast, person: Person) -> None:
    answer = await cast.ana.http.post(
        f"/v1/members/{person.user_id}/suspend", headers={"If-Match": '"v1"'}
    )
    assert answer.status_code == 200, answer.text


async def mailed(worker: House, mails: Mails, email: str) -> str:
    await drain(worker)
    return secret(mails(email)[-1])


@pytest.mark.parametrize("sender", ["thea", "abe"])
async def test_suspended_members_invitation_of_a_client_opens_nothing(
    harbour: Cast, worker: House, mails: Mails, sender: str
) -> None:
    email = address()
    client_id = await taken_in(harbour.thea, email)
    await invite(harbour.people[sender], client_id)
    token = await mailed(worker, mails, email)
    await suspend(harbour, harbour.people[sender])
    assert await states(harbour.ana, client_id) == ["withdrawn"]
    assert (await accept(harbour, token, birth_date=BIRTH)).status_code == 404


async def test_suspended_owners_invitation_of_staff_opens_nothing(
    harbour: Cast, otto: Person, worker: House, mails: Mails
) -> None:
    email = address()
    asked = {"email": email, "roles": ["therapist"]}
    assert (await otto.http.post("/v1/members", json=asked)).status_code == 202
    token = await mailed(worker, mails, email)
    await suspend(harbour, otto)
    assert (await accept(harbour, token, name="Una Berg")).status_code == 404


async def test_owner_who_is_one_no_more_leaves_no_invitation_of_staff_open(
    harbour: Cast, otto: Person, worker: House, mails: Mails
) -> None:
    email, other = address(), address()
    await otto.http.post("/v1/members", json={"email": email, "roles": ["therapist"]})
    client_id = await taken_in(harbour.thea, other)
    await invite(otto, client_id)
    tokens = [await mailed(worker, mails, one) for one in (email, other)]
    await step_up(harbour, harbour.ana)
    await harbour.ana.http.patch(
        f"/v1/members/{otto.user_id}", json={"roles": ["assistant"]}, headers={"If-Match": '"v1"'}
    )
    assert [one["state"] for one in await listed(harbour.ana)] == ["sent", "withdrawn"]
    assert (await accept(harbour, tokens[0], name="Una Berg")).status_code == 404
    assert (await accept(harbour, tokens[1], birth_date=BIRTH)).status_code == 200


async def test_membership_or_care_that_ends_by_itself_ends_its_invitations(
    harbour: Cast, worker: House, mails: Mails, admin: Admin
) -> None:
    kept, lost = address(), address()
    ids = [await taken_in(one, to) for one, to in ((harbour.theo, kept), (harbour.thea, lost))]
    await invite(harbour.theo, ids[0])
    await invite(harbour.thea, ids[1])
    tokens = [await mailed(worker, mails, one) for one in (kept, lost)]
    yesterday = now() - timedelta(days=1)
    for table, person in (("memberships", harbour.theo), ("care_assignments", harbour.thea)):
        await admin.execute(
            f"update {table} set starts_at = $2, ends_at = $2 where user_id = $1",
            person.user_id,
            yesterday,
        )
    for client_id, token in zip(ids, tokens, strict=True):
        assert await states(harbour.ana, client_id) == ["withdrawn"]
        assert (await accept(harbour, token, birth_date=BIRTH)).status_code == 404


async def test_address_that_left_the_file_and_came_back_is_invited_anew(
    harbour: Cast, worker: House, mails: Mails
) -> None:
    email = address()
    client_id = await taken_in(harbour.thea, email)
    await invite(harbour.thea, client_id)
    token = await mailed(worker, mails, email)
    await put_on_file(harbour.abe, client_id)
    await put_on_file(harbour.thea, client_id, email)
    assert (await accept(harbour, token, birth_date=BIRTH)).status_code == 404


async def test_guardian_whom_the_front_desk_asked_is_not_let_in(
    harbour: Cast, worker: House, mails: Mails
) -> None:
    kit, emails = harbour.client_ids["kit"], [address(), address()]
    for email, sender in zip(emails, (harbour.abe, harbour.thea), strict=True):
        more = {"client_id": kit, "scopes": ["goals"], "invited_by": sender.user_id}
        await invited_as(harbour, "guardian", email, **more)
    await drain(worker)
    assert mails(emails[0]) == []
    joined = await accept(harbour, secret(mails(emails[1])[0]))
    assert joined.status_code == 200, joined.text
    http = harbour.clients.new(**bearer(joined), **{"Acting-For": kit})
    assert (await http.get("/v1/me/goals")).status_code == 200
    one = next(x for x in await listed(harbour.thea, client_id=kit) if x["state"] == "accepted")
    assert (await withdraw(harbour.thea, one)).status_code == 200
    assert (await http.get("/v1/me/goals")).status_code == 404


async def test_invitation_that_cannot_be_delivered_says_so_and_its_sender_hears(
    harbour: Cast, worker: House
) -> None:
    email = address()
    client_id = await taken_in(harbour.thea, email)
    server = Server(refuses="550 nobody of that name", refused=email)
    await drain(worker)
    await invite(harbour.thea, client_id)
    async with listening(server) as settings:
        await drain(replace(worker, settings=settings))
    assert await states(harbour.abe, client_id) == ["bounced"]
    told = [one.rcpt_tos for one in server.got]
    assert told == [[await address_of(harbour, harbour.thea)]]


async def test_withdrawn_invitation_opens_nothing_and_withdrawing_again_is_the_same(
    harbour: Cast, worker: House, mails: Mails
) -> None:
    email = address()
    client_id = await taken_in(harbour.thea, email)
    await invite(harbour.thea, client_id)
    token = await mailed(worker, mails, email)
    (one,) = await listed(harbour.abe, client_id=client_id)
    stale = await withdraw(harbour.abe, one | {"version": 9})
    first, again = [await withdraw(harbour.abe, one) for _ in range(2)]
    assert [x.status_code for x in (stale, first, again)] == [412, 200, 200]
    assert again.json() == first.json()
    assert (await accept(harbour, token, birth_date=BIRTH)).status_code == 404


async def test_invitations_of_staff_are_listed_to_the_desk_and_withdrawn_by_owners(
    harbour: Cast, worker: House, mails: Mails
) -> None:
    email = address()
    await harbour.ana.http.post("/v1/members", json={"email": email, "roles": ["therapist"]})
    await drain(worker)
    assert await listed(harbour.thea) == []
    (one,) = await listed(harbour.abe, state="sent")
    assert (one["kind"], one["email"], one["client"]) == ("staff", email, None)
    refused = await withdraw(harbour.abe, one)
    assert (refused.status_code, refused.json()["code"]) == (403, "access.role")
    await accept(harbour, secret(mails(email)[0]), name="Una Berg")
    (one,) = await listed(harbour.ana, state="accepted")
    late = await withdraw(harbour.ana, one)
    assert (late.status_code, late.json()["code"]) == (409, "invitations.joined")


async def test_pages_of_invitations_follow_each_other(harbour: Cast) -> None:
    client_id = await taken_in(harbour.thea, address())
    for _ in range(3):
        await invite(harbour.thea, client_id)
    found: list[str] = []
    url = "/v1/invitations?limit=2"
    while url:
        answer = await harbour.thea.http.get(url)
        found += [one["id"] for one in answer.json()["items"]]
        url = answer.links["next"]["url"] if "next" in answer.links else ""
    assert found == sorted(set(found), reverse=True)
    assert len(found) == 3
