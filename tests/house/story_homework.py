"""The part of the story in which homework is everything that it can be."""

from datetime import date
from typing import Any

from app.operation.house import House
from tests.house import (
    story_assigning,
    story_doing,
    story_files,
    story_library,
    story_programs,
    story_rests,
    story_slots,
)


async def tell(house: House, thea: Any, cleo: Any, anyone: Any, client_id: str) -> None:
    """Thea writes exercises and gives them, once and in an order; Cleo does them, and rests."""
    client_url = f"/v1/clients/{client_id}"
    await story_library.tell(thea)
    await story_assigning.tell(thea, cleo, client_url)
    slot = await _given(thea, cleo, client_url, "a-moment-on-my-timeline")
    await story_slots.tell(thea, slot["assignment_id"], date.fromisoformat(slot["local_on"]))
    await story_doing.tell(cleo, thea, slot)
    await _voice_note(thea, cleo, client_url)
    await story_programs.tell(thea, cleo, client_url)
    await story_rests.tell(house, thea, cleo, anyone, client_id)


async def _given(thea: Any, cleo: Any, client_url: str, slug: str) -> dict[str, Any]:
    """An exercise agreed in session, and its slot in Cleo's day."""
    listed = await thea.call("GET", f"/v1/exercises?q={slug.replace('-', '+')}")
    asked = {
        "exercise_id": listed["items"][0]["id"],
        "rationale": "You said you would like to look at it with more time than we have.",
        "agreed": True,
    }
    assignment = await thea.call("POST", f"{client_url}/assignments", asked)
    today = await cleo.call("GET", "/v1/me/today?zone=Europe/London")
    found: dict[str, Any] = next(
        one for one in today["open"] if one["assignment_id"] == assignment["id"]
    )
    return found


async def _voice_note(thea: Any, cleo: Any, client_url: str) -> None:
    slot = await _given(thea, cleo, client_url, "an-open-page")
    form = await cleo.call("GET", f"/v1/me/exercise-versions/{slot['exercise_version_id']}")
    field = next(one["id"] for one in form["form"]["fields"] if one["kind"] == "file")
    upload_id = await story_files.tell(cleo.http)
    sent = await cleo.call(
        "POST",
        f"/v1/me/occurrences/{slot['id']}/submissions",
        {
            "client_key": "phone-7f3a-0902",
            "outcome": "partial",
            "answers": {field: upload_id},
            "exercise_version_id": slot["exercise_version_id"],
            "occurred_at": "2026-11-02T18:30:00+00:00",
            "zone": "Europe/London",
        },
    )
    await story_files.read(thea.http, sent["submission_id"], upload_id)


async def offline(thea: Any, cleo: Any, client_id: str) -> None:
    """Cleo's phone was away, and comes back."""
    slot = await _given(thea, cleo, f"/v1/clients/{client_id}", "five-minutes-of-noticing")
    asked = {"client_id": client_id, "zone": "Europe/London", "sent_at": "2026-11-02T18:31:00Z"}
    body = {
        "outcome": "attempted",
        "exercise_version_id": slot["exercise_version_id"],
        "occurred_at": "2026-11-02T18:30:00Z",
    }
    item = {
        "kind": "submission",
        "client_key": "phone-7f3a-0903",
        "about_id": slot["id"],
        "body": body,
    }
    heard = await cleo.call("POST", "/v1/me/sync", asked | {"items": [item]})
    await cleo.call("POST", "/v1/me/sync", asked | {"cursor": heard["cursor"]})
