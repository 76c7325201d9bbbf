"""Programs in the matrix: Harbour's own, and those that Kit was given."""

from typing import Any, Final

from tests.homework.scenes import EXERCISE
from tests.house.matrix_library import exercise
from tests.house.matrix_people import HARBOUR, Caller
from tests.house.matrix_profiles import (
    ROLE,
    Profile,
    contents_read,
    contents_written,
    my_door,
    practice_read,
)
from tests.house.matrix_rows import PER_EPISODE, Row, at, bare, kits
from tests.house.matrix_scene import Ask, Scene, Thing


def _wanted(title: str, exercise_id: str = str(EXERCISE.id)) -> dict[str, Any]:
    step = {
        "exercise_id": exercise_id,
        "rationale": "Because one thing leads to another.",
        "comes": {"kind": "after_previous"},
    }
    return {"title": title, "steps": [step, step]}


async def program(scene: Scene, caller: Caller) -> Thing:
    """A program Harbour made."""
    made = await scene.do("treating", "create_program", Ask(body=_wanted(f"The {HARBOUR} way")))
    scene.secrets.discard(made["id"])
    scene.nearby.add(made["id"])
    return Thing(made["id"], made["version"], HARBOUR)


async def given(scene: Scene, caller: Caller) -> Thing:
    """A program Kit was given, known by its id."""
    ask = _give(scene, caller, await program(scene, caller))
    made = await scene.do("treating", "assign_program", ask)
    return Thing(made["id"], made["version"], made["id"])


def _create(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask(body=_wanted("A way of our own"))


def _create_of_harbours(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask(body=_wanted(f"The {HARBOUR} way", thing.id))


def _change(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask({"program_id": thing.id}, {"title": f"The other {HARBOUR} way"}, thing.version)


def _retire(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask({"program_id": thing.id}, version=thing.version)


def _give(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    body = {"program_id": thing.id, "episode_id": scene.people.episode_id, "agreed": True}
    return Ask({"client_id": scene.people.kit}, body)


def _end(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask({"program_assignment_id": thing.id}, version=thing.version)


def _written(next_door: str = "404") -> Profile:
    """Written by every therapist and owner; the front desk reads."""
    desks = {"assistant": ROLE, "next_assistant": ROLE}
    return practice_read(next_therapist=next_door, next_owner=next_door, **desks)


_OF_OURS: Final = dict.fromkeys(("next_therapist", "next_owner", "next_assistant"), "404")
_ROWS_ALONE: Final = {"rows": PER_EPISODE}
_AT: Final = at("program_assignment_id")

ROWS: Final = (
    Row("create_program", _written("absent"), _create, writes=True),
    Row(
        "create_program",
        _written("422 programs.exercise"),
        _create_of_harbours,
        exercise,
        writes=True,
    ),
    Row("list_programs", practice_read(), lambda *_: Ask(query="?limit=100"), program),
    Row("get_program", practice_read(**_OF_OURS), at("program_id"), program),
    Row("update_program", _written(), _change, program, writes=True),
    Row("retire_program", _written(), _retire, program, writes=True),
    Row("assign_program", contents_written(), _give, program, writes=True, alone=_ROWS_ALONE),
    Row(
        "list_program_assignments",
        contents_read(other_episode="absent"),
        kits("?limit=100"),
        given,
        alone=_ROWS_ALONE,
    ),
    Row("get_program_assignment", contents_read(), _AT, given, alone=_ROWS_ALONE),
    Row("end_program_assignment", contents_written(), _end, given, writes=True, alone=_ROWS_ALONE),
    Row("list_my_programs", my_door("absent"), bare, given),
)
