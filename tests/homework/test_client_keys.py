"""Client keys: one key is one thing, wherever and however often it is sent."""

import asyncio

from tests.cast import Cast
from tests.homework.scenes import assign, submission


async def two_slots(cast: Cast) -> list[str]:
    await assign(cast)
    await assign(cast)
    today = await cast.cleo.http.get("/v1/me/today?zone=Europe/Berlin")
    return [one["id"] for one in today.json()["open"]]


async def test_one_key_for_two_slots_in_parallel_is_stored_once(harbour: Cast) -> None:
    slots = await two_slots(harbour)
    for number in range(5):
        answers = await asyncio.gather(
            *(
                harbour.cleo.http.post(
                    f"/v1/me/occurrences/{slot}/submissions", json=submission(f"key-{number:05}")
                )
                for slot in slots
            )
        )
        assert sorted(one.status_code for one in answers) == [201, 422]


async def test_two_clients_may_use_the_same_key(harbour: Cast) -> None:
    for name in ("cleo", "carl"):
        await assign(harbour, name)
        person = harbour.people[name]
        today = await person.http.get("/v1/me/today?zone=Europe/Berlin")
        slot = today.json()["open"][0]["id"]
        sent = await person.http.post(
            f"/v1/me/occurrences/{slot}/submissions", json=submission("the-same-key")
        )
        assert sent.status_code == 201


async def test_fifty_different_keys_for_one_slot_are_fifty_versions(harbour: Cast) -> None:
    slot = (await two_slots(harbour))[0]
    answers = await asyncio.gather(
        *(
            harbour.cleo.http.post(
                f"/v1/me/occurrences/{slot}/submissions", json=submission(f"key-{number:05}")
            )
            for number in range(50)
        )
    )
    assert {one.status_code for one in answers} == {201}
    assert sorted(one.json()["version"] for one in answers) == list(range(1, 51))
