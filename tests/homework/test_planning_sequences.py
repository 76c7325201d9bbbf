"""Any sequence of changes: what was seen, begun or answered stays, to the byte; the rest moves."""

import json
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core import clock
from app.homework import planning
from app.schedules import rules
from app.schedules.local import local_day
from app.schedules.slots import slots as expected
from tests.cast import Cast
from tests.homework.planned import DAY, HOUR, KINDS, at, by_key, change, do, touch
from tests.homework.planned import given as planted
from tests.jobs.conftest import Admin

BEGIN = at("2026-10-01T06:00")
ZONES = ["Europe/Berlin", "America/Los_Angeles", "Pacific/Kiritimati", "Asia/Kathmandu"]
ONCE = {"kind": "once"}

steps = st.lists(
    st.tuples(
        st.integers(0, 20 * 24),
        st.one_of(
            st.tuples(st.just("schedule"), st.sampled_from([*KINDS, ONCE])),
            st.tuples(st.just("zone"), st.sampled_from(ZONES)),
            st.tuples(st.just("window"), st.integers(1, 90)),
            st.tuples(st.sampled_from(["chore", "resume"]), st.none()),
            st.tuples(st.sampled_from(["draft", "submit", "review"]), st.integers(0, 40)),
        ),
    ),
    min_size=2,
    max_size=8,
)


@given(schedule=st.sampled_from(KINDS), steps=steps)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_what_was_seen_or_touched_never_changes(
    harbour: Cast, admin: Admin, schedule: dict[str, Any], steps: list[Any]
) -> None:
    moment = BEGIN
    with clock.at(moment):
        homework = await planted(harbour, schedule, opens_at=moment)
        await do(harbour, homework)
    for later, (what, which) in steps:
        moment += later * HOUR
        with clock.at(moment):
            await _touched(harbour, admin, homework, what, which)
            before = await by_key(admin, homework)
            await _changed(harbour, homework, what, which)
            after = await by_key(admin, homework)
        fixed = {key: row for key, row in before.items() if _is_fixed(row, moment)}
        assert {key: after[key]["whole"] for key in fixed} == {
            key: row["whole"] for key, row in fixed.items()
        }
        assert {key: row["id"] for key, row in before.items()}.items() <= {
            key: row["id"] for key, row in after.items()
        }.items()
        if what in ("schedule", "zone", "resume"):
            await _follows(admin, homework, moment, before, after)


def _is_fixed(row: Any, moment: datetime) -> bool:
    """It opened or passed, or somebody did something with it."""
    if row["drafted_at"] is not None or row["status"] in ("submitted", "reviewed"):
        return True
    return bool(row["status"] == "upcoming" and row["opens_at"] <= moment)


async def _touched(
    cast: Cast, admin: Admin, homework: tuple[str, str], what: str, which: Any
) -> None:
    if what not in ("draft", "submit", "review"):
        return
    rows = list((await by_key(admin, homework)).values())
    row = rows[which % len(rows)] if rows else None
    if row is None or row["status"] == "cancelled":
        return
    if what == "draft":
        await touch(cast, row["id"], drafted_at=clock.now())
    else:
        status = "submitted" if what == "submit" else "reviewed"
        await touch(cast, row["id"], status=status, drafted_at=None)


async def _changed(cast: Cast, homework: tuple[str, str], what: str, which: Any) -> None:
    moment = clock.now()
    if what == "schedule":
        window = {"opens_at": moment, "due_at": None, "closes_at": None}
        await change(cast, homework, schedule=which, starts_on=None, **window)
    elif what == "zone":
        await change(cast, homework, zone=which)
    elif what == "window":
        opens_at = moment + which * HOUR
        await change(cast, homework, opens_at=opens_at, closes_at=opens_at + 3 * DAY)
    else:
        await do(cast, homework, planning.replan if what == "resume" else planning.plan)


async def _follows(
    admin: Admin,
    homework: tuple[str, str],
    moment: datetime,
    before: dict[str, Any],
    after: dict[str, Any],
) -> None:
    """What is ahead is what the schedule says, no more and no less."""
    row = await admin.fetchrow(
        "select schedule::text, zone, starts_on from assignments where id = $1", homework[1]
    )
    rule = rules.read(json.loads(row["schedule"]))
    today = local_day(moment, row["zone"])
    if rule.kind == "once":
        return
    last = today + timedelta(days=28)
    if rule.kind == "times_a_week":
        last += timedelta(days=6 - last.weekday())
    begins: date = max(row["starts_on"], today)
    wanted = {
        slot.key: slot
        for slot in expected(
            rule, row["zone"], starts_on=row["starts_on"], first_on=begins, last_on=last
        )
    }
    asked = {key for key, one in after.items() if one["status"] != "cancelled"}
    assert wanted.keys() <= asked
    for key, one in after.items():
        if one["status"] != "upcoming" or (key in before and _is_fixed(before[key], moment)):
            continue
        slot = wanted[key]
        assert (one["local_on"], one["opens_at"]) == (slot.local_on, slot.opens_at)
        assert (one["due_at"], one["closes_at"]) == (slot.due_at, slot.closes_at)
