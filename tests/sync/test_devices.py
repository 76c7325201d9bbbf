"""Two devices, one client; `python -m tests.offline` does this with a server that is killed."""

import asyncio
import random
from datetime import timedelta

import httpx
import pytest

from app.core.clock import now
from app.core.ids import new_id
from app.homework.models import Occurrence
from tests.cast import Cast
from tests.device_differences import differences
from tests.devices import drafts_of, live, pair, part
from tests.homework.scenes import assign
from tests.sync.test_sync import done, sync


async def slots(cast: Cast, many: int) -> tuple[str, list[str]]:
    """An assignment of Cleo's, and as many open slots of it."""
    assignment_id = (await assign(cast))["id"]
    made = [new_id() for _ in range(many)]
    work, transaction = cast.job()
    async with transaction:
        for one in made:
            await work.add(
                Occurrence,
                id=one,
                client_id=cast.client_ids["cleo"],
                assignment_id=assignment_id,
                slot=one,
                local_on=now().date(),
                opens_at=now() - timedelta(minutes=1),
            )
    return assignment_id, made


@pytest.mark.parametrize("seed", [1, 2])
async def test_the_record_is_what_the_devices_wrote_down(harbour: Cast, seed: int) -> None:
    assignment_id, made = await slots(harbour, 12)
    devices = pair(seed, harbour.client_ids["cleo"], made, assignment_id)

    async def post(body: bytes) -> httpx.Response:
        headers = {"Content-Type": "application/json"}
        return await harbour.cleo.http.post("/v1/me/sync", content=body, headers=headers)

    await asyncio.gather(*(live(one, post, 70) for one in devices))
    await part(devices, post)
    there = await drafts_of(harbour.cleo.http, devices[0].drafting)
    assert await differences(harbour.house, harbour.practice_id, list(devices), there) == []
    assert sum(len(one.drafts.told) for one in devices) > 3
    assert sum(one.repaired for one in devices)
    assert all(one.met for one in devices)


async def test_fifty_times_the_same_batch_at_once_is_stored_once(harbour: Cast) -> None:
    _, made = await slots(harbour, 5)
    batch = [done(f"device-a-{number}", one) for number, one in enumerate(made)]
    answers = await asyncio.gather(*(sync(harbour, *batch) for _ in range(50)))
    outcomes = [[one["outcome"] for one in answer.json()["results"]] for answer in answers]
    assert sorted(outcomes) == [["duplicate"] * 5] * 49 + [["stored"] * 5]
    assert len({str(answer.json()["results"][0]["receipt"]) for answer in answers}) == 1


async def test_items_that_point_at_each_other_come_in_any_order(harbour: Cast) -> None:
    assignment_id, _ = await slots(harbour, 0)
    extra = done("device-a-0", assignment_id) | {"kind": "submission_extra"}
    edits = [
        {"client_key": f"device-a-{n}", "about_key": f"device-a-{n - 1}", "base_version": n}
        | {"kind": "submission_edit", "body": extra["body"] | {"outcome": "partial"}}
        for n in range(1, 6)
    ]
    batch = [extra, *edits]
    random.Random(7).shuffle(batch)
    answer = await sync(harbour, *batch)
    assert {one["outcome"] for one in answer.json()["results"]} == {"stored"}
