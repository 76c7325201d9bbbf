"""What is on file about a client: who reads it, who changes it, who is invited."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from app.access.grounds import BreakGlass, CareAssignment, ClientLogin
from app.accounts.models import Invitation
from app.clients.models import Client
from app.core.clock import now
from app.core.ids import new_id
from app.core.statements import Query, p
from tests.cast import Cast, Person
from tests.clients.making import NORA, bar, found, in_front_of, take_in

INVITATIONS = Query(
    select(
        Invitation.id,
        Invitation.words,
        Invitation.token_hash,
        Invitation.expires_at,
        Invitation.birth_hash,
        Invitation.revoked_at,
    )
    .where(Invitation.practice_id == p("practice_id"), Invitation.kind == "client")
    .order_by(Invitation.id)
)


async def change(person: Person, url: str, body: object, version: int = 1) -> httpx.Response:
    return await person.http.patch(url, json=body, headers={"If-Match": f'"v{version}"'})


async def new_client(cast: Cast, **fields: Any) -> str:
    """The address of Nora, in Thea's care."""
    return str((await take_in(cast.thea, **NORA | fields)).headers["location"])


async def invitations(cast: Cast) -> list[dict[str, Any]]:
    work, transaction = cast.job()
    async with transaction:
        return await work.rows(INVITATIONS)


@pytest.mark.parametrize("who", ["ana", "abe", "thea", "sam"])
async def test_those_who_know_a_client_read_the_file(harbour: Cast, who: str) -> None:
    answer = await harbour.people[who].http.get(in_front_of(harbour, "cleo"))
    assert answer.status_code == 200, answer.text


async def test_a_colleague_and_the_practice_next_door_are_told_nothing(
    harbour: Cast, lakeside: Cast
) -> None:
    for person in (harbour.theo, lakeside.ana, lakeside.thea):
        url = in_front_of(harbour, "cleo")
        assert (await person.http.get(url)).status_code == 404
        assert (await change(person, url, {"pronouns": "x"})).status_code == 404
        assert (await person.http.post(f"{url}/invitation")).status_code == 404


async def test_what_care_is_about_is_for_those_who_treat(harbour: Cast) -> None:
    url = await new_client(harbour)
    focus = {
        name: (await harbour.people[name].http.get(url)).json()["episodes"][0]["focus"]
        for name in ("thea", "sam", "ana", "abe")
    }
    assert focus == {"thea": NORA["focus"], "sam": NORA["focus"], "ana": None, "abe": None}


async def test_a_change_touches_what_is_named(harbour: Cast) -> None:
    url = await new_client(harbour)
    changed = (await change(harbour.thea, url, {"preferred_name": None, "zone": "UTC"})).json()
    assert (changed["preferred_name"], changed["pronouns"]) == (None, "they/them")
    assert (changed["zone"], changed["version"]) == ("Etc/UTC", 2)


async def test_a_new_name_is_found_and_the_old_one_is_not(harbour: Cast) -> None:
    url = await new_client(harbour)
    await change(harbour.abe, url, {"legal_name": "Norbert New", "preferred_name": None})
    assert await found(harbour.thea, q="norbert") == ["Norbert New"]
    assert await found(harbour.thea, q="lukasik") == []


async def test_a_change_needs_the_version_that_was_seen(harbour: Cast) -> None:
    url = in_front_of(harbour, "cleo")
    assert (await harbour.thea.http.patch(url, json={"zone": "UTC"})).status_code == 428
    stale = await change(harbour.thea, url, {"zone": "UTC"}, 9)
    assert (stale.status_code, stale.headers["etag"]) == (412, '"v1"')


@pytest.mark.parametrize(
    "body",
    [
        {"legal_name": None},
        {"zone": None},
        {"locale": None},
        {"contact_points": None},
        {"legal_name": "a\x00"},
        {"birth_date": "1800-01-01"},
        {"external_refs": None},
        {"names_to_guardians": True},
    ],
)
async def test_what_cannot_be_is_refused(harbour: Cast, body: object) -> None:
    assert (await change(harbour.thea, in_front_of(harbour, "cleo"), body)).status_code == 422


async def test_a_supervisor_reads_and_does_not_write(harbour: Cast) -> None:
    url = in_front_of(harbour, "cleo")
    changed = await change(harbour.sam, url, {"zone": "UTC"})
    invited = await harbour.sam.http.post(f"{url}/invitation")
    assert (changed.status_code, invited.status_code) == (403, 403)
    assert changed.json()["code"] == "access.not_on_care_team"


async def test_whoever_breaks_the_glass_reads_and_does_not_write(harbour: Cast) -> None:
    work, transaction = harbour.job()
    client_id = harbour.client_ids["cleo"]
    async with transaction:
        await work._connection.execute("select set_config('app.capacity', 'staff', true)")
        await work.add(
            BreakGlass,
            id=new_id(),
            client_id=client_id,
            user_id=harbour.theo.user_id,
            reason="she rang",
            expires_at=now() + timedelta(hours=1),
        )
    url = in_front_of(harbour, "cleo")
    assert (await harbour.theo.http.get(url)).status_code == 200
    assert (await change(harbour.theo, url, {"zone": "UTC"})).status_code == 403


async def test_care_that_ended_shows_nobody(harbour: Cast) -> None:
    work, transaction = harbour.job()
    async with transaction:
        await work._connection.execute(
            "update care_assignments set ends_at = now() where client_id = $1",
            harbour.client_ids["cleo"],
        )
    assert (await harbour.thea.http.get(in_front_of(harbour, "cleo"))).status_code == 404
    assert await found(harbour.thea, q="cleo") == []


async def test_nobody_meets_themselves_at_the_staff_door(harbour: Cast) -> None:
    url = await new_client(harbour)
    await harbour.write(ClientLogin, client_id=url.rpartition("/")[2], user_id=harbour.abe.user_id)
    await bar(harbour, harbour.ana, "cleo")
    for person, seen in ((harbour.abe, url), (harbour.ana, in_front_of(harbour, "cleo"))):
        assert (await person.http.get(seen)).status_code == 404
        assert (await change(person, seen, {"zone": "UTC"})).status_code == 404
        assert (await person.http.post(f"{seen}/invitation")).status_code == 404


async def test_a_shared_episode_names_everyone_who_treats(harbour: Cast) -> None:
    await harbour.write(
        CareAssignment,
        id=new_id(),
        client_id=harbour.client_ids["carl"],
        episode_id=harbour.episode_ids["carl"],
        user_id=harbour.sam.user_id,
        part="co",
    )
    client = (await harbour.sam.http.get(in_front_of(harbour, "carl"))).json()
    assert [one["part"] for one in client["episodes"][0]["therapists"]] == ["primary", "co"]


async def test_an_invitation_goes_to_the_address_that_may_be_written_to(harbour: Cast) -> None:
    url = await new_client(harbour)
    answer = await harbour.abe.http.post(f"{url}/invitation")
    assert (answer.status_code, answer.content) == (202, b"")
    (sent,) = await invitations(harbour)
    assert (sent["email"], sent["token_hash"], sent["expires_at"]) == (
        "Nora@example.org", None, None,
    )  # fmt: skip
    assert sent["birth_hash"] is not None


async def test_asking_again_ends_the_earlier_invitation(harbour: Cast) -> None:
    url = await new_client(harbour)
    answers = await asyncio.gather(
        *(harbour.thea.http.post(f"{url}/invitation", json={}) for _ in range(4))
    )
    assert {one.status_code for one in answers} == {202}
    assert [one["revoked_at"] is None for one in await invitations(harbour)].count(True) == 1


async def test_an_invitation_goes_nowhere_else(harbour: Cast) -> None:
    url = await new_client(harbour) + "/invitation"
    other = await harbour.thea.http.post(url, json={"email": "else@example.org"})
    assert (other.status_code, other.json()["code"]) == (422, "clients.email_not_on_file")
    same = await harbour.thea.http.post(url, json={"email": "NORA@example.org"})
    assert same.status_code == 202


async def test_without_an_address_nobody_is_invited(harbour: Cast) -> None:
    url = await new_client(harbour, contact_points=[{"kind": "email", "value": "n@example.org"}])
    answer = await harbour.thea.http.post(f"{url}/invitation")
    assert (answer.status_code, answer.json()["code"]) == (409, "clients.no_email")


async def test_who_has_a_login_is_not_invited(harbour: Cast) -> None:
    url = in_front_of(harbour, "cleo")
    point = {"kind": "email", "value": "c@example.org", "may_email": True}
    await change(harbour.thea, url, {"contact_points": [point]})
    answer = await harbour.thea.http.post(f"{url}/invitation")
    assert (answer.status_code, answer.json()["code"]) == (409, "clients.has_login")


async def test_nobody_is_invited_after_a_death(harbour: Cast) -> None:
    url = await new_client(harbour)
    work, transaction = harbour.job()
    async with transaction:
        await work.alter(Client, url.rpartition("/")[2], status="deceased")
    answer = await harbour.thea.http.post(f"{url}/invitation")
    assert (answer.status_code, answer.json()["code"]) == (409, "clients.state")


async def test_clients_have_no_staff_door(harbour: Cast) -> None:
    url = in_front_of(harbour, "cleo")
    for answer in (
        await harbour.cleo.http.get("/v1/clients"),
        await harbour.cleo.http.get(url),
        await change(harbour.cleo, url, {"zone": "UTC"}),
        await harbour.greta.http.get(url),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "access.role")
