"""Episodes open and close, and the client with them."""

import asyncio
from typing import Any

import pytest

from tests.cast import Cast
from tests.clients.caring import add, close, hence, open_again
from tests.clients.making import in_front_of


async def status(cast: Cast) -> str:
    return str((await cast.ana.http.get(in_front_of(cast, "cleo"))).json()["status"])


async def test_the_last_to_close_discharges_the_client(harbour: Cast) -> None:
    closed = await close(harbour)
    assert closed.status_code == 200, closed.text
    assert closed.json()["closed_at"] is not None
    assert await status(harbour) == "discharged"


async def test_another_open_episode_keeps_the_client(harbour: Cast) -> None:
    await open_again(harbour)
    await close(harbour)
    assert await status(harbour) == "active"


async def test_of_the_last_two_closed_at_once_one_discharges(harbour: Cast) -> None:
    other = (await open_again(harbour)).json()["id"]
    urls = [f"/v1/episodes/{one}/close" for one in (other, harbour.episode_ids["cleo"])]
    header = {"If-Match": '"v1"'}
    await asyncio.gather(*(harbour.thea.http.post(url, headers=header) for url in urls))
    assert await status(harbour) == "discharged"


async def test_a_new_episode_takes_a_discharged_client_up_again(harbour: Cast) -> None:
    await close(harbour)
    opened = await open_again(harbour, focus=["Coming back"], opened_on="2026-10-01")
    assert opened.status_code == 201, opened.text
    assert (opened.json()["focus"], opened.json()["opened_on"]) == (["Coming back"], "2026-10-01")
    assert await status(harbour) == "active"
    assert (await harbour.cleo.http.get("/v1/me/profile")).json()["focus"] == ["Coming back"]


async def test_it_is_read_where_it_was_opened(harbour: Cast) -> None:
    opened = await open_again(harbour)
    read = await harbour.thea.http.get(opened.headers["location"])
    assert (read.json(), read.json()["version"]) == (opened.json(), 1)


@pytest.mark.parametrize("who", ["ana", "abe"])
async def test_the_front_desk_opens_for_a_therapist_and_does_not_read_what_it_is_about(
    harbour: Cast, who: str
) -> None:
    theo = harbour.theo.user_id
    opened = await open_again(harbour, who, primary_therapist_id=theo, focus=["Grief"])
    assert opened.status_code == 201, opened.text
    assert opened.json()["focus"] is None
    read = (await harbour.theo.http.get(opened.headers["location"])).json()
    assert read["focus"] == ["Grief"]
    assert read["therapists"] == [{"user_id": theo, "part": "primary"}]


async def test_a_therapist_opens_for_nobody_else(harbour: Cast) -> None:
    answer = await open_again(harbour, primary_therapist_id=harbour.theo.user_id)
    assert (answer.status_code, answer.json()["code"]) == (422, "clients.primary_therapist")


async def test_a_colleague_opens_and_closes_nothing(harbour: Cast, lakeside: Cast) -> None:
    for who in (harbour.theo, lakeside.thea, lakeside.ana):
        url = f"/v1/clients/{harbour.client_ids['cleo']}/episodes"
        assert (await who.http.post(url)).status_code == 404
        url = f"/v1/episodes/{harbour.episode_ids['cleo']}"
        assert (await who.http.get(url)).status_code == 404
        answer = await who.http.post(f"{url}/close", headers={"If-Match": '"v1"'})
        assert answer.status_code == 404


async def test_a_supervisor_reads_and_does_not_close(harbour: Cast) -> None:
    read = await harbour.sam.http.get(f"/v1/episodes/{harbour.episode_ids['cleo']}")
    assert read.status_code == 200
    answer = await close(harbour, "sam")
    assert (answer.status_code, answer.json()["code"]) == (403, "access.not_on_care_team")


async def test_whoever_treats_another_episode_does_not_close_this_one(harbour: Cast) -> None:
    theo = harbour.theo.user_id
    await open_again(harbour, "ana", primary_therapist_id=theo)
    answer = await close(harbour, "theo")
    assert (answer.status_code, answer.json()["code"]) == (403, "access.not_on_care_team")


async def test_the_owner_closes_and_the_front_desk_does_not(harbour: Cast) -> None:
    assert (await close(harbour, "abe")).status_code == 403
    assert (await close(harbour, "ana")).status_code == 200


async def test_closing_needs_the_version_that_was_seen(harbour: Cast) -> None:
    url = f"/v1/episodes/{harbour.episode_ids['cleo']}/close"
    assert (await harbour.thea.http.post(url)).status_code == 428
    stale = await close(harbour, version=9)
    assert (stale.status_code, stale.headers["etag"]) == (412, '"v1"')


async def test_closing_again_changes_nothing(harbour: Cast) -> None:
    first, again = await close(harbour), await close(harbour)
    assert (again.status_code, again.json()) == (200, first.json())


async def test_a_closed_episode_stays_readable_to_whom_it_was(harbour: Cast) -> None:
    await close(harbour)
    url = f"/v1/clients/{harbour.client_ids['cleo']}/assignments"
    assert (await harbour.thea.http.get(url)).status_code == 200
    made = await harbour.thea.http.post(
        f"/v1/clients/{harbour.client_ids['cleo']}/goals", json={"statement": "To go on"}
    )
    assert (made.status_code, made.json()["code"]) == (409, "episodes.none_open")


async def test_the_file_is_in_a_new_version_and_knows_its_therapists_now(harbour: Cast) -> None:
    before = await harbour.thea.http.get(in_front_of(harbour, "cleo"))
    opened = (await open_again(harbour)).json()
    after = await harbour.thea.http.get(
        in_front_of(harbour, "cleo"), headers={"If-None-Match": before.headers["etag"]}
    )
    assert after.json()["version"] == before.json()["version"] + 1
    assert after.json()["episodes"][0]["id"] == opened["id"]


async def test_another_care_team_is_no_new_version_of_the_client(harbour: Cast) -> None:
    before = (await harbour.cleo.http.get("/v1/me/profile")).headers["etag"]
    await add(harbour, "theo")
    assert (await harbour.cleo.http.get("/v1/me/profile")).headers["etag"] == before


async def test_care_ahead_is_not_shown_as_care(harbour: Cast) -> None:
    await add(harbour, "theo", starts_at=hence(1))
    url = f"/v1/episodes/{harbour.episode_ids['cleo']}"
    assert len((await harbour.thea.http.get(url)).json()["therapists"]) == 1


@pytest.mark.parametrize(
    "body",
    [
        {"opened_on": hence(3)[:10]},
        {"opened_on": "2026-13-01"},
        {"focus": ["1", "2", "3", "4"]},
        {"focus": [""]},
        {"primary_therapist_id": "thea"},
        {"closed_at": None},
    ],
)
async def test_what_cannot_be_is_refused(harbour: Cast, body: dict[str, Any]) -> None:
    assert (await open_again(harbour, **body)).status_code == 422
