"""Exercises are found by what they are, how long they take, and words of their titles."""

from typing import Any

import pytest

from app.library.catalogue import catalogue
from tests.cast import Cast
from tests.library.scenes import TEXTS, change, make, publish, retire, titled


async def found(cast: Cast, query: str) -> list[dict[str, Any]]:
    answer = await cast.thea.http.get(f"/v1/exercises?limit=100&{query}")
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


@pytest.mark.parametrize(
    ("query", "holds"),
    [
        ("area=acceptance", lambda one: "acceptance" in one.areas),
        ("kind=skill", lambda one: one.kind == "skill"),
        ("modality=somatic", lambda one: "somatic" in one.modalities),
        ("minutes=8", lambda one: one.version.minutes <= 8),
        ("difficulty=1", lambda one: one.difficulty == 1),
        ("kind=skill&modality=dbt&minutes=12",
         lambda one: one.kind == "skill" and "dbt" in one.modalities and one.version.minutes <= 12),
    ],
)  # fmt: skip
async def test_filters(harbour: Cast, query: str, holds: Any) -> None:
    expected = {one.slug for one in catalogue() if holds(one)}
    assert {one["slug"] for one in await found(harbour, query)} == expected != set()


@pytest.mark.parametrize(
    ("q", "there"),
    [
        ("letter", True),
        ("LANDLORD letter", True),
        ("carta", True),
        ("letter carta", True),
        ("reflexion", True),
        ("REFLEXIÓN", True),
        ("reflexi\u006f\u0301n", True),
        ("letter moon", False),
        ("100%25", False),
        ("_", False),
    ],
)
async def test_every_word_of_q_is_in_a_title(harbour: Cast, q: str, there: bool) -> None:
    spanish = TEXTS | {"title": "Una carta al casero, con reflexión"}
    made = await publish(harbour, await make(harbour, texts={"en": TEXTS, "es": spanish}))
    assert (made["id"] in {one["id"] for one in await found(harbour, f"q={q}")}) is there


@pytest.mark.parametrize("q", ["", "%25", "%20-%20"])
async def test_q_needs_a_word(harbour: Cast, q: str) -> None:
    answer = await harbour.thea.http.get(f"/v1/exercises?q={q}")
    assert (answer.status_code, answer.json()["code"]) == (422, "library.q")


async def test_mine_shows_what_is_not_published_yet(harbour: Cast) -> None:
    draft = await make(harbour)
    done = await publish(harbour, await make(harbour))
    gone = await retire(harbour, await publish(harbour, await make(harbour)))
    shown = {one["id"] for one in await found(harbour, "mine=true")}
    listed = {one["id"] for one in await found(harbour, "q=landlord")}
    assert shown == {draft["id"], done["id"]}
    assert (done["id"] in listed, draft["id"] in listed, gone["id"] in listed) == (1, 0, 0)


async def test_a_list_shows_what_is_published_until_the_draft_is(harbour: Cast) -> None:
    done = await publish(harbour, await make(harbour))
    await change(harbour, done, **titled("Another letter"))
    [one] = await found(harbour, "mine=true")
    assert (one["title"], one["has_draft"], one["is_own"]) == (TEXTS["title"], True, True)


async def test_next_door_lists_nothing_of_ours(harbour: Cast, lakeside: Cast) -> None:
    done = await publish(harbour, await make(harbour))
    assert done["id"] not in {one["id"] for one in await found(lakeside, "q=landlord")}
    assert await found(lakeside, "mine=true") == []
