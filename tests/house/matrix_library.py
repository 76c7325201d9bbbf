"""The library in the matrix: an exercise of Harbour's own, shown to Harbour and to its clients."""

from typing import Any, Final

from app.core.ids import new_id
from app.library.models import Exercise, ExerciseDraft, ExerciseVersion
from tests.house.matrix_people import HARBOUR, Caller
from tests.house.matrix_profiles import ROLE, Profile, my_door, practice_read
from tests.house.matrix_rows import Row, at
from tests.house.matrix_scene import Ask, Scene, Thing
from tests.library.scenes import FORM, TEXTS, wanted

_CONTENT: Final[dict[str, Any]] = {
    "minutes": 5,
    "form": FORM,
    "texts": {"en": TEXTS | {"title": f"The {HARBOUR} walk", "summary": "To the sea."}},
}


async def exercise(scene: Scene, caller: Caller) -> Thing:
    """An exercise Harbour made itself: published twice, and with a draft of what comes next."""
    exercise_id, version_id, earlier_id = new_id(), new_id(), new_id()
    work, transaction = scene.people.harbour.job()
    async with transaction:
        await work.add(
            Exercise,
            id=exercise_id,
            slug=f"{HARBOUR}-{exercise_id[-6:]}",
            kind="skill",
            areas=["awareness"],
            modality=["general"],
            difficulty=1,
            current_version_id=version_id,
        )
        for number, one in enumerate((earlier_id, version_id), 1):
            await work.add(
                ExerciseVersion, id=one, exercise_id=exercise_id, number=number, **_CONTENT
            )
        await work.add(ExerciseDraft, id=exercise_id, **_CONTENT)
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

_OF_OURS: Final = dict.fromkeys(("next_therapist", "next_owner", "next_assistant"), "404")


def _written(next_door: str = "404") -> Profile:
    """Written by every therapist and owner; the front desk reads."""
    desks = {"assistant": ROLE, "next_assistant": ROLE}
    return practice_read(next_therapist=next_door, next_owner=next_door, **desks)


def _create(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask(body=wanted())


def _change(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask({"exercise_id": thing.id}, {"minutes": 7, "difficulty": 2}, thing.version)


def _move(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask({"exercise_id": thing.id}, version=thing.version)


ROWS: Final = (
    Row("list_exercises", practice_read(), lambda *_: Ask(query="?limit=100"), exercise),
    Row("list_exercises", practice_read(), lambda *_: Ask(query="?limit=100&mine=true"), exercise),
    Row("get_exercise", practice_read(**_OF_OURS), at("exercise_id"), exercise),
    Row("create_exercise", _written("absent"), _create, writes=True),
    Row("update_exercise", _written(), _change, exercise, writes=True),
    Row("copy_exercise", _written(), at("exercise_id"), exercise, writes=True),
    Row("publish_exercise", _written(), _move, exercise, writes=True),
    Row("retire_exercise", _written(), _move, exercise, writes=True),
    Row("get_exercise_schema", practice_read(**_OF_OURS), at("exercise_id"), exercise),
    Row("list_exercise_versions", practice_read(**_OF_OURS), at("exercise_id"), exercise),
    Row("get_exercise_version", practice_read(**_OF_OURS), _version, exercise),
    Row("get_my_exercise_version", my_door("404", **_OTHER_CLIENTS), _version, exercise),
)
