"""Addresses that the front desk put on file stand in the day until somebody has confirmed them."""

from typing import Any

from tests.cast import Cast
from tests.clients.making import take_in
from tests.invitations.scenes import choose, confirm, desk, email_point
from tests.overview.scenes import read

NAME = "addresses_to_confirm"


async def section(cast: Cast, name: str) -> Any:
    return (await read(cast.people[name], "/v1/today"))[NAME]


async def test_today_shows_an_address_of_the_desk_until_it_is_confirmed(harbour: Cast) -> None:
    client_id, email = await desk(harbour)
    (item,) = await section(harbour, "thea")
    since = item.pop("since")
    expected = {"client_id": client_id, "client": "Nora Example", "email": email, "version": 1}
    assert (item, since is not None) == (expected, True)
    others = [await section(harbour, name) for name in ("theo", "sam", "ana", "abe")]
    assert others == [[], [], [], None]
    answer = await confirm(harbour.thea, client_id, email, item["version"])
    assert answer.status_code == 200, answer.text
    assert await section(harbour, "thea") == []


async def test_today_shows_owners_the_addresses_of_clients_whom_nobody_treats(
    harbour: Cast, lakeside: Cast
) -> None:
    client_id, _ = await desk(harbour)
    await harbour.ana.http.post(
        f"/v1/members/{harbour.thea.user_id}/suspend", headers={"If-Match": '"v1"'}
    )
    assert [one["client_id"] for one in await section(harbour, "ana")] == [client_id]
    assert await section(lakeside, "ana") == []


async def test_today_shows_no_address_where_it_says_nothing_new(harbour: Cast) -> None:
    await take_in(harbour.thea, contact_points=[email_point("own@example.org")])
    url = f"/v1/clients/{harbour.client_ids['cleo']}"
    body = {"contact_points": [email_point("of-cleo-who-has-joined@example.org")]}
    version = (await harbour.abe.http.get(url)).headers["etag"]
    await harbour.abe.http.patch(url, json=body, headers={"If-Match": version})
    assert await section(harbour, "thea") == []
    await desk(harbour)
    await choose(harbour, desk_invites="tell")
    assert await section(harbour, "thea") == []
