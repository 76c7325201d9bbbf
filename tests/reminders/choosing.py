"""Choosing reminders, as the tests of this room do."""

from typing import Any

import httpx

from app.homework import planning
from app.homework.models import Assignment
from tests.cast import Cast, Person
from tests.homework.scenes import assign
from tests.post import address

URL = "/v1/me/reminders"


async def choose(person: Person, *, seen: int | None = None, **choice: Any) -> httpx.Response:
    """Choose, having seen the version that there is now."""
    if seen is None:
        seen = (await person.http.get(URL)).json()["version"]
    return await person.http.patch(URL, json=choice, headers={"If-Match": f'"v{seen}"'})


async def put_on_file(person: Person, **point: Any) -> str:
    """Give the client an e-mail address that may be written to; the address."""
    profile = (await person.http.get("/v1/me/profile")).json()
    email = address()
    usual = {"kind": "email", "value": email, "may_email": True}
    answer = await person.http.patch(
        "/v1/me/profile",
        json={"contact_points": [usual | point]},
        headers={"If-Match": f'"v{profile["version"]}"'},
    )
    assert answer.status_code == 200, answer.text
    return email


async def by_mail(cast: Cast, **more: Any) -> str:
    """Cleo wants reminders by mail; her address."""
    point = more.pop("point", {})
    email = await put_on_file(cast.cleo, **point)
    answer = await choose(cast.cleo, channel="email", **more)
    assert answer.status_code == 200, answer.text
    return email


async def daily(cast: Cast) -> dict[str, Any]:
    """An assignment of Cleo's with a slot on every day from today on."""
    made = await assign(cast)
    work, transaction = cast.job()
    async with transaction:
        await work.alter(Assignment, made["id"], schedule={"kind": "daily"}, starts_on=None)
        await planning.plan(work, await planning.needed(work, cast.client_ids["cleo"], made["id"]))
    return made
