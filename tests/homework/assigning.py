"""Assigning as tests do it: someone puts an assignment through a verb, and what was answered."""

from typing import Any

import httpx

from tests.cast import Cast, Person
from tests.homework.scenes import EXERCISE, assign

STEPS = ["Say it to the mirror.", "Say it to a friend.", "Say it at work."]
DAILY = {"kind": "daily", "opens": "00:00"}


async def put(
    who: Person, assignment_id: str, verb: str, body: Any = None, *, version: int | None = None
) -> httpx.Response:
    """The verb, with the version the caller would read now unless one is given."""
    is_clients_side = who.client_id or "Acting-For" in who.http.headers
    door = "/v1/me/assignments" if is_clients_side else "/v1/assignments"
    url = f"{door}/{assignment_id}"
    if version is None:
        seen = (await who.http.get(url)).json()
        version = seen.get("version", 1)
    return await who.http.post(f"{url}/{verb}", json=body, headers={"If-Match": f'"v{version}"'})


async def done(who: Person, assignment_id: str, verb: str, body: Any = None) -> dict[str, Any]:
    """The verb, which must succeed."""
    answer = await put(who, assignment_id, verb, body)
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def patch(who: Person, assignment_id: str, body: Any, version: int = 1) -> httpx.Response:
    return await who.http.patch(
        f"/v1/assignments/{assignment_id}", json=body, headers={"If-Match": f'"v{version}"'}
    )


async def stepped(cast: Cast, **other: Any) -> dict[str, Any]:
    """Proposed homework with graded steps and a minimum version."""
    usual: dict[str, Any] = {"agreed": False, "steps": STEPS, "minimum_version": "One breath."}
    return await assign(cast, **usual | other)


async def topic(cast: Cast, client: str = "cleo") -> str:
    """The id of a topic of that client's."""
    therapist = cast.theo if client == "carl" else cast.thea
    url = f"/v1/clients/{cast.client_ids[client]}/topics"
    made = await therapist.http.post(url, json={"label": "My mother", "slug": "mother"})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


def for_many(cast: Cast, *names: str, **other: Any) -> dict[str, Any]:
    """A body that assigns the same to these clients."""
    wanted = {"exercise_id": str(EXERCISE.id), "rationale": "You all asked for it."} | other
    return {"client_ids": [cast.client_ids[name] for name in names], "assignment": wanted}
