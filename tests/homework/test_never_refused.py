"""Work is never refused for its time, and what is said about it stays true."""

from datetime import timedelta

import pytest

from app.core.clock import now
from app.homework.models import Occurrence
from tests.cast import Cast
from tests.homework.scenes import assign, slot, submission, submit


@pytest.mark.parametrize("status", ["upcoming", "excused", "cancelled"])
async def test_a_slot_long_over_takes_work_and_marks_it(harbour: Cast, status: str) -> None:
    await assign(harbour)
    where = (await slot(harbour.cleo))["id"]
    past = {"opens_at": now() - timedelta(days=9), "closes_at": now() - timedelta(days=2)}
    work, transaction = harbour.job()
    async with transaction:
        await work.alter(Occurrence, where, status=status, **past)
    path = f"/v1/me/occurrences/{where}/submissions"
    receipt = (await harbour.cleo.http.post(path, json=submission())).json()
    assert (receipt["state"], receipt["in_window"]) == ("submitted", False)


async def test_nothing_was_done_after_it_came(harbour: Cast) -> None:
    await assign(harbour)
    where = (await slot(harbour.cleo))["id"]
    asked = submission(occurred_at="2041-01-01T10:00:00Z")
    sent = await harbour.cleo.http.post(f"/v1/me/occurrences/{where}/submissions", json=asked)
    shown = (await harbour.thea.http.get(f"/v1/submissions/{sent.json()['submission_id']}")).json()
    assert (shown["occurred_at"], shown["done_at"]) == (
        "2041-01-01T10:00:00Z",
        shown["received_at"],
    )


@pytest.mark.parametrize("obstacle", ["felt_worse", "unsafe"])
async def test_what_worries_needs_attention(harbour: Cast, obstacle: str) -> None:
    sent = await submit(harbour, obstacles=["forgot", obstacle], outcome="attempted", answers={})
    shown = await harbour.thea.http.get(f"/v1/submissions/{sent['submission_id']}")
    assert shown.json()["attention"] == [obstacle]


async def test_the_receipt_under_a_known_key_is_of_the_slot_it_was_for(harbour: Cast) -> None:
    first = await submit(harbour)
    await assign(harbour)
    other = (await slot(harbour.cleo))["id"]
    path = f"/v1/me/occurrences/{other}/submissions"
    again = await harbour.cleo.http.post(path, json=submission())
    assert again.status_code == 422
    told = again.json()["receipt"]
    assert {name: told[name] for name in ("occurrence_id", "state")} == {
        "occurrence_id": first["occurrence_id"],
        "state": "submitted",
    }


async def test_a_submission_under_a_new_title_is_not_unchanged(harbour: Cast) -> None:
    sent = await submit(harbour)
    path = f"/v1/submissions/{sent['submission_id']}"
    seen = await harbour.thea.http.get(path)
    assignment = f"/v1/assignments/{seen.json()['assignment_id']}"
    tag = (await harbour.thea.http.get(assignment)).headers["etag"]
    await harbour.thea.http.patch(assignment, json={"title": "Again"}, headers={"If-Match": tag})
    again = await harbour.thea.http.get(path, headers={"If-None-Match": seen.headers["etag"]})
    assert (again.status_code, again.json()["title"]) == (200, "Again")
