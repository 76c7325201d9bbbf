"""Answers the client keeps: others see that and how it was done, and nothing of the answers."""

from tests.cast import Cast
from tests.homework.scenes import ANSWERS, assign, slot, submission, submit

WORRYING = ANSWERS | {"distress_now": 10}


async def test_what_needs_attention_does_not_name_the_field(harbour: Cast) -> None:
    sent = await submit(harbour, answers=WORRYING, answers_visible="summary_only")
    answer = await harbour.thea.http.get(f"/v1/submissions/{sent['submission_id']}")
    assert answer.json()["needs_attention"] is True
    assert answer.json()["attention"] == ["answers"]


async def test_what_needs_attention_names_the_field_of_shared_answers(harbour: Cast) -> None:
    sent = await submit(harbour, answers=WORRYING)
    answer = await harbour.thea.http.get(f"/v1/submissions/{sent['submission_id']}")
    assert answer.json()["attention"] == ["distress_now"]


async def test_a_guardian_does_not_read_them(harbour: Cast) -> None:
    sent = await submit(harbour, "kit", answers_visible="summary_only")
    path = f"/v1/me/submissions/{sent['submission_id']}"
    theirs = await harbour.greta.http.get(path)
    mine = await harbour.kit.http.get(path)
    assert (theirs.status_code, theirs.json()["answers"]) == (200, None)
    assert mine.json()["answers"] == ANSWERS


async def test_a_guardian_reads_shared_ones(harbour: Cast) -> None:
    sent = await submit(harbour, "kit", answers_visible="shared")
    answer = await harbour.greta.http.get(f"/v1/me/submissions/{sent['submission_id']}")
    assert answer.json()["answers"] == ANSWERS


async def test_a_guardian_may_send_what_only_the_client_reads(harbour: Cast) -> None:
    await assign(harbour, "kit")
    where = (await slot(harbour.kit))["id"]
    sent = await harbour.greta.http.post(
        f"/v1/me/occurrences/{where}/submissions",
        json=submission(answers_visible="summary_only"),
    )
    assert sent.status_code == 201, sent.text
