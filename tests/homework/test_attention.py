"""What needs attention: a safety answer is never lost, and what is urgent is marked so."""

from typing import Any

from tests.cast import Cast
from tests.homework.scenes import assign, slot, submission
from tests.library.scenes import TEXTS, WORDS, make, publish

FORM = {
    "fields": [
        {"id": "strength", "kind": "pair", "min": 0, "max": 10},
        {
            "id": "safe_now",
            "kind": "yes_no",
            "attention_at": False,
            "shown_when": {"field": "strength", "at_least": 8},
        },
    ]
}
FIELDS = {"strength": WORDS["ease"], "safe_now": {"label": "Are you safe right now?"}}
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
