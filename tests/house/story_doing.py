"""Doing homework, for the description's examples."""

from typing import Any

from tests.house.story_library import Calling


async def tell(cleo: Any, thea: Calling, slot: dict[str, Any]) -> None:
    """Cleo begins, thinks again, sends, corrects, does it once more, and takes one back.

    `slot` is one of hers that is open, of an exercise with a text in it. `cleo` can send other
    headers than If-Match: her `http` is used where a draft is begun.
    """
    form = await cleo.call("GET", f"/v1/me/exercise-versions/{slot['exercise_version_id']}")
    first = next(one["id"] for one in form["form"]["fields"] if one["kind"].endswith("text"))
    begun = {
        "exercise_version_id": slot["exercise_version_id"],
        "answers": {first: "No, I will not take"},
    }
    draft = f"/v1/me/occurrences/{slot['id']}/draft"
    await _begin(cleo, draft, begun)
    kept = await cleo.call("GET", draft)
    await cleo.call("DELETE", draft, version=kept["version"])
    await _begin(cleo, draft, begun)
    words = {first: "No, I will not take the Saturday shift."}
    done = {
        "client_key": "phone-7f3a-0701",
        "outcome": "partial",
        "answers": words,
        "exercise_version_id": slot["exercise_version_id"],
        "occurred_at": "2026-11-02T18:30:00+00:00",
        "zone": "Europe/London",
        "engagement": {"difficulty": 3, "helpfulness": 3},
        "obstacles": ["too_busy"],
    }
    sent = await cleo.call("POST", f"/v1/me/occurrences/{slot['id']}/submissions", done)
    await cleo.call("GET", "/v1/me/submissions/by-key/phone-7f3a-0701")
    more = {first: words[first] + " I said it twice."}
    said = done | {"client_key": "phone-7f3a-0702", "answers": more}
    mine = f"/v1/me/submissions/{sent['submission_id']}"
    await cleo.call("PUT", mine, said, version=sent["submission_version"])
    await cleo.call("GET", mine)
    await cleo.call("GET", f"{mine}/versions")
    await thea.call("GET", f"/v1/submissions/{sent['submission_id']}/versions")
    extra = await cleo.call(
        "POST",
        f"/v1/me/assignments/{slot['assignment_id']}/submissions",
        done | {"client_key": "phone-7f3a-0703", "answers": {}, "outcome": "attempted"},
    )
    await cleo.call("GET", "/v1/me/submissions")
    await cleo.call(
        "POST",
        f"/v1/me/submissions/{extra['submission_id']}/withdraw",
        version=extra["submission_version"],
    )
    await _practice(cleo, thea, slot)


async def _practice(cleo: Calling, thea: Calling, slot: dict[str, Any]) -> None:
    practised = {
        "client_key": "phone-7f3a-0704",
        "exercise_version_id": slot["exercise_version_id"],
        "assignment_id": slot["assignment_id"],
        "times": 4,
        "minutes": 6,
        "distress_before": 6,
        "distress_after": 4,
        "note": "In the lift, each time before I went in.",
        "occurred_at": "2026-11-03T07:50:00+00:00",
        "zone": "Europe/London",
    }
    logged = await cleo.call("POST", "/v1/me/repetitions", practised)
    await cleo.call("GET", "/v1/me/repetitions")
    await cleo.call("GET", f"/v1/me/repetitions/{logged['repetition_id']}")
    read = await thea.call("GET", f"/v1/repetitions/{logged['repetition_id']}")
    await thea.call("GET", f"/v1/clients/{read['client_id']}/repetitions")


async def _begin(cleo: Any, url: str, body: dict[str, Any]) -> None:
    answer = await cleo.http.put(url, json=body, headers={"If-None-Match": "*"})
    assert answer.status_code == 201, answer.text
