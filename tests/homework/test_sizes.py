"""Smaller is never for good: what was taken shows wherever the work is shown, and goes up again."""

from datetime import timedelta
from typing import Any

import pytest

from app.core.clock import now
from tests.cast import Cast
from tests.homework.assigning import STEPS, done, patch, put, stepped
from tests.homework.scenes import assign, slot
from tests.overview.scenes import read
from tests.sync.test_sync import sync

TODAY, WEEK = "/v1/me/today?zone=Europe/Berlin", "/v1/me/week?zone=Europe/Berlin"


async def taken(cast: Cast, *takes: str) -> dict[str, Any]:
    """Accepted, and then taken in each of these ways, one after the other."""
    made = await stepped(cast)
    shown = await done(cast.cleo, made["id"], "accept", {})
    for take in takes:
        shown = await done(cast.cleo, made["id"], "accept", {"take": take})
    return shown


@pytest.mark.parametrize(
    ("takes", "size", "step"),
    [
        (["step", "step", "step_up"], "whole", 3),
        (["step", "step_up"], "whole", None),
        (["minimum", "step_up"], "whole", None),
        (["step", "minimum", "step_up"], "whole", 3),
        (["step", "step", "whole"], "whole", None),
    ],
)
async def test_what_was_made_smaller_goes_up_again(
    harbour: Cast, takes: list[str], size: str, step: int | None
) -> None:
    shown = await taken(harbour, *takes)
    assert (shown["size"], shown["step"]) == (size, step)


async def test_the_way_up_is_shown_until_all_of_it_is_taken(harbour: Cast) -> None:
    low = await taken(harbour, "step", "step")
    assert low["larger"] == {"step": STEPS[2], "step_number": 3}
    high = await done(harbour.cleo, low["id"], "accept", {"take": "step_up"})
    assert high["larger"] == {"step": None, "step_number": None}
    whole = await done(harbour.cleo, low["id"], "accept", {"take": "step_up"})
    assert whole["larger"] is None
    beyond = await put(harbour.cleo, low["id"], "accept", {"take": "step_up"})
    assert (beyond.status_code, beyond.json()["code"]) == (409, "homework.nothing_larger")


async def test_what_is_taken_stands_in_today_the_week_and_the_occurrence(harbour: Cast) -> None:
    await taken(harbour, "step")
    today = await read(harbour.cleo, TODAY)
    week = await read(harbour.cleo, WEEK)
    of_week = [one for day in week["days"] for one in day["open"]] + week["also_open"]
    single = await read(harbour.cleo, f"/v1/me/occurrences/{today['open'][0]['id']}")
    for shown in (today["open"][0], of_week[0], single):
        assert (shown["size"], shown["step"], shown["step_text"]) == ("whole", 3, STEPS[2])
    assert today["next_step"]["step_text"] == STEPS[2]


async def test_the_therapist_sets_how_much_is_taken_and_undoes_it(harbour: Cast) -> None:
    made = await taken(harbour, "minimum")
    stepped_up = await patch(harbour.thea, made["id"], {"step": 2}, made["version"])
    assert (stepped_up.json()["size"], stepped_up.json()["step"]) == ("whole", 2)
    whole = await patch(harbour.thea, made["id"], {"step": None}, made["version"] + 1)
    assert (whole.json()["size"], whole.json()["step"]) == ("whole", None)
    smallest = await patch(harbour.thea, made["id"], {"size": "minimum"}, made["version"] + 2)
    assert (await slot(harbour.cleo))["size"] == smallest.json()["size"] == "minimum"


@pytest.mark.parametrize(
    ("said", "pointer"),
    [({"step": 4}, "/step"), ({"size": "minimum", "minimum_version": None}, "/size")],
)
async def test_what_it_does_not_have_is_not_taken(
    harbour: Cast, said: dict[str, Any], pointer: str
) -> None:
    made = await stepped(harbour)
    answer = await patch(harbour.thea, made["id"], said)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


@pytest.mark.parametrize("by", ["client", "therapist"])
async def test_a_device_is_told_what_its_slots_say_now(harbour: Cast, by: str) -> None:
    made = await taken(harbour)
    heard = (await sync(harbour)).json()
    before = {one["id"] for one in of_slots(heard)}
    assert before
    if by == "client":
        await done(harbour.cleo, made["id"], "accept", {"take": "step"})
    else:
        await patch(harbour.thea, made["id"], {"step": 3}, made["version"])
    told = of_slots((await sync(harbour, cursor=heard["cursor"])).json())
    assert {one["id"] for one in told} == before
    assert {one["body"]["step_text"] for one in told} == {STEPS[2]}


def of_slots(heard: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in heard["changes"] if one["kind"] == "occurrence"]


async def test_what_opens_later_today_is_not_among_what_is_open(harbour: Cast) -> None:
    noon = f"Etc/GMT{now().hour - 12:+}"
    opened = await assign(harbour)
    later = await assign(harbour, opens_at=(now() + timedelta(hours=1)).isoformat())
    await assign(harbour, opens_at=(now() + timedelta(days=1)).isoformat())
    today = await read(harbour.cleo, f"/v1/me/today?zone={noon.replace('+', '%2B')}")
    assert [one["assignment_id"] for one in today["open"]] == [opened["id"]]
    assert [one["assignment_id"] for one in today["later_today"]] == [later["id"]]
    assert today["next_step"]["occurrence_id"] == today["open"][0]["id"]
