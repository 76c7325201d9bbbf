"""Whatever is changed: what passed, is open, was begun or answered stays as it is, to the byte."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

import app.worker  # noqa: F401 - puts every room's handlers in place
from app.core import clock
from app.core.clock import now
from app.jobs.delivering import drain
from app.operation.house import House
from app.schedules.local import local_day
from tests.cast import Cast
from tests.homework.assigning import done, patch
from tests.homework.planned import DAY, asked, by_key, do, given
from tests.homework.scenes import submission
from tests.jobs.conftest import Admin
from tests.library.scenes import make, publish
from tests.rests.test_mine import in_days, started

ALL_DAY = {"kind": "daily", "opens": "00:00"}
KEPT = ("submissions", "submission_versions", "submission_answers", "drafts", "reviews")
Change = Callable[[Cast, House, str], Awaitable[Any]]
Lived = tuple[tuple[str, str], dict[str, Any]]
"""Homework, and its exercise."""


def key(days: int) -> str:
    return (local_day(now(), "Europe/Berlin") + timedelta(days=days)).isoformat()


@pytest.fixture
async def lived(harbour: Cast, admin: Admin) -> Lived:
    """Ten days of homework, answered three days ago and two days early, begun for in four days."""
    exercise = await publish(harbour, await make(harbour))
    version_id = await admin.fetchval(
        "select id::text from exercise_versions where exercise_id = $1", exercise["id"]
    )
    with clock.at(now() - 10 * DAY):
        homework = await given(
            harbour, ALL_DAY, library_id=harbour.practice_id, exercise_version_id=version_id
        )
        await do(harbour, homework)
    there = await by_key(admin, homework)
    said = {"answers": {}, "outcome": "attempted", "exercise_version_id": version_id}
    for number, days in enumerate((-3, 2)):
        url = f"/v1/me/occurrences/{there[key(days)]['id']}/submissions"
        body = submission(f"device-1-000{number}", **said)
        sent = await harbour.cleo.http.post(url, json=body)
        assert sent.status_code == 201, sent.text
    begun = await harbour.cleo.http.put(
        f"/v1/me/occurrences/{there[key(4)]['id']}/draft",
        json={"exercise_version_id": version_id, "answers": {}},
        headers={"If-None-Match": "*"},
    )
    assert begun.status_code == 201, begun.text
    return homework, exercise


def patched(**changes: Any) -> Change:
    async def change(cast: Cast, worker: House, assignment_id: str) -> None:
        answer = await patch(cast.thea, assignment_id, changes)
        assert answer.status_code == 200, answer.text

    return change


def put(*verbs: str) -> Change:
    async def change(cast: Cast, worker: House, assignment_id: str) -> None:
        for verb in verbs:
            await done(cast.thea, assignment_id, verb)

    return change


async def travel(cast: Cast, worker: House, assignment_id: str) -> None:
    url = f"/v1/clients/{cast.client_ids['cleo']}"
    seen = {"If-Match": f'"v{(await cast.thea.http.get(url)).json()["version"]}"'}
    await cast.thea.http.patch(url, json={"zone": "Pacific/Auckland"}, headers=seen)
    await drain(worker)


async def rest(cast: Cast, worker: House, assignment_id: str) -> None:
    await started(cast.cleo, ends_on=in_days(6))
    await drain(worker)


CHANGES: dict[str, Change] = {
    "schedule": patched(schedule={"kind": "weekly", "days": ["mo", "fr"], "opens": "18:00"}),
    "any day": patched(schedule={"kind": "times_a_week", "times": 2}),
    "window": patched(schedule=ALL_DAY | {"opens": "06:00", "due": "08:00", "days_open": 3}),
    "once": patched(schedule={"kind": "once"}),
    "on demand": patched(schedule={"kind": "on_demand"}),
    "session": patched(schedule={"kind": "before_session", "each": True}),
    "zone": patched(zone="Pacific/Honolulu"),
    "travel": travel,
    "words": patched(title="Another page"),
    "pause": put("pause"),
    "resume": put("pause", "resume"),
    "rest": rest,
    "end": put("end"),
    "finish": put("finish"),
}


async def rows(admin: Admin, table: str, cast: Cast) -> list[str]:
    found = await admin.fetch(
        f"select t::text from {table} t where client_id = $1 order by 1", cast.client_ids["cleo"]
    )
    return [row[0] for row in found]


@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
async def test_the_past_is_the_past(
    harbour: Cast, admin: Admin, worker: House, lived: Lived, change: Change
) -> None:
    homework, _ = lived
    before = await by_key(admin, homework)
    kept = {table: await rows(admin, table, harbour) for table in KEPT}
    await change(harbour, worker, homework[1])
    after = await by_key(admin, homework)
    fixed = {*(key(days) for days in range(-10, 0)), key(2), key(4)}
    ends = change in (CHANGES["end"], CHANGES["finish"])
    fixed |= set() if ends else {key(0)}
    assert [one for one in fixed if after[one]["whole"] != before[one]["whole"]] == []
    assert {table: await rows(admin, table, harbour) for table in KEPT} == kept
    assert (after[key(0)]["status"] == "cancelled") == ends


async def test_a_new_version_of_the_exercise_changes_no_slot(
    harbour: Cast, admin: Admin, lived: Lived
) -> None:
    homework, exercise = lived
    before = await by_key(admin, homework)
    kept = {table: await rows(admin, table, harbour) for table in KEPT}
    await publish(harbour, exercise)
    assert await by_key(admin, homework) == before
    assert {table: await rows(admin, table, harbour) for table in KEPT} == kept


async def test_what_is_ahead_follows(harbour: Cast, admin: Admin, lived: Lived) -> None:
    homework, _ = lived
    await patched(schedule={"kind": "daily", "every": 2})(harbour, harbour.house, homework[1])
    ahead = [one for one in await asked(admin, homework) if one > key(4)]
    assert ahead == [key(days) for days in range(6, 29, 2)]


async def test_a_key_that_comes_back_is_the_slot_it_was(
    harbour: Cast, admin: Admin, lived: Lived
) -> None:
    homework, _ = lived
    before = {one: row["id"] for one, row in (await asked(admin, homework)).items()}
    weekly = {"kind": "weekly", "days": ["mo"]}
    for version, schedule in enumerate((weekly, ALL_DAY), start=1):
        answer = await patch(harbour.thea, homework[1], {"schedule": schedule}, version)
        assert answer.status_code == 200, answer.text
    after = {one: row["id"] for one, row in (await asked(admin, homework)).items()}
    assert before.items() <= after.items()


async def test_ending_leaves_what_is_begun_to_be_sent(
    harbour: Cast, admin: Admin, lived: Lived
) -> None:
    homework, _ = lived
    await done(harbour.thea, homework[1], "end")
    left = {one for one in await asked(admin, homework) if one >= key(0)}
    assert left == {key(2), key(4)}


async def test_once_more_is_a_slot_of_its_own(harbour: Cast, admin: Admin) -> None:
    begins = now() - 5 * DAY
    homework = await given(harbour, {"kind": "once"}, opens_at=begins, closes_at=begins + DAY)
    await do(harbour, homework)
    window = {"opens_at": (now() + DAY).isoformat(), "closes_at": (now() + 2 * DAY).isoformat()}
    assert (await patch(harbour.thea, homework[1], window)).status_code == 200
    found = await asked(admin, homework)
    assert list(found) == ["once", "once-2"]
    assert found["once"]["opens_at"] == begins


async def test_once_after_every_day_is_asked_for_again(harbour: Cast, admin: Admin) -> None:
    ahead = (now() + DAY).isoformat()
    homework = await given(harbour, {"kind": "once"}, opens_at=now() + DAY)
    await do(harbour, homework)
    await patch(harbour.thea, homework[1], {"schedule": ALL_DAY}, 1)
    assert "once" not in await asked(admin, homework)
    again = {"schedule": {"kind": "once"}, "opens_at": ahead}
    assert (await patch(harbour.thea, homework[1], again, 2)).status_code == 200
    assert "once" in await asked(admin, homework)


async def test_what_was_answered_once_is_not_asked_for_twice(harbour: Cast, admin: Admin) -> None:
    homework = await given(harbour, {"kind": "once"}, opens_at=now() - DAY)
    await do(harbour, homework)
    (one,) = (await by_key(admin, homework)).values()
    sent = await harbour.cleo.http.post(
        f"/v1/me/occurrences/{one['id']}/submissions", json=submission()
    )
    assert sent.status_code == 201
    longer = {"closes_at": (now() + 9 * DAY).isoformat()}
    assert (await patch(harbour.thea, homework[1], longer)).status_code == 200
    assert list(await by_key(admin, homework)) == ["once"]
