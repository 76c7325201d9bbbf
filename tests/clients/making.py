"""Clients taken in over HTTP, as the tests of this room need them."""

from typing import Any

import httpx

from app.access.grounds import Bar
from app.core.ids import new_id
from tests.cast import Cast, Person

NORA = {
    "legal_name": "Nora Ebenezer-Łukasik",
    "preferred_name": "Nono",
    "pronouns": "they/them",
    "birth_date": "1991-02-28",
    "contact_points": [
        {"kind": "email", "value": "Nora@example.org", "may_email": True},
        {"kind": "phone", "value": "+49 (0)40 123456", "may_text": True, "discreet_only": True},
    ],
    "external_refs": [{"system": "billing", "value": "N-17"}],
    "focus": ["Sleeping through the night", "Saying no 🌱"],
}


async def take_in(person: Person, **fields: Any) -> httpx.Response:
    """POST /v1/clients as `person`."""
    return await person.http.post("/v1/clients", json={"legal_name": "Nora Example"} | fields)


async def found(person: Person, **filters: Any) -> list[str]:
    """The legal names that a list with these filters shows, in its order."""
    answer = await person.http.get("/v1/clients", params=filters)
    assert answer.status_code == 200, answer.text
    return [one["legal_name"] for one in answer.json()["items"]]


def in_front_of(cast: Cast, name: str) -> str:
    """The address of one of the cast's clients."""
    return f"/v1/clients/{cast.client_ids[name]}"


async def bar(cast: Cast, person: Person, client: str) -> None:
    """`person` never meets one of the cast's clients."""
    await cast.write(
        Bar,
        id=new_id(),
        client_id=cast.client_ids[client],
        user_id=person.user_id,
        reason="kin",
    )
