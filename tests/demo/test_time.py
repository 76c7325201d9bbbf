"""Twelve weeks that have passed: every instant and id bears the time that was told of."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from app.core import clock
from app.core.ids import new_id
from app.core.schema import ROOT
from app.demo.weeks import Weeks
from tests.demo.conftest import Admin, Demo

MOMENT = datetime(2024, 2, 29, 12, 30, 0, 123000, tzinfo=UTC)
REAL = {"practice_keys", "client_keys", "exercises", "exercise_versions"}
"""Made when the demo was built, and not said to be older: keys, and the shipped exercises."""
TOUCHED = {"users", "sign_ins", "refresh_tokens", "audit_events"}
"""Where the other tests, who sign in, leave something of today."""


def made_at(one: str) -> datetime:
    """The instant a UUIDv7 bears."""
    return datetime.fromtimestamp((UUID(one).int >> 80) / 1000, UTC)


def test_the_clock_stands_at_the_told_moment() -> None:
    with clock.at(MOMENT):
        assert (clock.now(), clock.told()) == (MOMENT, MOMENT)
    assert clock.now() > MOMENT + timedelta(days=365)


def test_ids_bear_the_told_moment() -> None:
    with clock.at(MOMENT):
        told = new_id()
    assert made_at(told) == MOMENT
    assert UUID(told).version == 7
    assert told < new_id()


def test_the_clock_is_put_right_after_an_error() -> None:
    with pytest.raises(ZeroDivisionError), clock.at(MOMENT):
        raise ZeroDivisionError
    assert clock.told() is None


async def test_no_task_beside_it_is_told_anything() -> None:
    inside, seen = asyncio.Event(), asyncio.Event()

    async def tell() -> None:
        with clock.at(MOMENT):
            inside.set()
            await seen.wait()

    telling = asyncio.create_task(tell())
    await inside.wait()
    assert clock.told() is None
    seen.set()
    await telling


def test_only_the_demo_tells_of_another_time() -> None:
    files = [file for file in (ROOT / "app").rglob("*.py") if file != ROOT / "app/core/clock.py"]
    found = {
        file.relative_to(ROOT).parts[1]
        for file in files
        if re.search(r"\bclock\.at\(|from app\.core\.clock import.*\bat\b", file.read_text())
    }
    assert len(files) > 100
    assert found == {"demo"}


def test_nothing_that_serves_knows_the_demo() -> None:
    files = [*(ROOT / "app").rglob("*.py")]
    found = {file.relative_to(ROOT).parts[1] for file in files if "app.demo" in file.read_text()}
    assert found <= {"demo", "command"}


@pytest.mark.parametrize("zone", ["Europe/London", "America/Chicago", "Pacific/Kiritimati"])
def test_ten_is_ten_on_both_sides_of_a_clock_change(zone: str) -> None:
    weeks = Weeks.up_to(datetime(2026, 11, 22, 9, tzinfo=UTC), zone)
    local = [weeks.moment(week, 1, 10).astimezone(weeks.zone) for week in range(13)]
    assert {(one.weekday(), one.hour) for one in local} == {(1, 10)}
    assert weeks.week_of(weeks.until) == 12


async def test_nothing_was_made_today_as_far_as_anyone_can_tell(demo: Demo, admin: Admin) -> None:
    columns = await admin.fetch(
        "select table_name, column_name from information_schema.columns where table_schema ="
        " 'public' and column_name in ('created_at','changed_at','at','received_at','signed_at')"
    )
    assert len(columns) > 40
    young = set()
    for table, column in columns:
        newest = await admin.fetchval(f"select max({column}) from {table}")
        if newest is not None and newest > clock.now() - timedelta(seconds=demo.seconds):
            young.add(table)
    assert young - REAL - TOUCHED == set()


async def test_the_history_is_twelve_weeks_long(demo: Demo, admin: Admin) -> None:
    for table in ("goals", "notes", "submissions", "assignments", "reviews"):
        first, last = await admin.fetchrow(f"select min(created_at), max(created_at) from {table}")
        assert timedelta(weeks=10) < last - first < timedelta(weeks=14), table
        assert clock.now() - last < timedelta(days=9), table


async def test_ids_are_as_old_as_their_rows(demo: Demo, admin: Admin) -> None:
    for table in ("clients", "goals", "sessions", "notes", "assignments", "submissions", "reviews"):
        rows = await admin.fetch(f"select id, created_at from {table}")
        assert len(rows) > 20
        odd = [
            r for r in rows if abs(made_at(str(r["id"])) - r["created_at"]) > timedelta(seconds=1)
        ]
        assert odd == [], table


async def test_what_follows_comes_after_what_it_follows(demo: Demo, admin: Admin) -> None:
    followed, wrong = await admin.fetchrow(
        "select count(*), count(*) filter (where r.created_at < s.created_at"
        " or s.created_at < a.created_at or a.created_at < c.created_at)"
        " from reviews r join submissions s on s.id = r.submission_id"
        " join assignments a on a.id = s.assignment_id join clients c on c.id = a.client_id"
    )
    assert (followed > 100, wrong) == (True, 0)


async def test_audit_rows_tell_of_every_week(demo: Demo, admin: Admin) -> None:
    weeks = await admin.fetch(
        "select count(*) as many from audit_events where about <> 'account'"
        " group by date_trunc('week', at) having count(*) > 20"
    )
    assert len(weeks) >= 12
