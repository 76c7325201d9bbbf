"""Chores go from practice to practice, and one that is broken keeps no other waiting."""

import re

import pytest

from app.core.ids import new_id
from app.core.schema import ROOT
from app.jobs.everywhere import in_each_practice
from app.operation.house import House
from app.operation.work import Work
from tests.cast import Cast

LISTS_PRACTICES = re.compile(r"select\(Practice\.practice_id\)")


def job(worker: House) -> Work:
    return Work(worker, operation="job:visit", request_id=new_id())


async def test_every_practice_has_its_turn(harbour: Cast, lakeside: Cast, worker: House) -> None:
    seen: list[str] = []

    async def visit(work: Work, practice_id: str) -> None:
        async with work.visit(capacity="job", practice_id=practice_id):
            seen.append(practice_id)

    await in_each_practice(job(worker), visit)
    assert {harbour.practice_id, lakeside.practice_id} <= set(seen)
    assert len(seen) == len(set(seen))


async def test_what_breaks_in_each_stops_at_none(
    harbour: Cast, lakeside: Cast, worker: House, capfd: pytest.CaptureFixture[str]
) -> None:
    tried: set[str] = set()

    async def break_down(work: Work, practice_id: str) -> None:
        tried.add(practice_id)
        async with work.visit(capacity="job", practice_id=practice_id):
            raise ValueError("nobody's business")

    await in_each_practice(job(worker), break_down)
    assert {harbour.practice_id, lakeside.practice_id} <= tried
    assert "nobody's business" not in "".join(capfd.readouterr())


async def test_a_database_that_is_away_is_away_for_all(harbour: Cast, worker: House) -> None:
    async def lose(work: Work, practice_id: str) -> None:
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await in_each_practice(job(worker), lose)


def test_practices_are_listed_in_one_place() -> None:
    files = [one for one in (ROOT / "app").rglob("*.py") if LISTS_PRACTICES.search(one.read_text())]
    assert [one.name for one in files] == ["everywhere.py"]
