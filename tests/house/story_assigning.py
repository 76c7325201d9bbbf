"""Assigning in the story: a proposal declined and revised, a practice of one's own, a question."""

from typing import Any, Protocol


class Calling(Protocol):
    """Someone in the story."""

    async def call(
        self, method: str, path: str, body: object = None, *, version: int | None = None
    ) -> Any: ...


async def tell(thea: Calling, cleo: Calling, client_url: str) -> None:
    """From a draft to what is done, and what Cleo takes up, stops and asks."""
    exercises = (await thea.call("GET", "/v1/exercises?area=nervous-system"))["items"]
    topic = await thea.call(
        "POST", f"{client_url}/topics", {"label": "Calls with my landlord", "slug": "landlord"}
    )
    await thea.call("GET", f"{client_url}/topics")
    await thea.call("GET", f"/v1/topics/{topic['id']}")
    await _declined_and_agreed(thea, cleo, client_url, exercises[0]["id"], topic["id"])
    await _several(thea, client_url, exercises[0]["id"])
    tool = f"{client_url}/toolbox/{exercises[-1]['id']}"
    await thea.call("PUT", tool)
    await _her_own(thea, cleo, exercises[-1]["id"])
    await thea.call("DELETE", tool)


async def _declined_and_agreed(
    thea: Calling, cleo: Calling, client_url: str, exercise_id: str, topic_id: str
) -> None:
    draft = await thea.call(
        "POST",
        f"{client_url}/assignments",
        {
            "exercise_id": exercise_id,
            "rationale": "Your jaw is tight before he has said a word.",
            "minimum_version": "One slow breath while it rings.",
            "steps": [
                "With me, in session.",
                "Before you ring your sister.",
                "Before you ring him.",
            ],
            "schedule": {"kind": "weekly", "days": ["mo", "we", "fr"], "opens": "08:00"},
            "topics": [topic_id],
            "draft": True,
        },
    )
    url, mine = (f"/v1/{door}assignments/{draft['id']}" for door in ("", "me/"))
    await thea.call("GET", f"{url}/preview")
    shown = await thea.call("POST", f"{url}/propose", version=draft["version"])
    reason = {"reason": "too_much", "words": "Three times a week I cannot promise."}
    declined = await cleo.call("POST", f"{mine}/decline", reason, version=shown["version"])
    less = {"schedule": {"kind": "times_a_week", "times": 1}}
    revised = await thea.call("POST", f"{url}/revise", less, version=declined["version"])
    sure = await cleo.call("POST", f"{mine}/accept", {"confidence": 4}, version=revised["version"])
    smaller = {"take": "step"}
    taken = await cleo.call("POST", f"{mine}/accept", smaller, version=sure["version"])
    paused = await thea.call("POST", f"{url}/pause", version=taken["version"])
    resumed = await thea.call("POST", f"{url}/resume", version=paused["version"])
    await thea.call("POST", f"{url}/finish", version=resumed["version"])
    copy = await thea.call("POST", f"{url}/copy")
    agreed = await thea.call("POST", f"/v1/assignments/{copy['id']}/agree", version=copy["version"])
    await thea.call("POST", f"/v1/assignments/{copy['id']}/end", version=agreed["version"])


async def _several(thea: Calling, client_url: str, exercise_id: str) -> None:
    wanted = {
        "exercise_id": exercise_id,
        "rationale": "For the weeks in which I am away.",
        "schedule": {"kind": "on_demand"},
        "draft": True,
    }
    asked = {"client_ids": [client_url.rpartition("/")[2]], "assignment": wanted}
    made = (await thea.call("POST", "/v1/assignments", asked))["items"][0]
    await thea.call("POST", f"/v1/assignments/{made['id']}/discard", version=made["version"])


async def _her_own(thea: Calling, cleo: Calling, exercise_id: str) -> None:
    own = await cleo.call(
        "POST",
        "/v1/me/assignments",
        {
            "client_key": "phone-7f3a-0101",
            "exercise_id": exercise_id,
            "schedule": {"kind": "daily", "opens": "21:00"},
            "zone": "Europe/London",
        },
    )
    mine = f"/v1/me/assignments/{own['id']}"
    asked = await cleo.call(
        "POST",
        f"{mine}/questions",
        {"client_key": "phone-7f3a-0102", "question": "Is it wrong if I fall asleep over it?"},
    )
    await thea.call("GET", "/v1/questions?open=true")
    url = f"/v1/questions/{asked['id']}"
    question = await thea.call("GET", url)
    answer = {"answer": "No. Then your body took what it needed."}
    await thea.call("POST", f"{url}/answer", answer, version=question["version"])
    await cleo.call("GET", "/v1/me/questions")
    await cleo.call("GET", f"/v1/me/questions/{asked['id']}")
    words = {"words": "Evenings belong to my daughter just now."}
    await cleo.call("POST", f"{mine}/end", words, version=own["version"])
