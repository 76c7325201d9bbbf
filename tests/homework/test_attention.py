"""What needs attention: a safety answer is never lost, and what is urgent is marked so."""

from typing import Any

import pytest

from app.core.clock import now
from tests.cast import Cast
from tests.homework.scenes import assign, slot, submission
from tests.library.scenes import TEXTS, WORDS, make, publish

FORM = {
    "fields": [
        {
            "id": "strength",
            "kind": "pair",
            "min": 0,
            "max": 10,
            "attention_at": {"at": 10, "direction": "up"},
        },
        {
            "id": "safe_now",
            "kind": "yes_no",
            "attention_at": False,
            "shown_when": {"field": "strength", "at_least": 8},
        },
    ]
}
FIELDS = {"strength": WORDS["ease"], "safe_now": {"label": "Are you safe right now?"}}
WORDS_OF_IT = ("attention", "urgent", '"unsafe"')
NOT_SAFE = {"strength": {"before": 9, "after": 5}, "safe_now": False}


async def answer(cast: Cast, answers: dict[str, Any], **other: Any) -> dict[str, Any]:
    """Cleo's answers to an exercise that asks about safety under a condition; the receipt."""
    exercise = await publish(
        cast, await make(cast, form=FORM, texts={"en": TEXTS | {"fields": FIELDS}})
    )
    await assign(cast, exercise_id=exercise["id"])
    where = (await slot(cast.cleo))["id"]
    body = submission(
        outcome="partial",
        answers=answers,
        exercise_version_id=exercise["exercise_version_id"],
        **other,
    )
    sent = await cast.cleo.http.post(f"/v1/me/occurrences/{where}/submissions", json=body)
    assert sent.status_code == 201, sent.text
    receipt: dict[str, Any] = sent.json()
    return receipt


async def test_a_safety_answer_that_a_condition_hides_is_kept_judged_and_named(
    harbour: Cast,
) -> None:
    receipt = await answer(harbour, NOT_SAFE)
    assert (receipt["dropped"], receipt["kept_hidden"]) == ([], ["safe_now"])
    found = await harbour.cleo.http.get("/v1/me/submissions/by-key/device-1-0001")
    assert found.json() == receipt
    shown = (await harbour.thea.http.get(f"/v1/submissions/{receipt['submission_id']}")).json()
    assert (shown["answers"], shown["attention"]) == (NOT_SAFE, ["safe_now"])


@pytest.mark.parametrize(
    ("sent", "level", "reasons"),
    [
        ({"obstacles": ["unsafe"]}, "urgent", ["unsafe"]),
        ({"obstacles": ["felt_worse"]}, "soon", ["felt_worse"]),
        ({"answers": {"strength": {"before": 10}}}, "soon", ["strength"]),
        ({"answers": NOT_SAFE}, "urgent", ["safe_now"]),
        ({"answers": NOT_SAFE, "answers_visible": "summary_only"}, "urgent", ["answers"]),
        ({"answers": {"strength": {"before": 9}}}, None, []),
    ],
)
async def test_level_is_the_worst_of_answers_and_obstacles(
    harbour: Cast, sent: dict[str, Any], level: str | None, reasons: list[str]
) -> None:
    receipt = await answer(harbour, sent.pop("answers", {}), **sent)
    shown = (await harbour.thea.http.get(f"/v1/submissions/{receipt['submission_id']}")).json()
    assert (shown["attention_level"], shown["attention_reasons"]) == (level, reasons)
    assert shown["needs_attention"] is (level is not None)


async def test_unsafe_says_from_whom_to_sender_and_therapist(harbour: Cast) -> None:
    receipt = await answer(harbour, {}, obstacles=["unsafe"], unsafe_from="someone")
    for person, path in ((harbour.cleo, "/v1/me/submissions"), (harbour.thea, "/v1/submissions")):
        shown = (await person.http.get(f"{path}/{receipt['submission_id']}")).json()
        assert shown["unsafe_from"] == "someone"


@pytest.mark.parametrize("path", ["/v1/me/repetitions", "/v1/me/assignments/{id}/submissions"])
async def test_from_whom_without_unsafe_is_refused_and_pointed_at(harbour: Cast, path: str) -> None:
    url = path.format(id=(await assign(harbour))["id"])
    body = submission(obstacles=["felt_worse"], unsafe_from="myself")
    if "repetitions" in path:
        body = {name: body[name] for name in body if name not in ("outcome", "answers")}
    refused = await harbour.cleo.http.post(url, json=body)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/unsafe_from")


async def test_a_repetition_says_how_soon_why_and_from_whom(harbour: Cast) -> None:
    body = {
        "client_key": "device-1-r001",
        "exercise_version_id": submission()["exercise_version_id"],
        "obstacles": ["unsafe", "felt_worse"],
        "unsafe_from": "not_sure",
        "occurred_at": "2026-11-20T10:00:00Z",
        "zone": "Europe/Berlin",
    }
    made = await harbour.cleo.http.post("/v1/me/repetitions", json=body)
    found = await harbour.thea.http.get(f"/v1/repetitions/{made.json()['repetition_id']}")
    told = {name: found.json()[name] for name in ("attention_level", "attention_reasons")}
    assert told == {"attention_level": "urgent", "attention_reasons": ["unsafe", "felt_worse"]}
    assert found.json()["unsafe_from"] == "not_sure"


async def test_a_draft_keeps_from_whom(harbour: Cast) -> None:
    await assign(harbour)
    url = f"/v1/me/occurrences/{(await slot(harbour.cleo))['id']}/draft"
    body = {"exercise_version_id": submission()["exercise_version_id"]}
    said = body | {"obstacles": ["unsafe"], "unsafe_from": "myself"}
    await harbour.cleo.http.put(url, json=said, headers={"If-None-Match": "*"})
    assert (await harbour.cleo.http.get(url)).json()["unsafe_from"] == "myself"


async def test_a_guardian_is_shown_no_level_and_no_reason(harbour: Cast) -> None:
    await assign(harbour, "kit")
    where = (await slot(harbour.kit))["id"]
    urgent = submission(outcome="attempted", answers={"distress_now": 10}, obstacles=["unsafe"])
    await harbour.kit.http.post(f"/v1/me/occurrences/{where}/submissions", json=urgent)
    again = submission("device-1-0002", outcome="partial")
    await harbour.kit.http.post(f"/v1/me/occurrences/{where}/submissions", json=again)
    listed = await harbour.greta.http.get("/v1/me/submissions")
    one = await harbour.greta.http.get(f"/v1/me/submissions/{listed.json()['items'][0]['id']}")
    batch = {"client_id": harbour.client_ids["kit"], "zone": "Europe/Berlin"}
    batch["sent_at"] = now().isoformat()
    synced = await harbour.greta.http.post("/v1/me/sync", json=batch)
    for answered in (listed, one, synced):
        assert answered.status_code == 200
        assert not [word for word in WORDS_OF_IT if word in answered.text]
