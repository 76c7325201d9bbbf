"""A practice's programs: made, changed, retired, and what cannot be in them."""

from typing import Any

import pytest

from tests.cast import Cast
from tests.library.scenes import make, publish, retire
from tests.programs.scenes import AFTER, AT_ONCE, BEFORE, NEXT, WEEK, create, made, step, wanted

ALL: list[dict[str, Any]] = [AT_ONCE, NEXT, WEEK, BEFORE, AFTER]


async def change(cast: Cast, program: dict[str, Any], **what: Any) -> Any:
    seen = {"If-Match": f'"v{program["version"]}"'}
    return await cast.thea.http.patch(f"/v1/programs/{program['id']}", json=what, headers=seen)


async def put_away(cast: Cast, program: dict[str, Any]) -> Any:
    url, seen = f"/v1/programs/{program['id']}/retire", f'"v{program["version"]}"'
    return await cast.thea.http.post(url, headers={"If-Match": seen})


async def test_it_works(harbour: Cast) -> None:
    answer = await create(harbour.thea, *[step(one) for one in ALL])
    assert answer.status_code == 201, answer.text
    shown = (await harbour.theo.http.get(answer.headers["location"])).json()
    assert shown == answer.json()
    assert [one["comes"] for one in shown["steps"]] == ALL


async def test_lists_show_how_many_steps(harbour: Cast) -> None:
    program = await made(harbour, NEXT, NEXT, WEEK)
    (item,) = (await harbour.abe.http.get("/v1/programs")).json()["items"]
    assert (item["id"], item["step_count"]) == (program["id"], 3)


async def test_pages_follow_each_other(harbour: Cast) -> None:
    both = [(await made(harbour, NEXT))["id"] for _ in range(2)]
    first = (await harbour.thea.http.get("/v1/programs?limit=1")).json()
    second = (await harbour.thea.http.get(f"/v1/programs?limit=1&cursor={first['next']}")).json()
    assert [one["id"] for one in first["items"] + second["items"]] == both[::-1]


@pytest.mark.parametrize("who", ["abe", "cleo", "greta"])
async def test_who_makes_none(harbour: Cast, who: str) -> None:
    answer = await create(harbour.people[who], step())
    assert (answer.status_code, answer.json()["code"]) == (403, "access.role")


async def test_the_practice_next_door_sees_nothing(harbour: Cast, lakeside: Cast) -> None:
    program = await made(harbour, NEXT)
    assert (await lakeside.thea.http.get(f"/v1/programs/{program['id']}")).status_code == 404
    assert (await change(lakeside, program, title="Ours")).status_code == 404
    assert (await lakeside.thea.http.get("/v1/programs")).json()["items"] == []


async def test_it_is_changed(harbour: Cast) -> None:
    program = await made(harbour, NEXT, NEXT)
    changed = (await change(harbour, program, steps=[step(WEEK)])).json()
    assert (changed["title"], changed["step_count"]) == (program["title"], 1)


async def test_the_version_that_was_seen_is_named(harbour: Cast) -> None:
    program = await made(harbour, NEXT)
    url = f"/v1/programs/{program['id']}"
    missing = await harbour.thea.http.patch(url, json={"title": "Another"})
    stale = await change(harbour, program | {"version": 7}, title="Another")
    assert (missing.status_code, stale.status_code) == (428, 412)


async def test_retired_it_leaves_the_list_and_stays_as_it_is(harbour: Cast) -> None:
    program = await made(harbour, NEXT)
    retired = (await put_away(harbour, program)).json()
    assert (await harbour.thea.http.get("/v1/programs")).json()["items"] == []
    (item,) = (await harbour.thea.http.get("/v1/programs?retired=true")).json()["items"]
    assert item["is_retired"]
    refused = await change(harbour, retired, title="Another")
    assert (refused.status_code, refused.json()["code"]) == (409, "programs.retired")


async def test_retiring_twice_is_retiring_once(harbour: Cast) -> None:
    program = await made(harbour, NEXT)
    first, again = await put_away(harbour, program), await put_away(harbour, program)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()


async def test_an_idempotency_key_makes_one(harbour: Cast) -> None:
    both = [
        await harbour.thea.http.post(
            "/v1/programs", json=wanted(), headers={"Idempotency-Key": "one"}
        )
        for _ in range(2)
    ]
    assert both[0].json() == both[1].json()


async def test_exercises_that_cannot_be_assigned(harbour: Cast, lakeside: Cast) -> None:
    draft, gone = await make(harbour), await make(harbour)
    await retire(harbour, await publish(harbour, gone))
    theirs = await publish(lakeside, await make(lakeside))
    ids = [one["id"] for one in (draft, gone, theirs)]
    steps = [step(), *(step(exercise_id=one) for one in ids), step()]
    answer = await create(harbour.thea, *steps)
    assert answer.status_code == 422, answer.text
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [
        (f"/steps/{place}/exercise_id", "programs.exercise") for place in (1, 2, 3)
    ]


@pytest.mark.parametrize(
    ("one", "pointer"),
    [
        (step(schedule={"kind": "daily", "starts_on": "2026-12-01"}), "schedule/starts_on"),
        (step(schedule={"kind": "daily", "ends_on": "2026-12-01"}), "schedule/ends_on"),
        (step(schedule={"kind": "monthly", "every": 12, "day": 31}), "schedule"),
        (step(BEFORE, schedule={"kind": "daily"}), "schedule"),
        (step(AFTER, schedule={"kind": "after_session"}), "schedule"),
    ],
)
async def test_schedules_that_cannot_be_kept(
    harbour: Cast, one: dict[str, Any], pointer: str
) -> None:
    answer = await create(harbour.thea, step(), one)
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["code"]) == (422, "programs.schedule")
    assert error["pointer"] == f"/steps/1/{pointer}"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (wanted(steps=[]), "/steps"),
        (wanted(steps=[step()] * 41), "/steps"),
        (wanted(step({"kind": "after_delay", "days": 0})), "/steps/0/comes/days"),
        (wanted(step({"kind": "after_delay", "days": 366})), "/steps/0/comes/days"),
        (wanted(step({"kind": "after_delay"})), "/steps/0/comes/days"),
        (wanted(step({"kind": "at_dawn"})), "/steps/0/comes"),
        (wanted(step(AT_ONCE | {"days": 3})), "/steps/0/comes/days"),
        (wanted(step(schedule={"kind": "daily", "every": 0})), "/steps/0/schedule/every"),
        (wanted(step(rationale="")), "/steps/0/rationale"),
        (wanted(title=""), "/title"),
    ],
)
async def test_what_is_malformed(harbour: Cast, body: dict[str, Any], pointer: str) -> None:
    answer = await harbour.thea.http.post("/v1/programs", json=body)
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["pointer"]) == (422, pointer)


async def test_a_change_is_checked_as_well(harbour: Cast) -> None:
    program = await made(harbour, NEXT)
    draft = await make(harbour)
    answer = await change(harbour, program, steps=[step(), step(exercise_id=draft["id"])])
    assert answer.json()["errors"][0]["pointer"] == "/steps/1/exercise_id"


async def test_a_program_may_have_forty_steps(harbour: Cast) -> None:
    assert len((await made(harbour, *[WEEK] * 40))["steps"]) == 40
