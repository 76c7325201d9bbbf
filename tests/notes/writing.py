"""How the tests of this room write and sign a note."""

from typing import Any

import httpx
from sqlalchemy import func, update

from app.access.grounds import CareAssignment
from app.core.statements import Query, p
from tests.cast import Cast

_END = Query(
    update(CareAssignment)
    .where(
        CareAssignment.practice_id == p("practice_id"),
        CareAssignment.client_id == p("of_client"),
    )
    .values(ends_at=func.now())
)

SOAP: dict[str, Any] = {
    "header": {
        "start": "2026-11-20T09:00:00+01:00",
        "stop": "2026-11-20T09:50:00+01:00",
        "setting": "in_person",
        "participants": ["Cleo", "Thea"],
        "risk_statement": "No thoughts of harm, asked and answered.",
    },
    "sections": {
        "subjective": "Slept better, argued with her sister.",
        "objective": "Calm, spoke at length.",
        "assessment": "Says no sooner than a month ago.",
        "plan": "One small refusal before the next session.",
    },
}


async def draft(cast: Cast, who: str = "thea", client: str = "cleo", **said: Any) -> httpx.Response:
    """A complete SOAP draft, unless told otherwise."""
    return await cast.people[who].http.post(
        f"/v1/clients/{cast.client_ids[client]}/notes", json={"format": "SOAP", "body": SOAP} | said
    )


async def change(
    cast: Cast, note: dict[str, Any], who: str = "thea", **said: Any
) -> httpx.Response:
    """A PATCH with the version that `note` shows."""
    return await cast.people[who].http.patch(
        f"/v1/notes/{note['id']}", json=said, headers={"If-Match": f'"v{note["version"]}"'}
    )


async def sign(cast: Cast, note: dict[str, Any], who: str = "thea", **said: Any) -> httpx.Response:
    """A signature under the revision and version that `note` shows."""
    return await cast.people[who].http.post(
        f"/v1/notes/{note['id']}/sign",
        json={"revision": note["revision"], "attestation": True} | said,
        headers={"If-Match": f'"v{note["version"]}"'},
    )


async def signed(cast: Cast, **said: Any) -> dict[str, Any]:
    """A note that Thea signed and released."""
    answer = await sign(cast, (await draft(cast, **said)).json())
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def end_care(cast: Cast, part_of: str = "cleo") -> None:
    """The care of this client's therapists ends now."""
    work, transaction = cast.job()
    async with transaction:
        await work.run(_END, of_client=cast.client_ids[part_of])
