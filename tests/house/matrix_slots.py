"""An assignment's slots in the matrix."""

from datetime import timedelta
from typing import Final

from app.core.clock import now
from tests.house.matrix_homework import assigned, slot_of
from tests.house.matrix_people import Caller
from tests.house.matrix_profiles import contents_read, contents_written, my_door
from tests.house.matrix_rows import PER_EPISODE, Row
from tests.house.matrix_scene import Ask, Scene, Thing
from tests.house.matrix_sessions import planned


async def with_a_slot(scene: Scene, caller: Caller) -> Thing:
    """Homework of Kit's, whose slot is open."""
    made = await assigned(scene, agreed=True)
    return Thing(made.id, shows=(await slot_of(scene, made, "")).id)


async def before_sessions(scene: Scene, caller: Caller) -> Thing:
    """Homework of Kit's that is due before each session, and a session."""
    await planned(scene, caller)
    return await assigned(scene, agreed=True, schedule={"kind": "before_session", "each": True})


async def daily(scene: Scene, caller: Caller) -> Thing:
    """Homework of every day."""
    day = {"kind": "daily", "opens": "00:00"}
    return await assigned(scene, agreed=True, schedule=day, zone="Europe/Berlin")


async def unplanned(scene: Scene, caller: Caller) -> Thing:
    """The same, and the worker has not come to its days."""
    made = await daily(scene, caller)
    await scene.admin.execute("delete from occurrences where assignment_id = $1", made.id)
    await scene.admin.execute(
        "update assignments set planned_through = current_date - 2 where id = $1", made.id
    )
    return made


def _before_one(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    body = {"schedule": {"kind": "before_session", "each": False}}
    return Ask({"assignment_id": thing.id}, body, thing.version)


def _on_mondays(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    body = {"schedule": {"kind": "weekly", "days": ["mo"], "opens": "00:00"}}
    return Ask({"assignment_id": thing.id}, body, thing.version)


def _today(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask(query="?zone=Europe/Berlin")


def _these_days(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    today = now().date()
    days = [(today + timedelta(days=one)).isoformat() for one in (-2, 2)]
    return Ask({"assignment_id": thing.id}, query=f"?from={days[0]}&to={days[1]}")


_ROWS_ALONE: Final = {"rows": PER_EPISODE}

ROWS: Final = (
    Row(
        "list_occurrences",
        contents_read(),
        _these_days,
        with_a_slot,
        alone=_ROWS_ALONE,
    ),
    *(
        Row("update_assignment", contents_written(), ask, plant, writes=True, alone=_ROWS_ALONE)
        for ask, plant in ((_before_one, before_sessions), (_on_mondays, daily))
    ),
    Row("get_my_today", my_door("absent"), _today, unplanned),
)
