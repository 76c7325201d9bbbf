"""The day of each kind of staff: what is theirs, and nothing of what is not."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from app.access.grounds import Membership
from app.core.clock import now
from app.core.ids import new_id
from app.homework.models import Assignment
from app.sessions.models import Session
from tests.cast import Cast
from tests.overview.scenes import DAY, asked, assign, practised, read, rests, sent

CLINICAL = ("needs_attention", "review_queue", "questions", "proposals", "rests", "drafts")


async def today(cast: Cast, name: str = "thea") -> Any:
    return await read(cast.people[name], "/v1/today")


async def session(cast: Cast, at: datetime, client: str = "cleo", therapist: str = "thea") -> str:
    session_id = new_id()
    await cast.write(
        Session,
        id=session_id,
        client_id=cast.client_ids[client],
        episode_id=cast.episode_ids[client],
        therapist_id=cast.people[therapist].user_id,
        starts_at=at,
        zone="Europe/Berlin",
        setting="video",
    )
    return session_id


def midnight(days: int = 0, zone: str = "Europe/Berlin") -> datetime:
    begins = datetime.combine(now().astimezone(ZoneInfo(zone)), datetime.min.time())
    return (begins + timedelta(days=days)).replace(tzinfo=ZoneInfo(zone))


async def test_the_sessions_of_the_day_in_order(harbour: Cast) -> None:
    second = await session(harbour, midnight(1) - timedelta(minutes=1), "kit")
    first = await session(harbour, midnight())
    for at in (midnight() - timedelta(minutes=1), midnight(1)):
        await session(harbour, at)
    await session(harbour, midnight(), "carl", "theo")
    shown = await today(harbour)
    assert [(one["id"], one["client"]) for one in shown["sessions"]] == [
        (first, "Cleo"),
        (second, "Kit"),
    ]
    assert (shown["on"], shown["zone"]) == (str(midnight().date()), "Europe/Berlin")


async def test_the_day_is_the_zones(harbour: Cast) -> None:
    there = "Pacific/Kiritimati"
    session_id = await session(harbour, midnight(1, there) - timedelta(minutes=1))
    shown = await read(harbour.thea, f"/v1/today?zone={there}")
    assert [one["id"] for one in shown["sessions"]] == [session_id]
    assert shown["on"] == str(midnight(0, there).date())


async def test_the_front_desk_sees_everyones_sessions_and_nothing_else(harbour: Cast) -> None:
    await session(harbour, midnight())
    await session(harbour, midnight(), "carl", "theo")
    await sent(harbour)
    shown = await today(harbour, "abe")
    assert sorted(one["therapist"] for one in shown["sessions"]) == [
        "Thea of the test",
        "Theo of the test",
    ]
    assert [shown[name] for name in (*CLINICAL, "unattended")] == [None] * 7


async def test_an_owner_who_does_not_treat_sees_no_contents(harbour: Cast) -> None:
    await sent(harbour, obstacles=["unsafe"])
    shown = await today(harbour, "ana")
    assert [shown[name] for name in CLINICAL] == [None] * 6


async def test_what_needs_attention_and_the_head_of_the_queue(harbour: Cast) -> None:
    calm, pressing = await sent(harbour), await sent(harbour, obstacles=["unsafe"])
    practice = await practised(harbour, attention_level="soon")
    shown = await today(harbour)
    assert [one["id"] for one in shown["needs_attention"]] == [pressing, practice]
    assert shown["review_queue"].items() >= {"count": 3, "more": False}.items()
    assert [one["id"] for one in shown["review_queue"]["first"]] == [pressing, practice, calm]


async def test_a_question_stands_there_until_it_is_answered(harbour: Cast) -> None:
    assignment = await assign(harbour)
    await asked(harbour, assignment["id"], "What does that even mean?")
    question = (await today(harbour))["questions"][0]
    assert (
        question.items()
        >= {
            "client": "Cleo",
            "assignment_id": assignment["id"],
            "assignment": "A moment on my timeline",
            "question": "What does that even mean?",
        }.items()
    )


async def test_proposals_that_wait_or_were_declined(harbour: Cast) -> None:
    waiting, declined = [await assign(harbour, agreed=False) for _ in range(2)]
    await harbour.cleo.http.post(
        f"/v1/me/assignments/{declined['id']}/decline",
        json={"reason": "too_much", "words": "Not in this month."},
        headers={"If-Match": '"v1"'},
    )
    await assign(harbour)
    found = (await today(harbour))["proposals"]
    shown = ("id", "status", "decline_reason", "decline_words")
    assert [tuple(one[name] for name in shown) for one in found] == [
        (waiting["id"], "proposed", None, None),
        (declined["id"], "declined", "too_much", "Not in this month."),
    ]


async def test_what_was_declined_long_ago_has_gone(harbour: Cast) -> None:
    made = await assign(harbour, agreed=False)
    work, transaction = harbour.job()
    async with transaction:
        at = now() - 29 * DAY
        await work.alter(Assignment, made["id"], status="declined", answered_at=at)
    assert (await today(harbour))["proposals"] == []


@pytest.mark.parametrize(
    ("days", "other", "is_shown"),
    [
        (15, {}, True),
        (13, {}, False),
        (30, {"looked_in_at": now() - 2 * DAY}, False),
        (30, {"looked_in_at": now() - 15 * DAY}, True),
        (15, {"ends_at": now() - DAY}, False),
    ],
)
async def test_rest_periods_to_look_in_on(
    harbour: Cast, days: int, other: dict[str, Any], is_shown: bool
) -> None:
    rest_id = await rests(harbour, days, **other)
    found = [one["id"] for one in (await today(harbour))["rests"]]
    assert found == ([rest_id] if is_shown else [])


async def test_a_pause_is_no_rest_period(harbour: Cast) -> None:
    await rests(harbour, 20, assignment_id=(await assign(harbour))["id"])
    assert (await today(harbour))["rests"] == []


async def test_drafts_are_their_authors(harbour: Cast) -> None:
    url = f"/v1/clients/{harbour.client_ids['cleo']}/notes"
    made = await harbour.thea.http.post(url, json={"format": "SOAP"})
    assert [one["id"] for one in (await today(harbour))["drafts"]] == [made.json()["id"]]
    assert (await today(harbour, "sam"))["drafts"] == []


async def test_a_colleague_has_a_day_of_his_own(harbour: Cast) -> None:
    await sent(harbour)
    await assign(harbour, agreed=False)
    await rests(harbour, 20)
    await session(harbour, midnight())
    shown = await today(harbour, "theo")
    assert [shown[name] for name in ("sessions", "proposals", "rests", "needs_attention")] == [
        [], [], [], [],
    ]  # fmt: skip
    assert shown["review_queue"] == {"count": 0, "more": False, "first": []}


async def test_owners_see_whom_nobody_treats(harbour: Cast) -> None:
    assert (await today(harbour, "ana"))["unattended"] == []
    work, transaction = harbour.job()
    async with transaction:
        await work.alter(Membership, harbour.theo.user_id, suspended_at=now())
    found = (await today(harbour, "ana"))["unattended"]
    assert [(one["client"], one["episode_id"]) for one in found] == [
        ("Carl", harbour.episode_ids["carl"])
    ]
    assert (await today(harbour))["unattended"] is None


async def test_an_owner_who_treats_sees_their_own_sessions_and_whom_nobody_treats(
    harbour: Cast,
) -> None:
    work, transaction = harbour.job()
    async with transaction:
        await harbour.add_person(work, "olga", "staff", ("owner", "therapist"))
        await work.alter(Membership, harbour.theo.user_id, suspended_at=now())
    theirs = await session(harbour, midnight(), "cleo", "olga")
    await session(harbour, midnight(), "kit")
    shown = await today(harbour, "olga")
    found = [one["id"] for one in shown["sessions"]], [one["client"] for one in shown["unattended"]]
    assert found == ([theirs], ["Carl"])


async def test_care_that_ended_leaves_an_episode_unattended(
    harbour: Cast, admin: "asyncpg.Connection[Any]"
) -> None:
    await admin.execute(
        "update care_assignments set starts_at = now() - interval '2 days', ends_at = now()"
        " where client_id = $1", harbour.client_ids["carl"],
    )  # fmt: skip
    assert [one["client"] for one in (await today(harbour, "ana"))["unattended"]] == ["Carl"]


async def test_the_same_day_is_not_sent_again(harbour: Cast) -> None:
    held = {"If-None-Match": (await harbour.thea.http.get("/v1/today")).headers["etag"]}
    assert (await harbour.thea.http.get("/v1/today", headers=held)).status_code == 304


async def test_clients_have_another_door(harbour: Cast) -> None:
    answer = await harbour.cleo.http.get("/v1/today")
    assert (answer.status_code, answer.json()["code"]) == (403, "access.role")


async def test_a_look_at_the_day_is_in_each_clients_log(
    harbour: Cast, admin: "asyncpg.Connection[Any]"
) -> None:
    await sent(harbour)
    await session(harbour, midnight(), "kit")
    await today(harbour)
    rows = await admin.fetch(
        "select client_id::text, about from audit_events"
        " where practice_id = $1 and operation = 'get_today'", harbour.practice_id,
    )  # fmt: skip
    assert {tuple(row) for row in rows} == {
        (harbour.client_ids["cleo"], "homework"),
        (harbour.client_ids["kit"], "contact"),
    }
