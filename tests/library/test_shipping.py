"""The shipped exercises come into a new database and into one that shipped older versions."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app.core.ids import SYSTEM, new_id
from app.core.statements import Query, p
from app.library.catalogue import Exercise as Shipped
from app.library.models import Exercise, ExerciseVersion
from app.library.shipping import ShippedChanged, ship
from app.operation.house import House
from app.operation.work import Work
from tests.library.scenes import SHIPPED

_VERSIONS = Query(
    select(ExerciseVersion.id, ExerciseVersion.number, Exercise.current_version_id)
    .join(Exercise, Exercise.id == ExerciseVersion.exercise_id)
    .where(Exercise.practice_id == SYSTEM, Exercise.id == p("id"))
    .order_by(ExerciseVersion.number)
)


class Undo(Exception):
    """Ends a transaction that is to leave nothing behind."""


@asynccontextmanager
async def undone(house: House) -> AsyncIterator[Work]:
    """A unit of work of the system's practice that comes to nothing."""
    work = Work(house, operation="test", request_id=SYSTEM)
    try:
        async with work.visit(capacity="job", practice_id=SYSTEM):
            yield work
            raise Undo
    except Undo:
        pass


def numbered(one: Shipped, number: int, **version: Any) -> Shipped:
    """The exercise in a version of that number, with an id of its own."""
    changes = {"id": UUID(new_id()), "number": number} | version
    return one.model_copy(update={"version": one.version.model_copy(update=changes)})


@pytest.fixture
def first() -> Shipped:
    """The first version of an exercise that no database has."""
    return numbered(SHIPPED, 1).model_copy(update={"slug": "not-there-yet", "id": UUID(new_id())})


async def test_a_newer_version_stands_beside_the_older_one_and_is_current(
    house: House, first: Shipped
) -> None:
    second = numbered(first, 2, minutes=9)
    async with undone(house) as work:
        added = [await ship(work, [one]) for one in (first, second, second)]
        rows = await work.rows(_VERSIONS, id=str(first.id))
    assert added == [1, 1, 0]
    assert [row["id"] for row in rows] == [str(first.version.id), str(second.version.id)]
    assert {row["current_version_id"] for row in rows} == {str(second.version.id)}


async def test_a_new_database_begins_with_the_newest_version(house: House, first: Shipped) -> None:
    second = numbered(first, 2)
    async with undone(house) as work:
        await ship(work, [second])
        rows = await work.rows(_VERSIONS, id=str(first.id))
    assert [(row["id"], row["number"]) for row in rows] == [(str(second.version.id), 2)]


async def test_a_published_version_that_was_changed_is_refused(
    house: House, first: Shipped
) -> None:
    other = first.version.texts["en"].model_copy(update={"title": "Another title"})
    changed = numbered(first, 1, id=first.version.id, texts={"en": other})
    async with undone(house) as work:
        await ship(work, [first])
        with pytest.raises(ShippedChanged, match="new number"):
            await ship(work, [changed])


async def test_a_new_version_under_a_number_that_is_taken_is_refused(
    house: House, first: Shipped
) -> None:
    async with undone(house) as work:
        await ship(work, [first])
        with pytest.raises(ShippedChanged, match="taken"):
            await ship(work, [numbered(first, 1)])


async def test_to_ship_again_adds_nothing(house: House) -> None:
    async with undone(house) as work:
        assert await ship(work) == 0
