"""The board: rolling counts for each assignment, never a percentage."""

from datetime import datetime
from typing import Any

import pytest

from app.core.clock import now
from app.core.ids import new_id
from app.homework.models import Assignment, Occurrence
from tests.cast import Cast
from tests.homework.scenes import submission
from tests.overview.scenes import (
    DAY,
    assign,
    practised,
    read,
    rests,
    sent,
    sent_again,
    sent_for,
    taken_back,
)

NOTHING = {
    "done": 0,
    "partial": 0,
    "tried": 0,
    "not_ready": 0,
    "excused": 0,
    "no_response": 0,
    "extra": 0,
    "late": 0,
    "repetitions": 0,
}


async def board(cast: Cast, name: str = "thea") -> Any:
    return await read(cast.people[name], f"/v1/clients/{cast.client_ids['cleo']}/homework-board")


async def counts(cast: Cast, days: int = 28) -> Any:
    """What is not zero of the only assignment's counts."""
    found = (await board(cast))["assignments"][0][f"last_{days}_days"]
    return {name: count for name, count in found.items() if count}


async def slot_that_closed(cast: Cast, days_ago: float, slot: str, **other: Any) -> str:
    """A slot of a new assignment; its id."""
    assignment_id = other.pop("assignment_id", None) or (await assign(cast))["id"]
    closed_at = now() - days_ago * DAY
    values = {
        "id": new_id(),
        "client_id": cast.client_ids["cleo"],
        "assignment_id": assignment_id,
        "slot": slot,
        "local_on": closed_at.date(),
        "opens_at": closed_at - DAY,
        "closes_at": closed_at,
    } | other
    await cast.write(Occurrence, **values)
    return str(values["id"])


async def did(cast: Cast, outcome: str, at: datetime | None = None, **other: Any) -> None:
    await sent(cast, outcome=outcome, occurred_at=(at or now()).isoformat(), **other)


async def test_each_outcome_is_counted(harbour: Cast) -> None:
    for outcome in ("completed", "partial", "attempted", "not_ready"):
        await did(harbour, outcome)
    shown = await board(harbour)
    assert [one["last_14_days"] for one in reversed(shown["assignments"])] == [
        NOTHING | {name: 1} for name in ("done", "partial", "tried", "not_ready")
    ]
    assert all(one["last_answer_at"] for one in shown["assignments"])


async def test_what_was_done_longer_ago_is_in_the_longer_window(harbour: Cast) -> None:
    await did(harbour, "completed", now() - 20 * DAY)
    assert (await counts(harbour, 14), await counts(harbour, 28)) == ({}, {"done": 1})


async def test_what_was_done_before_both_is_not_counted(harbour: Cast) -> None:
    await did(harbour, "completed", now() - 29 * DAY)
    assert await counts(harbour) == {}


@pytest.mark.parametrize(("days_ago", "found"), [(1, {"no_response": 1}), (29, {})])
async def test_a_slot_that_closed_without_an_answer(
    harbour: Cast, days_ago: int, found: dict[str, int]
) -> None:
    await slot_that_closed(harbour, days_ago, "2026-01-01")
    assert await counts(harbour) == found


async def closed(cast: Cast, days: int, **other: Any) -> str:
    """The slot of homework that opened so many days ago, and closed yesterday."""
    opened, ahead = ((now() + some * DAY).isoformat() for some in (-days, 1))
    made = await assign(cast, opens_at=opened, closes_at=ahead, **other)
    today = await read(cast.cleo, "/v1/me/today?zone=Europe/Berlin")
    where = str(today["open"][0]["id"])
    work, transaction = cast.job()
    async with transaction:
        await work.alter(Occurrence, where, closes_at=now() - DAY)
        await work.alter(Assignment, made["id"], closes_at=now() - DAY)
    return where


async def test_one_that_was_open_for_months_counts_when_it_closes(harbour: Cast) -> None:
    await closed(harbour, 200)
    assert await counts(harbour) == {"no_response": 1}


async def test_an_excused_slot_counts_once_its_time_has_come(harbour: Cast) -> None:
    assignment_id = (await assign(harbour))["id"]
    for days_ago, slot in ((2, "past"), (-2, "ahead")):
        await slot_that_closed(
            harbour, days_ago, slot, status="excused", assignment_id=assignment_id
        )
    assert await counts(harbour) == {"excused": 1}


async def late(cast: Cast, policy: str) -> Any:
    where = await closed(cast, 3, late_policy=policy)
    made = await cast.cleo.http.post(f"/v1/me/occurrences/{where}/submissions", json=submission())
    assert (made.status_code, made.json()["in_window"]) == (201, False)
    return await counts(cast)


async def test_late_work_counts_as_the_policy_says(harbour: Cast) -> None:
    assert await late(harbour, "counts") == {"done": 1}


async def test_late_work_that_counts_as_late(harbour: Cast) -> None:
    assert await late(harbour, "counts_as_late") == {"done": 1, "late": 1}


async def test_late_work_that_does_not_count(harbour: Cast) -> None:
    assert await late(harbour, "does_not_count") == {}


async def test_extra_work_is_counted_beside_the_slots(harbour: Cast) -> None:
    assignment_id = (await assign(harbour))["id"]
    submission_id = await sent_for(harbour, assignment_id)
    shown = await read(harbour.thea, f"/v1/submissions/{submission_id}")
    work, transaction = harbour.job()
    async with transaction:
        await work.alter(Occurrence, shown["occurrence_id"], is_extra=True)
    assert await counts(harbour) == {"extra": 1}


async def test_obstacles_that_recur_are_named(harbour: Cast) -> None:
    assignment_id = (await assign(harbour))["id"]
    await sent_for(harbour, assignment_id, obstacles=["too_busy", "forgot"])
    await practised(harbour, assignment_id=assignment_id, obstacles=["too_busy"])
    shown = (await board(harbour))["assignments"][0]
    assert shown["recurring_obstacles"] == [{"obstacle": "too_busy", "times": 2}]


async def test_repetitions_are_counted_with_an_assignment_and_without(harbour: Cast) -> None:
    assignment_id = (await assign(harbour))["id"]
    await practised(harbour, assignment_id=assignment_id, times=4)
    await practised(harbour, times=2, occurred_corrected_at=now() - 20 * DAY)
    shown = await board(harbour)
    assert shown["assignments"][0]["last_14_days"]["repetitions"] == 4
    assert shown["repetitions"] == {"last_14_days": 4, "last_28_days": 6}


async def test_what_ended_is_shown_for_four_weeks(harbour: Cast) -> None:
    made = [(await assign(harbour))["id"] for _ in range(3)]
    await assign(harbour, agreed=False)
    work, transaction = harbour.job()
    async with transaction:
        await work.alter(Assignment, made[1], status="ended")
        await work.alter(Assignment, made[2], status="done")
    shown = await board(harbour)
    assert {one["assignment_id"]: one["status"] for one in shown["assignments"]} == dict(
        zip(made, ("active", "ended", "done"), strict=True)
    )


async def test_a_board_that_has_not_changed_is_not_sent_again(harbour: Cast) -> None:
    await did(harbour, "completed")
    url = f"/v1/clients/{harbour.client_ids['cleo']}/homework-board"
    held = {"If-None-Match": (await harbour.thea.http.get(url)).headers["etag"]}
    assert (await harbour.thea.http.get(url, headers=held)).status_code == 304
    await practised(harbour)
    assert (await harbour.thea.http.get(url, headers=held)).status_code == 200


async def test_an_empty_board_is_one_too(harbour: Cast) -> None:
    assert (await board(harbour, "sam"))["assignments"] == []


@pytest.mark.parametrize(
    ("name", "answered"),
    [("theo", (404, "access.not_found")), ("ana", (403, "access.not_on_care_team"))],
)
async def test_it_is_for_the_care_team(harbour: Cast, name: str, answered: tuple[int, str]) -> None:
    url = f"/v1/clients/{harbour.client_ids['cleo']}/homework-board"
    answer = await harbour.people[name].http.get(url)
    assert (answer.status_code, answer.json()["code"]) == answered


async def test_a_slot_that_closed_in_a_time_of_rest_is_excused(harbour: Cast) -> None:
    await slot_that_closed(harbour, 2, "2026-01-01")
    await rests(harbour, 10)
    assert await counts(harbour) == {"excused": 1}


async def test_only_the_newest_version_counts(harbour: Cast) -> None:
    submission_id = await sent(harbour, outcome="attempted", obstacles=["forgot"])
    await sent_again(harbour, submission_id, outcome="completed")
    assert await counts(harbour) == {"done": 1}
    assert (await board(harbour))["assignments"][0]["recurring_obstacles"] == []


async def test_what_was_taken_back_is_not_counted(harbour: Cast) -> None:
    await taken_back(harbour, await sent(harbour))
    assert await counts(harbour) == {}
    assert (await board(harbour))["assignments"][0]["last_answer_at"] is None
