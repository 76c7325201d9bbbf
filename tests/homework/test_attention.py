"""What needs attention: a safety answer is never lost, and what is urgent is marked so."""

from typing import Any

from app.library.catalogue import catalogue
from tests.cast import Cast
from tests.homework.scenes import assign, slot, submission

FEELINGS = next(one for one in catalogue() if one.slug == "feelings-and-facts")
NOT_SAFE = {"strength": {"before": 9, "after": 5}, "safe_now": False}


async def answer(cast: Cast, answers: dict[str, Any], **other: Any) -> dict[str, Any]:
    """Cleo's answers to an exercise that asks about safety under a condition; the receipt."""
    await assign(cast, exercise_id=str(FEELINGS.id))
    where = (await slot(cast.cleo))["id"]
    body = submission(
        outcome="partial", answers=answers, exercise_version_id=str(FEELINGS.version.id), **other
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
