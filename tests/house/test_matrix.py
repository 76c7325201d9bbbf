"""The authorization matrix: every operation, every kind of caller, in three settings."""

from collections.abc import AsyncIterator, Callable, Iterable

import pytest
from fastapi import FastAPI

from app.core import embedded
from app.operation.marks import mark_of
from app.settings import Settings
from app.vault.keyfile import Keys
from tests.contract import routes
from tests.house.matrix import OPEN, PRIVATE, SETTINGS, staged
from tests.house.matrix_profiles import CALLERS
from tests.house.matrix_queries import ask_each, learn
from tests.house.matrix_run import Cell, table, try_rows
from tests.house.matrix_scene import Scene
from tests.house.matrix_touch import plant_rows, touch
from tests.house.removing import noticed, sample


def test_every_operation_has_a_row(app: FastAPI) -> None:
    found = {route.operation_id: mark_of(route.endpoint).permission for route in routes(app)}
    assert len(found) > 50
    assert {row.operation for row in OPEN} == {name for name, needs in found.items() if not needs}
    assert {row.operation for row in PRIVATE} == {name for name, needs in found.items() if needs}


def test_every_row_has_every_caller() -> None:
    assert len(CALLERS) > 35
    assert [row.operation for row in PRIVATE if set(row.expected) != set(CALLERS)] == []


@pytest.fixture(scope="module", params=SETTINGS)
async def scene(
    request: pytest.FixtureRequest,
    server: embedded.Server,
    database: str,
    settings: Settings,
    keys: Keys,
    house: object,
) -> AsyncIterator[Scene]:
    async with staged(request.param, server, database, settings, keys) as made:
        yield made


def open_ones(cells: Iterable[Cell]) -> str:
    return "\n".join(["", *(str(cell) for cell in cells if cell.complaint)])


async def test_nobody_sees_or_does_what_is_not_theirs(
    scene: Scene, record_property: Callable[[str, object], None]
) -> None:
    cells = await try_rows(scene, (*OPEN, *PRIVATE))
    if scene.setting == "rows":
        await plant_rows(scene)
        cells += await touch(scene)
    if scene.setting == "statements":
        uses = await learn(scene, PRIVATE)
        cells += await ask_each(scene, uses, uses.walled())
    for line in table(cells):
        record_property("said", line)
    if any(cell.complaint for cell in cells):
        pytest.fail(open_ones(cells), pytrace=False)


async def test_what_is_taken_away_is_noticed(scene: Scene) -> None:
    removals = await sample(scene)
    assert len(removals) > 1
    found = {one.name: await noticed(scene, one, PRIVATE) for one in removals}
    assert [name for name, open_cell in found.items() if open_cell is None] == []
