"""Many submissions read at once."""

import asyncio
from typing import Any

from tests.cast import Cast
from tests.overview.scenes import read, sent, sent_again, taken_back

URL = "/v1/submissions/acknowledge"


async def acknowledge(cast: Cast, *items: tuple[str, int], name: str = "thea") -> Any:
    body = {"items": [{"submission_id": one, "number": number} for one, number in items]}
    answer = await cast.people[name].http.post(URL, json=body)
    assert answer.status_code == 200, answer.text
    return [(one["result"], one["number"]) for one in answer.json()["items"]]


async def test_the_client_sees_that_it_was_read(harbour: Cast) -> None:
    made = [await sent(harbour) for _ in range(2)]
    found = await acknowledge(harbour, *((one, 1) for one in made))
    assert found == [("acknowledged", 1)] * 2
    mine = await read(harbour.cleo, f"/v1/me/submissions/{made[0]}")
    assert mine["review"].items() >= {"reviewer": "Thea of the test", "comment": None}.items()
    slot = await read(harbour.cleo, f"/v1/me/occurrences/{mine['occurrence_id']}")
    assert slot["state"] == "reviewed"
    assert (await read(harbour.thea, "/v1/review-queue"))["items"] == []


async def test_what_needs_attention_is_never_read_in_bulk(harbour: Cast) -> None:
    pressing, calm = await sent(harbour, obstacles=["unsafe"]), await sent(harbour)
    found = await acknowledge(harbour, (pressing, 1), (calm, 1))
    assert found == [("needs_attention", 1), ("acknowledged", 1)]
    queue = await read(harbour.thea, "/v1/review-queue")
    assert [one["id"] for one in queue["items"]] == [pressing]


async def test_each_says_what_became_of_it(harbour: Cast) -> None:
    mine, theos = await sent(harbour), await sent(harbour, "carl")
    assert await acknowledge(harbour, (mine, 2), (theos, 1)) == [("newer", 1), ("not_found", None)]
    assert await acknowledge(harbour, (mine, 1)) == [("acknowledged", 1)]
    assert await acknowledge(harbour, (mine, 1)) == [("already", 1)]


async def test_a_supervisor_acknowledges_nothing(harbour: Cast) -> None:
    submission_id = await sent(harbour)
    assert await acknowledge(harbour, (submission_id, 1), name="sam") == [("not_found", None)]


async def test_one_named_twice_is_read_once(harbour: Cast) -> None:
    submission_id = await sent(harbour)
    found = await acknowledge(harbour, (submission_id, 1), (submission_id, 1))
    assert found == [("acknowledged", 1)] * 2


async def test_many_at_once_read_each_once(harbour: Cast) -> None:
    made = [(await sent(harbour), 1) for _ in range(3)]
    found = await asyncio.gather(
        *(acknowledge(harbour, *(made[::-1] if turn % 2 else made)) for turn in range(8))
    )
    results = [result for one in found for result, _ in one]
    assert (results.count("acknowledged"), results.count("already")) == (3, 21)


async def test_a_hundred_are_enough(harbour: Cast) -> None:
    body = {"items": [{"submission_id": await sent(harbour), "number": 1}] * 101}
    assert (await harbour.thea.http.post(URL, json=body)).status_code == 422


async def test_a_version_that_came_meanwhile_is_not_read_by_this(harbour: Cast) -> None:
    submission_id = await sent(harbour)
    await sent_again(harbour, submission_id)
    assert await acknowledge(harbour, (submission_id, 1)) == [("newer", 2)]


async def test_what_was_taken_back_is_not_there(harbour: Cast) -> None:
    submission_id = await sent(harbour)
    await taken_back(harbour, submission_id)
    assert await acknowledge(harbour, (submission_id, 1)) == [("not_found", None)]
