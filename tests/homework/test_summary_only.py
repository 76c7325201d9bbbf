"""Answers the client keeps: staff see that and how it was done, and nothing of the answers."""

from tests.cast import Cast
from tests.homework.scenes import ANSWERS, submit

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
