"""Any sequence of session events: one slot a session at most, and nothing lost that holds work."""

from datetime import datetime
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core import clock
from app.homework import planning
from tests.cast import Cast
from tests.homework.planned import DAY, HOUR, at, by_key, do, put_session, session, touch
from tests.homework.planned import given as planted
from tests.jobs.conftest import Admin

BEGIN = at("2026-10-01T06:00")

schedules = st.fixed_dictionaries(
    {"kind": st.sampled_from(["before_session", "after_session"]), "each": st.booleans()}
)
steps = st.lists(
    st.tuples(
        st.integers(0, 5 * 24),
        st.one_of(
            st.tuples(st.just("book"), st.integers(1, 24 * 40)),
            st.tuples(st.just("move"), st.integers(1, 24 * 40)),
            st.tuples(
                st.just("mark"),
                st.sampled_from(["attended", "late", "no_show", "cancelled_by_client"]),
            ),
            st.tuples(st.just("nothing"), st.none()),
            st.tuples(st.sampled_from(["draft", "undraft", "submit", "withdraw"]), st.none()),
        ),
        st.integers(0, 20),
    ),
    min_size=3,
    max_size=14,
)


@given(schedule=schedules, steps=steps)
@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_slots_go_with_sessions(
    harbour: Cast, admin: Admin, schedule: dict[str, Any], steps: list[Any]
) -> None:
    moment, booked = BEGIN, list[str]()
    await admin.execute(
        "update sessions set attendance = 'cancelled_by_client' where practice_id = $1",
        harbour.practice_id,
    )
    with clock.at(moment):
        homework = await planted(harbour, schedule, opens_at=moment)
        await do(harbour, homework)
    for later, (what, how), which in steps:
        moment += later * HOUR
        with clock.at(moment):
            await _happens(harbour, admin, homework, booked, what, how, which)
            before = await by_key(admin, homework)
            await do(harbour, homework, planning.replan)
            after = await by_key(admin, homework)
            coming = await _coming(admin, harbour, moment)
            _nothing_is_lost(before, after, coming)
            _one_each(after, coming, schedule, moment)
            await do(harbour, homework, planning.replan)
            assert await by_key(admin, homework) == after


async def _happens(
    cast: Cast,
    admin: Admin,
    homework: tuple[str, str],
    booked: list[str],
    what: str,
    how: Any,
    which: int,
) -> None:
    """One thing that people do, to one of the sessions or slots there are."""
    if what == "book":
        booked.append(await session(cast, clock.now() + how * HOUR))
    elif what == "move" and booked:
        starts_at = clock.now() + how * HOUR
        await put_session(
            cast, booked[which % len(booked)], starts_at=starts_at, attendance="scheduled"
        )
    elif what == "mark" and booked:
        await put_session(cast, booked[which % len(booked)], attendance=how)
    rows = [one for one in (await by_key(admin, homework)).values() if one["status"] != "cancelled"]
    if not rows:
        return
    row = rows[which % len(rows)]
    if what == "draft" and row["status"] == "upcoming":
        await touch(cast, row["id"], drafted_at=clock.now())
    elif what == "undraft":
        await touch(cast, row["id"], drafted_at=None)
    elif what == "submit":
        await touch(cast, row["id"], status="submitted", drafted_at=None)
    elif what == "withdraw" and row["status"] == "submitted":
        await touch(cast, row["id"], status="upcoming")


async def _coming(admin: Admin, cast: Cast, moment: datetime) -> dict[str, datetime]:
    rows = await admin.fetch(
        "select id::text, starts_at from sessions where practice_id = $1"
        " and attendance = 'scheduled' and starts_at > $2",
        cast.practice_id,
        moment,
    )
    return {row["id"]: row["starts_at"] for row in rows}


def _nothing_is_lost(
    before: dict[str, Any], after: dict[str, Any], coming: dict[str, datetime]
) -> None:
    numbers = sorted(int(key.rpartition("-")[2]) for key in after)
    assert numbers == list(range(1, len(after) + 1))
    for key, row in before.items():
        left = after[key]
        assert left["id"] == row["id"]
        if row["status"] == "submitted":
            assert left["whole"] == row["whole"]
        if row["drafted_at"] is not None:
            assert (left["status"], left["drafted_at"]) == ("upcoming", row["drafted_at"])
            if row["session_id"] in coming:
                assert left["session_id"] == row["session_id"]


def _one_each(
    after: dict[str, Any],
    coming: dict[str, datetime],
    schedule: dict[str, Any],
    moment: datetime,
) -> None:
    asked = [row for row in after.values() if row["status"] != "cancelled"]
    tied = [row["session_id"] for row in asked if row["session_id"] in coming]
    assert len(tied) == len(set(tied))
    near = {one for one, starts_at in coming.items() if starts_at < moment + 28 * DAY}
    if schedule["each"]:
        assert near <= set(tied)
    if not coming and schedule["each"]:
        assert any(row["session_id"] not in coming for row in asked)
    for row in asked:
        if row["status"] == "upcoming" and row["session_id"] in coming:
            edge = "closes_at" if schedule["kind"] == "before_session" else "opens_at"
            longer = 0 * HOUR if schedule["kind"] == "before_session" else 50 * HOUR / 60
            assert row[edge] == coming[row["session_id"]] + longer
