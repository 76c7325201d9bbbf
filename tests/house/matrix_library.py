"""The library in the matrix: an exercise of Harbour's own, shown to Harbour and to its clients."""

from typing import Final

from app.core.ids import new_id
from app.library.models import Exercise, ExerciseVersion
from tests.homework.scenes import EXERCISE
from tests.house.matrix_people import HARBOUR, Caller
from tests.house.matrix_profiles import my_door, practice_read
from tests.house.matrix_rows import Row, at
from tests.house.matrix_scene import Ask, Scene, Thing


async def exercise(scene: Scene, caller: Caller) -> Thing:
    """An exercise Harbour made itself."""
    cast = scene.people.harbour
    exercise_id, version_id, earlier_id = new_id(), new_id(), new_id()
    shipped = EXERCISE.version
    work, transaction = cast.job()
    async with transaction:
        await work.add(
            Exercise,
            id=exercise_id,
            slug=f"{HARBOUR}-{exercise_id[-6:]}",
            kind="skill",
            areas=["awareness"],
            modality=[],
            difficulty=1,
            current_version_id=version_id,
        )
        for number, one in enumerate((earlier_id, version_id), 1):
            await work.add(
                ExerciseVersion,
                id=one,
                exercise_id=exercise_id,
                number=number,
                minutes=5,
                form=shipped.form.model_dump(mode="json", exclude_none=True),
                texts={"en": {"title": f"The {HARBOUR} walk", "summary": "To the sea."}},
            )
    scene.nearby |= {exercise_id, version_id, earlier_id}
    return Thing(exercise_id, 1, HARBOUR, {"version_id": version_id, "earlier_id": earlier_id})


def _version(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask({"version_id": thing.more["version_id"]})


_OTHER_CLIENTS: Final = {
    "sibling": "ok",
    "colleagues_client": "ok",
    "guardian_suspended": "ok",
}
"""A form is the practice's, not a client's: whoever is a client here may read it."""

ROWS: Final = (
    Row("list_exercises", practice_read(), lambda *_: Ask(query="?limit=100"), exercise),
    Row(
        "get_exercise",
        practice_read(next_therapist="404", next_owner="404", next_assistant="404"),
        at("exercise_id"),
        exercise,
    ),
    Row("get_my_exercise_version", my_door("404", **_OTHER_CLIENTS), _version, exercise),
)
