"""The overviews' part of the story: the week and the toolbox, the queue, the board, the day."""

from typing import Any, Protocol

from app.core.clock import now


class Calling(Protocol):
    """Someone in the story."""

    async def call(
        self, method: str, path: str, body: object = None, *, version: int | None = None
    ) -> Any: ...


async def tell(thea: Calling, cleo: Calling, client_url: str) -> None:
    """Cleo looks at her week and her tools, sends and practises; Thea reads it.

    Told before anything else of Cleo's is open, so that her week reads the same on any weekday.
    """
    listed = await thea.call("GET", "/v1/exercises?area=nervous-system")
    exercise = listed["items"][0]
    asked = {
        "exercise_id": exercise["id"],
        "rationale": "For the minute after you hang up.",
        "due_at": "2190-11-02T18:00:00+00:00",
        "agreed": True,
    }
    assignment = await thea.call("POST", f"{client_url}/assignments", asked)
    week = await cleo.call("GET", "/v1/me/week?zone=Europe/London")
    await cleo.call("GET", "/v1/me/toolbox?locale=en")
    slot = next(one for one in week["also_open"] if one["assignment_id"] == assignment["id"])
    happened = {
        "exercise_version_id": slot["exercise_version_id"],
        "occurred_at": now().isoformat(),
        "zone": "Europe/London",
    }
    await cleo.call(
        "POST",
        f"/v1/me/occurrences/{slot['id']}/submissions",
        happened | {"client_key": "phone-7f3a-0201", "outcome": "attempted"},
    )
    await cleo.call(
        "POST",
        "/v1/me/repetitions",
        happened
        | {
            "client_key": "phone-7f3a-0202",
            "assignment_id": assignment["id"],
            "times": 2,
            "obstacles": ["felt_worse"],
        },
    )
    await thea.call("GET", "/v1/today")
    queue = await thea.call("GET", "/v1/review-queue")
    practice, sent = (
        next(one for one in queue["items"] if one["kind"] == kind)
        for kind in ("repetition", "submission")
    )
    await thea.call("POST", f"/v1/repetitions/{practice['id']}/seen", version=practice["version"])
    items = [{"submission_id": sent["id"], "number": sent["number"]}]
    await thea.call("POST", "/v1/submissions/acknowledge", {"items": items})
    await thea.call("GET", f"{client_url}/homework-board")
