"""Care teams changed over HTTP, as the tests of this room need them."""

from datetime import timedelta
from typing import Any

import httpx

from app.core.clock import now
from tests.cast import Cast, Person


def hence(days: float) -> str:
    """The instant that many days from now."""
    return (now() + timedelta(days=days)).isoformat()


async def add(
    cast: Cast, who: str, part: str = "co", *, client: str = "cleo", by: str = "ana", **more: Any
) -> httpx.Response:
    """`who` joins the care of the cast's client."""
    body = {"user_id": cast.people[who].user_id, "part": part} | more
    url = f"/v1/episodes/{cast.episode_ids[client]}/care-team"
    return await cast.people[by].http.post(url, json=body)


async def part_of(cast: Cast, who: str, client: str = "cleo") -> str:
    """The id of the newest part that `who` has in the care of the cast's client."""
    return str((await parts_of(cast, who, client))[0]["id"])


async def parts_of(cast: Cast, who: str, client: str = "cleo") -> list[dict[str, Any]]:
    """The parts of `who`, newest first."""
    answer = await cast.ana.http.get(f"/v1/clients/{cast.client_ids[client]}/care-team")
    assert answer.status_code == 200, answer.text
    user_id = cast.people[who].user_id
    return [one for one in answer.json()["items"] if one["user_id"] == user_id]


async def end(cast: Cast, who: str, *, client: str = "cleo", **body: Any) -> httpx.Response:
    """The owner ends the newest part of `who`."""
    if "successor" in body:
        body["successor_id"] = cast.people[body.pop("successor")].user_id
    url = f"/v1/care-team/{await part_of(cast, who, client)}/end"
    return await cast.ana.http.post(url, json=body)


async def reads(person: Person, cast: Cast, client: str = "cleo") -> int:
    """What `person` is answered who asks for the client's homework."""
    url = f"/v1/clients/{cast.client_ids[client]}/assignments"
    return (await person.http.get(url)).status_code


async def close(
    cast: Cast, by: str = "thea", *, client: str = "cleo", version: int = 1
) -> httpx.Response:
    """`by` closes the episode of the cast's client."""
    url = f"/v1/episodes/{cast.episode_ids[client]}/close"
    return await cast.people[by].http.post(url, headers={"If-Match": f'"v{version}"'})


async def open_again(
    cast: Cast, by: str = "thea", *, client: str = "cleo", **body: Any
) -> httpx.Response:
    """`by` opens another episode for the cast's client."""
    url = f"/v1/clients/{cast.client_ids[client]}/episodes"
    return await cast.people[by].http.post(url, json=body)
