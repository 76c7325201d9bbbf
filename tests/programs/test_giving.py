"""A program is given to a client: what is kept of it, who may, and what both sides see of it."""

from typing import Any

import httpx
import pytest

from tests.cast import Cast
from tests.library.scenes import change, make, publish, retire
from tests.programs.scenes import (
    AFTER,
    AT_ONCE,
    BEFORE,
    NEXT,
    WEEK,
    give,
    made,
    move,
    now_of,
    send,
    started,
    states,
    step,
    wanted,
)

MINE = "/v1/me/programs"


async def ask(cast: Cast, who: str, program: dict[str, Any], **more: Any) -> httpx.Response:
    url = f"/v1/clients/{cast.client_ids['cleo']}/programs"
    body = {"program_id": program["id"], "agreed": True} | more
    return await cast.people[who].http.post(url, json=body)


async def end(cast: Cast, given: dict[str, Any], who: str = "thea") -> httpx.Response:
    url, seen = f"/v1/program-assignments/{given['id']}/end", f'"v{given["version"]}"'
    return await cast.people[who].http.post(url, headers={"If-Match": seen})


async def mine(cast: Cast) -> dict[str, Any]:
    (one,) = (await cast.cleo.http.get(MINE)).json()["items"]
    shown: dict[str, Any] = one
    return shown


async def test_the_first_step_is_given_at_once(harbour: Cast) -> None:
    given = await started(harbour, WEEK, WEEK)
    first, second = given["steps"]
    assert (first["state"], first["assignment_status"]) == ("given", "active")
    assert (second["state"], second["assignment_id"]) == ("waiting", None)
    assert (given["waits_for"], given["comes_at"] is not None) == ("day", True)


@pytest.mark.parametrize(
    ("comes", "found"),
    [
        ([AT_ONCE, AT_ONCE, AT_ONCE], "ggg"),
        ([NEXT, AT_ONCE, NEXT, AT_ONCE], "ggww"),
        ([BEFORE, AFTER, BEFORE], "ggw"),
        ([NEXT, AFTER, AFTER], "ggw"),
        ([AFTER, BEFORE], "gw"),
        ([BEFORE, BEFORE], "gw"),
        ([BEFORE, AT_ONCE, AFTER], "ggg"),
    ],
)
async def test_so_are_those_that_wait_for_nothing(
    harbour: Cast, comes: list[dict[str, Any]], found: str
) -> None:
    given = await started(harbour, *comes)
    assert "".join(one["state"][0] for one in given["steps"]) == found


async def test_it_is_proposed_where_it_was_not_agreed(harbour: Cast) -> None:
    given = await started(harbour, AT_ONCE, AT_ONCE, agreed=False)
    assert [one["assignment_status"] for one in given["steps"]] == ["proposed", "proposed"]


async def test_homework_is_as_the_step_says(harbour: Cast) -> None:
    more: dict[str, Any] = {
        "title": "A small no",
        "instructions": "Once.",
        "minimum_version": "A word.",
    }
    body = wanted(step(schedule={"kind": "daily", "count": 5}, **more), step(AFTER))
    program = (await harbour.thea.http.post("/v1/programs", json=body)).json()
    given = await give(harbour, program)
    url = "/v1/assignments/{assignment_id}"
    first, second = [
        (await harbour.thea.http.get(url.format(**one))).json() for one in given["steps"]
    ]
    assert {name: first[name] for name in more} == more
    assert (first["schedule"]["count"], second["schedule"]["kind"]) == (5, "after_session")
    assert first["assigned_by"] == harbour.thea.user_id


async def test_running_ones_keep_the_steps_they_began_with(harbour: Cast) -> None:
    program = await made(harbour, NEXT, NEXT)
    given = await give(harbour, program)
    seen = {"If-Match": f'"v{program["version"]}"'}
    body = {"title": "Something else", "steps": [step(WEEK)]}
    await harbour.thea.http.patch(f"/v1/programs/{program['id']}", json=body, headers=seen)
    assert await now_of(harbour, given) == given


async def test_steps_keep_the_version_of_the_day_it_was_given(harbour: Cast) -> None:
    exercise = await publish(harbour, await make(harbour))
    body = wanted(step(), step(exercise_id=exercise["id"]))
    program = (await harbour.thea.http.post("/v1/programs", json=body)).json()
    given = await give(harbour, program)
    newer = await publish(harbour, await change(harbour, exercise, minutes=7))
    await retire(harbour, newer)
    await move(harbour, given, 1, "finish")
    kept = (await now_of(harbour, given))["steps"][1]["exercise_version_id"]
    assert kept == exercise["exercise_version_id"]


async def test_a_retired_program_is_given_to_nobody(harbour: Cast) -> None:
    program = await made(harbour, NEXT)
    url = f"/v1/programs/{program['id']}/retire"
    await harbour.thea.http.post(url, headers={"If-Match": '"v1"'})
    answer = await ask(harbour, "thea", program)
    assert (answer.status_code, answer.json()["code"]) == (422, "programs.program")
    assert answer.json()["errors"][0]["pointer"] == "/program_id"


async def test_nor_is_one_of_another_practice(harbour: Cast, lakeside: Cast) -> None:
    answer = await ask(harbour, "thea", await made(lakeside, NEXT))
    assert (answer.status_code, answer.json()["code"]) == (422, "programs.program")


async def test_nor_one_whose_exercise_is_retired(harbour: Cast) -> None:
    exercise = await publish(harbour, await make(harbour))
    body = wanted(step(), step(exercise_id=exercise["id"]))
    program = (await harbour.thea.http.post("/v1/programs", json=body)).json()
    await retire(harbour, exercise)
    answer = await ask(harbour, "thea", program)
    assert (answer.status_code, answer.json()["code"]) == (409, "programs.exercise")
    assert answer.json()["steps"] == [2]


@pytest.mark.parametrize(
    ("who", "status", "code"),
    [
        ("theo", 404, "access.not_found"),
        ("ana", 403, "access.role"),
        ("sam", 403, "access.not_on_care_team"),
        ("abe", 403, "access.role"),
        ("cleo", 403, "access.role"),
    ],
)
async def test_others_give_none(harbour: Cast, who: str, status: int, code: str) -> None:
    answer = await ask(harbour, who, await made(harbour, NEXT))
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize(("who", "status"), [("sam", 200), ("theo", 404), ("ana", 403)])
async def test_who_reads_it(harbour: Cast, who: str, status: int) -> None:
    given = await started(harbour, NEXT)
    answer = await harbour.people[who].http.get(f"/v1/program-assignments/{given['id']}")
    assert answer.status_code == status, answer.text


async def test_an_idempotency_key_gives_it_once(harbour: Cast) -> None:
    program = await made(harbour, NEXT, NEXT)
    url = f"/v1/clients/{harbour.client_ids['cleo']}/programs"
    body, key = {"program_id": program["id"], "agreed": True}, {"Idempotency-Key": "one"}
    both = [await harbour.thea.http.post(url, json=body, headers=key) for _ in range(2)]
    assert both[0].json() == both[1].json()
    assert len((await harbour.thea.http.get(url)).json()["items"]) == 1


async def test_pages_follow_each_other(harbour: Cast) -> None:
    both = [await started(harbour, NEXT, WEEK) for _ in range(2)]
    url = f"/v1/clients/{harbour.client_ids['cleo']}/programs?limit=1"
    first = (await harbour.thea.http.get(url)).json()
    second = (await harbour.thea.http.get(f"{url}&cursor={first['next']}")).json()
    assert first["items"] + second["items"] == both[::-1]


async def test_the_client_sees_what_came_and_how_much_is_to_come(harbour: Cast) -> None:
    await started(harbour, NEXT, AT_ONCE, NEXT, WEEK)
    shown = await mine(harbour)
    assert ([one["number"] for one in shown["steps"]], shown["to_come"]) == ([1, 2], 2)
    assert {one["state"] for one in shown["steps"]} == {"given"}


async def test_the_client_sees_no_more_than_that(harbour: Cast) -> None:
    await started(harbour, NEXT, NEXT)
    shown = await mine(harbour)
    assert set(shown) == {"id", "title", "status", "steps", "to_come", "created_at", "version"}
    assert set(shown["steps"][0]) == {"number", "title", "assignment_id", "given_at", "state"}


async def test_what_was_answered_is_done_on_both_sides(harbour: Cast) -> None:
    given = await started(harbour, NEXT, WEEK)
    await send(harbour, given, 1)
    assert await states(harbour, given) == "dw"
    assert (await mine(harbour))["steps"][0]["state"] == "done"


async def test_nobody_elses(harbour: Cast, lakeside: Cast) -> None:
    given = await started(harbour, NEXT)
    assert (await harbour.carl.http.get(MINE)).json()["items"] == []
    answer = await lakeside.thea.http.get(f"/v1/program-assignments/{given['id']}")
    assert answer.status_code == 404


async def test_a_guardian_sees_the_childs(harbour: Cast) -> None:
    given = await give(harbour, await made(harbour, NEXT), "kit")
    (one,) = (await harbour.greta.http.get(MINE)).json()["items"]
    assert one["id"] == given["id"]


async def test_ended_it_leaves_what_was_given(harbour: Cast) -> None:
    given = await started(harbour, NEXT, NEXT)
    ended = (await end(harbour, given)).json()
    assert (ended["status"], ended["waits_for"], ended["ended_by"]) == (
        "ended",
        None,
        harbour.thea.user_id,
    )
    assert [one["assignment_status"] for one in ended["steps"]] == ["active", None]
    assert (await mine(harbour))["to_come"] == 0


async def test_ending_twice_is_ending_once(harbour: Cast) -> None:
    given = await started(harbour, NEXT, NEXT)
    first, again = await end(harbour, given), await end(harbour, given)
    assert (again.status_code, first.json()) == (200, again.json())


@pytest.mark.parametrize(
    ("who", "status"), [("theo", 404), ("sam", 403), ("ana", 403), ("cleo", 403)]
)
async def test_others_end_none(harbour: Cast, who: str, status: int) -> None:
    given = await started(harbour, NEXT, NEXT)
    assert (await end(harbour, given, who)).status_code == status


async def test_the_version_that_was_seen_is_named(harbour: Cast) -> None:
    given = await started(harbour, NEXT, NEXT)
    url = f"/v1/program-assignments/{given['id']}/end"
    missing = await harbour.thea.http.post(url)
    stale = await end(harbour, given | {"version": 7})
    assert (missing.status_code, stale.status_code) == (428, 412)
