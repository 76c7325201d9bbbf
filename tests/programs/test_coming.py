"""Steps come by themselves: each once, in their order, when its time has come."""

import asyncio
from typing import Any

import pytest

from app.operation.house import House
from app.operation.work import Work
from app.programs import advancing
from app.programs.models import ProgramAssignment
from tests.cast import Cast
from tests.homework.scenes import EXERCISE, older_version
from tests.jobs.conftest import Admin
from tests.programs.scenes import (
    AFTER,
    AT_ONCE,
    BEFORE,
    NEXT,
    WEEK,
    create,
    frozen_steps,
    give,
    move,
    now_of,
    pass_days,
    plan_session,
    rest,
    send,
    started,
    states,
    step,
    work,
)
from tests.programs.test_giving import end


async def test_after_the_previous_was_answered(harbour: Cast, worker: House) -> None:
    given = await started(harbour, NEXT, NEXT, AT_ONCE, NEXT)
    await work(worker)
    before = await states(harbour, given)
    await send(harbour, given, 1)
    await work(worker)
    assert (before, await states(harbour, given)) == ("gwww", "dggw")


async def test_program_step_of_a_shipped_exercise_is_given_in_its_newest_version(
    harbour: Cast, worker: House
) -> None:
    given = await started(harbour, AT_ONCE, NEXT)
    older = await older_version(harbour)
    job, transaction = harbour.job()
    async with transaction:
        frozen = [one | {"exercise_version_id": older} for one in await frozen_steps(job, given)]
        await job.alter(
            ProgramAssignment, given["id"], client_id=harbour.client_ids["cleo"], steps=frozen
        )
    await send(harbour, given, 1)
    await work(worker)
    second = (await now_of(harbour, given))["steps"][1]
    shown = await harbour.thea.http.get(f"/v1/assignments/{second['assignment_id']}")
    assert second["exercise_version_id"] == older
    assert shown.json()["exercise_version_id"] == str(EXERCISE.version.id)


@pytest.mark.parametrize("verb", ["finish", "end"])
async def test_after_the_previous_is_over(harbour: Cast, worker: House, verb: str) -> None:
    given = await started(harbour, NEXT, NEXT)
    await move(harbour, given, 1, verb)
    await work(worker)
    assert await states(harbour, given) == "dg"


async def test_after_a_proposal_was_taken_back(harbour: Cast, worker: House) -> None:
    given = await started(harbour, NEXT, NEXT, agreed=False)
    await move(harbour, given, 1, "withdraw")
    await work(worker)
    shown = await now_of(harbour, given)
    assert shown["steps"][1]["assignment_status"] == "proposed"


async def test_a_declined_one_waits_for_the_therapist(harbour: Cast, worker: House) -> None:
    given = await started(harbour, NEXT, NEXT, agreed=False)
    url = f"/v1/me/assignments/{given['steps'][0]['assignment_id']}/decline"
    seen = {"If-Match": '"v1"'}
    await harbour.cleo.http.post(url, json={"reason": "not_ready"}, headers=seen)
    await work(worker)
    shown = await now_of(harbour, given)
    assert shown["waits_for"] == "therapist"
    assert [one["assignment_status"] for one in shown["steps"]] == ["declined", None]


async def test_a_day_comes_whatever_was_done(harbour: Cast, worker: House, admin: Admin) -> None:
    given = await started(harbour, NEXT, WEEK, WEEK)
    await pass_days(admin, given, 6)
    await work(worker)
    before = await states(harbour, given)
    await pass_days(admin, given, 1)
    await work(worker)
    assert (before, await states(harbour, given)) == ("gww", "ggw")


async def test_work_done_early_does_not_bring_a_day_forward(harbour: Cast, worker: House) -> None:
    given = await started(harbour, NEXT, WEEK)
    await send(harbour, given, 1)
    await work(worker)
    assert await states(harbour, given) == "dw"


async def test_around_sessions_each_has_its_own(harbour: Cast, worker: House, admin: Admin) -> None:
    await plan_session(harbour, days=2)
    await plan_session(harbour, days=9)
    given = await started(harbour, BEFORE, BEFORE, BEFORE)
    seen = [await states(harbour, given)]
    for days in (1, 2, 5, 2):
        await pass_days(admin, given, days)
        await work(worker)
        seen.append(await states(harbour, given))
    assert seen == ["gww", "gww", "ggw", "ggw", "ggg"]


async def test_a_cancelled_session_brings_none(harbour: Cast, worker: House, admin: Admin) -> None:
    await plan_session(harbour, days=2, attendance="cancelled_by_client")
    given = await started(harbour, AFTER, AFTER)
    await pass_days(admin, given, 3)
    await work(worker)
    shown = await now_of(harbour, given)
    assert (await states(harbour, given), shown["waits_for"]) == ("gw", "session")


async def test_a_session_planned_later_is_found(harbour: Cast, worker: House, admin: Admin) -> None:
    given = await started(harbour, AFTER, AFTER)
    await pass_days(admin, given, 2)
    await work(worker)
    await plan_session(harbour, days=1)
    await pass_days(admin, given, 2)
    await work(worker)
    assert await states(harbour, given) == "gg"


async def test_in_a_rest_nothing_comes_and_after_it_what_was_due(
    harbour: Cast, worker: House, admin: Admin
) -> None:
    given = await started(harbour, NEXT, WEEK)
    rest_id = await rest(harbour)
    await pass_days(admin, given, 8)
    await work(worker)
    during = await states(harbour, given)
    await admin.execute("update rest_periods set ends_at = now() where id = $1", rest_id)
    await work(worker)
    assert (during, await states(harbour, given)) == ("gw", "gg")


async def test_work_done_in_a_rest_brings_the_next_after_it(
    harbour: Cast, worker: House, admin: Admin
) -> None:
    given = await started(harbour, NEXT, NEXT)
    rest_id = await rest(harbour)
    await move(harbour, given, 1, "finish")
    await work(worker)
    during = await states(harbour, given)
    await admin.execute("update rest_periods set ends_at = now() where id = $1", rest_id)
    await work(worker)
    assert (during, await states(harbour, given)) == ("dw", "dg")


async def test_a_pause_of_one_assignment_is_no_rest(harbour: Cast, worker: House) -> None:
    given = await started(harbour, AT_ONCE, AT_ONCE, NEXT)
    await move(harbour, given, 1, "pause")
    await move(harbour, given, 2, "finish")
    await work(worker)
    assert await states(harbour, given) == "gdg"


async def test_ended_nothing_comes(harbour: Cast, worker: House) -> None:
    given = await started(harbour, NEXT, NEXT)
    await end(harbour, given)
    await move(harbour, given, 1, "finish")
    await work(worker)
    assert await states(harbour, given) == "dw"


async def test_where_care_is_over_so_is_the_program(
    harbour: Cast, worker: House, admin: Admin
) -> None:
    given = await started(harbour, NEXT, NEXT)
    close = "update episodes set closed_at = now() where id = $1"
    await admin.execute(close, harbour.episode_ids["cleo"])
    await work(worker)
    found = await admin.fetchrow(
        "select status, given from program_assignments where id = $1", given["id"]
    )
    assert tuple(found) == ("ended", 1)


async def test_it_is_done_when_all_is(harbour: Cast, worker: House) -> None:
    given = await started(harbour, NEXT, NEXT)
    await send(harbour, given, 1)
    await work(worker)
    between = (await now_of(harbour, given))["status"]
    await send(harbour, given, 2)
    await work(worker)
    shown = await now_of(harbour, given)
    assert (between, shown["status"], shown["waits_for"]) == ("active", "done", None)


async def test_what_recurs_is_done_when_it_is_finished(harbour: Cast, worker: House) -> None:
    daily = step(schedule={"kind": "daily", "days_open": 2})
    given = await give(harbour, (await create(harbour.thea, daily, step())).json())
    await send(harbour, given, 1)
    await work(worker)
    before = await states(harbour, given)
    await move(harbour, given, 1, "finish")
    await work(worker)
    assert (before, await states(harbour, given)) == ("gw", "dg")


async def test_many_workers_give_a_step_once(harbour: Cast, worker: House, admin: Admin) -> None:
    given = await started(harbour, NEXT, WEEK, AT_ONCE, WEEK)
    await pass_days(admin, given, 7)

    async def look() -> int:
        one, transaction = as_job(harbour, worker)
        async with transaction:
            return await advancing.advance(one, given["id"])

    counts = await asyncio.gather(*(look() for _ in range(4)))
    assert sorted(counts) == [0, 0, 0, 2]
    assert await states(harbour, given) == "gggw"


async def test_a_worker_that_ends_in_between_gave_nothing(
    harbour: Cast, worker: House, admin: Admin
) -> None:
    given = await started(harbour, NEXT, WEEK)
    await pass_days(admin, given, 7)
    with pytest.raises(InterruptedError):
        await _cut_short(harbour, worker, given)
    between = await states(harbour, given)
    await work(worker)
    assert (between, await states(harbour, given)) == ("gw", "gg")


async def test_to_look_again_is_no_news(harbour: Cast, worker: House) -> None:
    given = await started(harbour, NEXT, BEFORE, BEFORE)
    await work(worker)
    assert await now_of(harbour, given) == given


async def _cut_short(cast: Cast, worker: House, given: dict[str, Any]) -> None:
    one, transaction = as_job(cast, worker)
    async with transaction:
        assert await advancing.advance(one, given["id"]) == 1
        raise InterruptedError


def as_job(cast: Cast, worker: House) -> tuple[Work, Any]:
    """A unit of work of the worker's, and its transaction."""
    one = Work(worker, operation="test", request_id=cast.practice_id)
    return one, one.visit(capacity="job", practice_id=cast.practice_id)
