"""An assignment's slots in the matrix."""

from datetime import timedelta
from typing import Final

from app.core.clock import now
from tests.house.matrix_homework import assigned, slot_of
from tests.house.matrix_people import Caller
from tests.house.matrix_profiles import contents_read
from tests.house.matrix_rows import PER_EPISODE, Row
from tests.house.matrix_scene import Ask, Scene, Thing


async def with_a_slot(scene: Scene, caller: Caller) -> Thing:
    """Homework of Kit's, whose slot is open."""
    made = await assigned(scene, agreed=True)
    return Thing(made.id, shows=(await slot_of(scene, made, "")).id)


def _these_days(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    today = now().date()
    days = [(today + timedelta(days=one)).isoformat() for one in (-2, 2)]
    return Ask({"assignment_id": thing.id}, query=f"?from={days[0]}&to={days[1]}")


ROWS: Final = (
    Row(
        "list_occurrences",
        contents_read(),
        _these_days,
        with_a_slot,
        alone={"rows": PER_EPISODE},
    ),
)
