"""A batch in which everything is wrong is answered briefly, and lets others in meanwhile."""

import asyncio
from typing import Any

from app.sync.schemas import MOST_ITEMS
from tests.cast import Cast
from tests.sync.test_sync import sync

NEVER = {"kind": "monthly", "every": 12, "day": 30, "starts_on": "2027-02-01"}


async def test_no_more_errors_of_an_item_are_named_than_anyone_reads(harbour: Cast) -> None:
    unknown = {f"k{number}": number for number in range(90)}
    items: list[Any] = [{"kind": "profile", "client_key": "a-key-of-mine", **unknown}] * MOST_ITEMS
    answer = await sync(harbour, *items)
    errors = [one["problem"]["errors"] for one in answer.json()["results"]]
    assert {len(one) for one in errors} == {1}
    assert errors[7][0]["pointer"] == "/items/7"
    assert "90 errors" in errors[7][0]["detail"]


async def test_others_are_served_between_items_that_are_refused(harbour: Cast) -> None:
    body = {"exercise_id": "01890000-0000-7000-8000-000000000000", "schedule": NEVER}
    items = [
        {"kind": "assignment", "client_key": f"my-phone-{number:05}", "body": body}
        for number in range(MOST_ITEMS)
    ]
    asked = asyncio.ensure_future(sync(harbour, *items))
    turns = 0
    while not asked.done():
        turns += 1
        await asyncio.sleep(0)
    assert {one["outcome"] for one in asked.result().json()["results"]} == {"refused"}
    assert turns > 2 * MOST_ITEMS / 10
