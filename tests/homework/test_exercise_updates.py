"""A shipped exercise has a newer version: what goes on follows it, what was said keeps its own."""

from typing import Any

import pytest

from app.core.ids import new_id
from app.homework.exercise_updates import follow_some, newer_versions
from app.homework.models import Assignment
from app.jobs.delivering import do_chore
from app.operation.house import House
from app.operation.work import Work
from tests.cast import Cast
from tests.homework.scenes import EXERCISE, assign_older, slot, submission

NEWEST = str(EXERCISE.version.id)


async def follow(cast: Cast, worker: House) -> int:
    work = Work(worker, operation="job:follow_shipped_exercises", request_id=new_id())
    return await follow_some(work, cast.practice_id, await newer_versions(work))


async def version_of(cast: Cast, assignment: dict[str, Any]) -> str:
    answer = await cast.thea.http.get(f"/v1/assignments/{assignment['id']}")
    assert answer.status_code == 200, answer.text
    return str(answer.json()["exercise_version_id"])


async def put(cast: Cast, assignment: dict[str, Any], status: str) -> None:
    work, transaction = cast.job()
    async with transaction:
        client_id = cast.client_ids["cleo"]
        await work.alter(Assignment, assignment["id"], client_id=client_id, status=status)


@pytest.mark.parametrize("status", ["draft", "proposed", "active", "paused"])
async def test_homework_that_goes_on_follows_the_newest_version(
    harbour: Cast, worker: House, status: str
) -> None:
    made = await assign_older(harbour)
    await put(harbour, made, status)
    assert (await follow(harbour, worker), await follow(harbour, worker)) == (1, 0)
    assert await version_of(harbour, made) == NEWEST


@pytest.mark.parametrize("status", ["declined", "done", "ended"])
async def test_homework_that_is_over_keeps_its_version(
    harbour: Cast, worker: House, status: str
) -> None:
    made = await assign_older(harbour)
    await put(harbour, made, status)
    assert await follow(harbour, worker) == 0
    assert await version_of(harbour, made) == made["exercise_version_id"]


async def test_the_chore_moves_homework_in_every_practice(
    harbour: Cast, lakeside: Cast, worker: House
) -> None:
    mine, theirs = await assign_older(harbour), await assign_older(lakeside)
    await do_chore(worker, "follow_shipped_exercises")
    assert await version_of(harbour, mine) == await version_of(lakeside, theirs) == NEWEST


async def test_what_was_sent_and_its_slot_keep_the_version_answered(
    harbour: Cast, worker: House
) -> None:
    made = await assign_older(harbour)
    where = (await slot(harbour.cleo))["id"]
    body = submission(exercise_version_id=made["exercise_version_id"])
    sent = await harbour.cleo.http.post(f"/v1/me/occurrences/{where}/submissions", json=body)
    await follow(harbour, worker)
    shown = await harbour.cleo.http.get(f"/v1/me/occurrences/{where}")
    read = await harbour.thea.http.get(f"/v1/submissions/{sent.json()['submission_id']}")
    versions = {one.json()["exercise_version_id"] for one in (shown, read)}
    assert versions == {made["exercise_version_id"]}
    form = await harbour.cleo.http.get(f"/v1/me/exercise-versions/{versions.pop()}")
    assert form.json()["number"] == 1


async def test_a_draft_keeps_its_version_and_can_be_sent_as_it_is(
    harbour: Cast, worker: House
) -> None:
    made = await assign_older(harbour)
    url = f"/v1/me/occurrences/{(await slot(harbour.cleo))['id']}"
    given = {"answers": {"age": 9}, "exercise_version_id": made["exercise_version_id"]}
    await harbour.cleo.http.put(f"{url}/draft", json=given, headers={"If-None-Match": "*"})
    await follow(harbour, worker)
    draft = (await harbour.cleo.http.get(f"{url}/draft")).json()
    assert draft["exercise_version_id"] == made["exercise_version_id"]
    assert (await slot(harbour.cleo))["exercise_version_id"] == NEWEST
    body = submission(outcome="partial", **given)
    sent = await harbour.cleo.http.post(f"{url}/submissions", json=body)
    assert sent.status_code == 201, sent.text


async def test_a_device_is_told_of_the_new_form(harbour: Cast, worker: House) -> None:
    made = await assign_older(harbour)
    before = await slot(harbour.cleo)
    await follow(harbour, worker)
    after = await slot(harbour.cleo)
    assert before["exercise_version_id"] == made["exercise_version_id"]
    assert after["exercise_version_id"] == NEWEST
    assert after["version"] == before["version"] + 1


async def test_the_toolbox_holds_the_newest_version_of_what_was_given_once(harbour: Cast) -> None:
    await put(harbour, await assign_older(harbour), "ended")
    tools = (await harbour.cleo.http.get("/v1/me/toolbox")).json()["items"]
    held = {one["slug"]: one["exercise_version_id"] for one in tools}
    assert held[EXERCISE.slug] == NEWEST
