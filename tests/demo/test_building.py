"""The demo is made once, within half a minute, and nowhere else than in development."""

from dataclasses import replace

import pytest

from app.core import clock
from app.core.errors import Conflict
from app.core.schema import ROOT
from app.demo import build
from app.demo.arriving import open_practice
from app.demo.people import practices
from tests.demo.conftest import Admin, Demo, Opened

SECONDS = 30


async def counts(admin: Admin) -> dict[str, int]:
    tables = await admin.fetch("select tablename from pg_tables where schemaname = 'public'")
    assert len(tables) > 30
    return {
        name: await admin.fetchval(f"select count(*) from {name}")
        for name in sorted(row["tablename"] for row in tables)
    }


def nobody_listens(done: int, total: int) -> None:
    raise AssertionError("nothing was to be made")


def test_it_takes_less_than_half_a_minute(demo: Demo) -> None:
    assert demo.seconds < SECONDS


def test_progress_goes_on_to_the_end(demo: Demo) -> None:
    done = [one for one, _ in demo.progress]
    assert len(done) > 100
    assert done == sorted(done)
    assert demo.progress[-1][0] == demo.progress[-1][1]


ANSWERS = ROOT / "app" / "demo" / "words" / "answers"


async def test_it_is_a_practice_to_look_around_in(demo: Demo, admin: Admin) -> None:
    found = await counts(admin)
    assert found["practices"] == 2
    assert 38 <= found["clients"] <= 42
    least = {"sessions": 400, "notes": 300, "goals": 70, "goal_ratings": 250, "submissions": 170}
    least |= {"repetitions": 10, "questions": 1, "drafts": 1, "rest_periods": 1}
    assert {name: found[name] for name in least if found[name] < least[name]} == {}


async def test_a_second_time_makes_nothing(demo: Demo, admin: Admin) -> None:
    before = await counts(admin)
    assert await build(demo.house, on_progress=nobody_listens) == demo.sign_ins
    assert await counts(admin) == before


async def test_every_exercise_with_answers_is_used(demo: Demo, admin: Admin) -> None:
    used = "select count(distinct exercise_version_id) from submission_versions"
    assert await admin.fetchval(used) == len(list(ANSWERS.glob("*.yaml")))


async def test_production_is_refused(demo: Demo) -> None:
    settings = demo.house.settings.model_copy(update={"environment": "production"})
    with pytest.raises(Conflict, match=r"demo\.production"):
        await build(replace(demo.house, settings=settings), on_progress=nobody_listens)


async def test_a_demo_that_was_broken_off_is_told_of(empty: Opened) -> None:
    async with empty("broken_off") as (house, _):
        await open_practice(house, practices()[0], clock.now())
        with pytest.raises(Conflict, match=r"demo\.unfinished"):
            await build(house, on_progress=nobody_listens)


async def test_no_mail_is_sent_nor_will_be(demo: Demo, admin: Admin) -> None:
    assert not list(demo.house.settings.mail_folder.glob("*harbour*"))
    told, waiting = await admin.fetchrow(
        "select count(*), count(*) filter (where dispatched_at is null) from events"
    )
    assert (told > 1000, waiting) == (True, 0)


async def test_whoever_told_the_story_is_signed_out(demo: Demo, admin: Admin) -> None:
    told, still = await admin.fetchrow(
        "select count(*), count(*) filter (where ended_at is null) from sign_ins"
        " where kind = 'staff' and second_factor_at is not null"
        " and created_at < now() - interval '1 day'"
    )
    assert (told > 8, still) == (True, 0)
