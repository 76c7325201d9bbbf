"""The care team changes, and access with it, from the next request on."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from app.access.grounds import Guardian, Membership
from app.core.clock import now
from app.core.ids import new_id
from tests.cast import Cast
from tests.clients.caring import add, close, end, hence, open_again, part_of, parts_of, reads
from tests.clients.making import bar
from tests.homework.scenes import submit


async def test_whoever_joins_reads_in_the_next_request(harbour: Cast) -> None:
    assert await reads(harbour.theo, harbour) == 404
    added = await add(harbour, "theo", "covering", ends_at=hence(7))
    assert added.status_code == 201, added.text
    assert await reads(harbour.theo, harbour) == 200


async def test_whoever_left_reads_nothing_in_the_next_request(harbour: Cast) -> None:
    await add(harbour, "theo", "covering")
    ended = await end(harbour, "theo")
    assert (ended.status_code, ended.json()["status"]) == (200, "over")
    assert await reads(harbour.theo, harbour) == 404


async def test_a_part_is_read_where_it_was_added(harbour: Cast) -> None:
    added = await add(harbour, "theo")
    read = await harbour.abe.http.get(added.headers["location"])
    assert read.json() == added.json()
    assert (read.json()["name"], read.json()["status"]) == ("Theo of the test", "current")


async def test_care_that_is_ahead_opens_nothing_yet(harbour: Cast) -> None:
    added = await add(harbour, "theo", "covering", starts_at=hence(1), ends_at=hence(8))
    assert added.json()["status"] == "ahead"
    assert await reads(harbour.theo, harbour) == 404


async def test_care_that_is_ahead_is_called_off(harbour: Cast) -> None:
    await add(harbour, "theo", "covering", starts_at=hence(1))
    ended = (await end(harbour, "theo")).json()
    assert (ended["status"], ended["ends_at"]) == ("over", ended["starts_at"])


async def test_a_new_primary_takes_over_at_that_moment(harbour: Cast) -> None:
    added = (await add(harbour, "theo", "primary")).json()
    (before,) = await parts_of(harbour, "thea")
    assert before["ends_at"] == added["starts_at"]
    assert (await reads(harbour.thea, harbour), await reads(harbour.theo, harbour)) == (404, 200)


async def test_open_reviews_go_along_and_authorship_stays(harbour: Cast) -> None:
    receipt = await submit(harbour)
    await end(harbour, "thea", successor="theo")
    url = "/v1/submissions?only_news=true"
    listed = (await harbour.theo.http.get(url)).json()["items"]
    assert [one["id"] for one in listed] == [receipt["submission_id"]]
    assert (await harbour.thea.http.get(url)).json()["items"] == []
    homework = await harbour.theo.http.get(f"/v1/clients/{harbour.client_ids['cleo']}/assignments")
    assert homework.json()["items"][0]["assigned_by"] == harbour.thea.user_id


async def test_a_successor_who_is_on_the_team_is_the_new_primary(harbour: Cast) -> None:
    await add(harbour, "theo", "co")
    assert (await end(harbour, "thea", successor="theo")).status_code == 200
    now_on = [(one["part"], one["status"]) for one in await parts_of(harbour, "theo")]
    assert now_on == [("primary", "current"), ("co", "over")]


async def test_a_successor_covers_for_as_long_as_was_left(harbour: Cast) -> None:
    added = (await add(harbour, "theo", "covering", ends_at=hence(7))).json()
    await end(harbour, "theo", successor="sam")
    (part,) = await parts_of(harbour, "sam")
    assert (part["part"], part["ends_at"]) == ("covering", added["ends_at"])


async def test_a_handover_is_planned_and_brought_forward(harbour: Cast) -> None:
    await end(harbour, "thea", ends_at=hence(3), successor="theo")
    assert (await reads(harbour.thea, harbour), await reads(harbour.theo, harbour)) == (200, 404)
    assert (await end(harbour, "thea")).json()["code"] == "care.last"
    moved = await end(harbour, "thea", successor="theo")
    assert moved.status_code == 200, moved.text
    assert (await reads(harbour.thea, harbour), await reads(harbour.theo, harbour)) == (404, 200)


async def test_the_last_to_treat_is_not_removed_without_a_successor(harbour: Cast) -> None:
    await add(harbour, "theo", "covering", ends_at=hence(7))
    refused = await end(harbour, "thea")
    assert (refused.status_code, refused.json()["code"]) == (409, "care.last")
    assert "successor_id" in refused.json()["detail"]
    assert await reads(harbour.thea, harbour) == 200


async def test_whoever_stays_must_be_able_to_treat(harbour: Cast) -> None:
    await add(harbour, "theo", "co")
    version = {"If-Match": '"v1"'}
    await harbour.ana.http.post(f"/v1/members/{harbour.theo.user_id}/suspend", headers=version)
    assert (await end(harbour, "thea")).json()["code"] == "care.last"


async def test_with_a_co_therapist_the_primary_may_go(harbour: Cast) -> None:
    await add(harbour, "theo", "co")
    assert (await end(harbour, "thea")).status_code == 200


async def test_of_two_who_leave_at_once_one_stays(harbour: Cast) -> None:
    await add(harbour, "theo", "co")
    urls = [f"/v1/care-team/{await part_of(harbour, who)}/end" for who in ("thea", "theo")]
    answers = await asyncio.gather(*(harbour.ana.http.post(url) for url in urls))
    assert sorted(one.status_code for one in answers) == [200, 409]


async def test_of_two_primaries_at_once_one_stands(harbour: Cast) -> None:
    await asyncio.gather(*(add(harbour, who, "primary") for who in ("theo", "sam")))
    standing = [
        one
        for who in ("thea", "theo", "sam")
        for one in await parts_of(harbour, who)
        if one["status"] == "current"
    ]
    assert [one["part"] for one in standing] == ["primary"]


async def test_ending_again_changes_nothing(harbour: Cast) -> None:
    await add(harbour, "theo")
    first, again = await end(harbour, "theo"), await end(harbour, "theo")
    assert (again.status_code, again.json()) == (200, first.json())


async def test_an_idempotency_key_adds_one_part(harbour: Cast) -> None:
    body = {"user_id": harbour.theo.user_id, "part": "co"}
    url = f"/v1/episodes/{harbour.episode_ids['cleo']}/care-team"
    header = {"Idempotency-Key": "one"}
    first = await harbour.ana.http.post(url, json=body, headers=header)
    again = await harbour.ana.http.post(url, json=body, headers=header)
    assert (again.status_code, again.json()) == (201, first.json())


async def test_nobody_is_on_a_team_twice(harbour: Cast) -> None:
    await add(harbour, "theo", "covering", starts_at=hence(2), ends_at=hence(4))
    overlapping = await add(harbour, "theo", "co", starts_at=hence(3))
    assert (overlapping.status_code, overlapping.json()["code"]) == (409, "care.already")
    before = await add(harbour, "theo", "covering", ends_at=hence(1))
    assert before.status_code == 201, before.text


async def test_the_primary_is_not_made_primary_again(harbour: Cast) -> None:
    assert (await add(harbour, "thea", "primary")).json()["code"] == "care.already"


async def test_an_end_that_stands_is_not_put_off(harbour: Cast) -> None:
    await add(harbour, "theo", "covering", ends_at=hence(2))
    answer = await end(harbour, "theo", ends_at=hence(3))
    assert (answer.status_code, answer.json()["code"]) == (409, "care.ends_before")


async def _suspended(cast: Cast) -> str:
    work, transaction = cast.job()
    async with transaction:
        await work.alter(Membership, cast.theo.user_id, suspended_at=now())
    return cast.theo.user_id


async def _ended(cast: Cast) -> str:
    work, transaction = cast.job()
    async with transaction:
        await work.alter(Membership, cast.theo.user_id, ends_at=now())
    return cast.theo.user_id


async def _barred(cast: Cast) -> str:
    await bar(cast, cast.theo, "cleo")
    return cast.theo.user_id


async def _becomes_therapist(cast: Cast, user_id: str) -> str:
    words = {"name": "Also a therapist", "licence": None, "title": None}
    await cast.write(Membership, user_id=user_id, roles=["therapist"], words=words)
    return user_id


async def _themselves(cast: Cast) -> str:
    return await _becomes_therapist(cast, cast.cleo.user_id)


async def _their_parent(cast: Cast) -> str:
    values = {"relation": "parent", "basis": "consent", "scopes": [], "starts_on": now().date()}
    await cast.write(
        Guardian,
        id=new_id(),
        client_id=cast.client_ids["cleo"],
        user_id=cast.greta.user_id,
        **values,
    )
    return await _becomes_therapist(cast, cast.greta.user_id)


async def _assistant(cast: Cast) -> str:
    return cast.abe.user_id


async def _nobody(cast: Cast) -> str:
    return new_id()


async def _add(cast: Cast, user_id: str) -> httpx.Response:
    return await _post(cast, {"user_id": user_id, "part": "co"})


async def _succeed(cast: Cast, user_id: str) -> httpx.Response:
    return await end(cast, "thea", successor_id=user_id)


async def _open(cast: Cast, user_id: str) -> httpx.Response:
    return await open_again(cast, "abe", primary_therapist_id=user_id)


WAYS: dict[str, tuple[str, Callable[[Cast, str], Awaitable[httpx.Response]]]] = {
    "add": ("/user_id", _add),
    "succeed": ("/successor_id", _succeed),
    "open": ("/primary_therapist_id", _open),
}


@pytest.mark.parametrize(
    "someone",
    [_suspended, _ended, _barred, _themselves, _their_parent, _assistant, _nobody],
)
@pytest.mark.parametrize("way", WAYS)
async def test_whoever_may_not_treat_is_refused_by_name_of_the_field(
    harbour: Cast, someone: Any, way: str
) -> None:
    user_id = await someone(harbour)
    pointer, ask = WAYS[way]
    refused = await ask(harbour, user_id)
    assert refused.status_code == 422, refused.text
    assert refused.json()["errors"][0]["pointer"] == pointer


async def _post(cast: Cast, body: dict[str, Any]) -> httpx.Response:
    return await cast.ana.http.post(f"/v1/episodes/{cast.episode_ids['cleo']}/care-team", json=body)


async def test_nobody_from_next_door_joins(harbour: Cast, lakeside: Cast) -> None:
    answer = await _post(harbour, {"user_id": lakeside.theo.user_id, "part": "co"})
    assert (answer.status_code, answer.json()["code"]) == (422, "care.no_therapist")
    there = await add(harbour, "theo", by="ana")
    assert there.status_code == 201
    foreign = await lakeside.ana.http.get(there.headers["location"])
    assert foreign.status_code == 404


@pytest.mark.parametrize("who", ["thea", "sam", "abe"])
async def test_only_owners_write_the_care_team(harbour: Cast, who: str) -> None:
    added = await add(harbour, "theo", by=who)
    assert (added.status_code, added.json()["code"]) == (403, "access.role")
    assert "owner" in added.json()["detail"]


@pytest.mark.parametrize(
    "body",
    [
        {"part": "primary", "ends_at": hence(1)},
        {"part": "co", "starts_at": hence(2), "ends_at": hence(1)},
        {"part": "co", "starts_at": hence(-1)},
        {"part": "co", "ends_at": hence(-1)},
        {"part": "friend"},
        {"part": "co", "reason": "x"},
    ],
)
async def test_what_cannot_be_is_refused(harbour: Cast, body: dict[str, Any]) -> None:
    answer = await _post(harbour, {"user_id": harbour.theo.user_id} | body)
    assert answer.status_code == 422, answer.text


async def test_nobody_joins_a_closed_episode(harbour: Cast) -> None:
    await close(harbour)
    answer = await add(harbour, "theo")
    assert (answer.status_code, answer.json()["code"]) == (409, "episodes.closed")


async def test_from_a_closed_episode_everyone_may_go(harbour: Cast) -> None:
    await close(harbour)
    assert (await end(harbour, "thea")).status_code == 200
