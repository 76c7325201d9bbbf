"""Reminders in the matrix: the client's side alone has a say in them."""

from typing import Final

from tests.house.matrix_clients import ANOTHER_VERSION
from tests.house.matrix_homework import assigned
from tests.house.matrix_people import Caller
from tests.house.matrix_profiles import my_door
from tests.house.matrix_rows import Row, bare
from tests.house.matrix_scene import Ask, Scene, Thing, now_for_each


async def _version(scene: Scene) -> int:
    found = await scene.admin.fetchval(
        "select version from reminder_choices where client_id = $1 and assignment_id is null",
        scene.people.kit,
    )
    return int(found or 1)


async def chosen(scene: Scene, caller: Caller) -> Thing:
    """Kit is reminded by the app, of one piece of homework at an hour of its own; it is known by
    that one's id."""
    assignment = await assigned(scene, agreed=True)
    body = {"channel": "app", "assignments": [{"assignment_id": assignment.id, "at": "07:15"}]}
    await scene.do("client", "update_my_reminders", Ask(body=body, version=await _version(scene)))
    return Thing(assignment.id, shows=assignment.id)


@now_for_each
async def to_choose(scene: Scene, caller: Caller) -> Thing:
    """The choice there is, by a guardian: its version is Kit's side's to know, the others name one
    that is not."""
    return await _as_chosen_by(scene, caller, "guardian")


@now_for_each
async def kits_choice(scene: Scene, caller: Caller) -> Thing:
    """The same, chosen by Kit in person."""
    await chosen(scene, caller)
    return await _as_chosen_by(scene, caller, "self")


async def _as_chosen_by(scene: Scene, caller: Caller, capacity: str) -> Thing:
    sql = "update reminder_choices set chosen_as = $2 where client_id = $1"
    await scene.admin.execute(sql, scene.people.kit, capacity)
    kits_side = caller.name in ("client", "guardian")
    return Thing("", await _version(scene) if kits_side else ANOTHER_VERSION)


@now_for_each
async def to_name(scene: Scene, caller: Caller) -> Thing:
    """The same, and homework of Kit's to be reminded of in a way of its own."""
    choice, assignment = await to_choose(scene, caller), await assigned(scene, agreed=True)
    return Thing(assignment.id, choice.version)


def _name(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    single = {"assignment_id": thing.id, "at": "07:15"}
    return Ask(body={"channel": "app", "assignments": [single]}, version=thing.version)


def _choose(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask(body={"channel": "app", "at": "18:30"}, version=thing.version)


_OTHERS_THEMSELVES: Final = dict.fromkeys(
    ("sibling", "colleagues_client", "next_client", "next_guardian"), "412"
)
"""They reach their own choice, and do not name the version it has."""

_OTHERS_NAME: Final = dict.fromkeys(_OTHERS_THEMSELVES, "422 reminders.assignment")

ROWS: Final = (
    Row("get_my_reminders", my_door("absent"), bare, chosen),
    Row(
        "update_my_reminders",
        my_door("404", **_OTHERS_THEMSELVES, guardian="403 reminders.clients_choice"),
        _choose,
        kits_choice,
        writes=True,
    ),
    Row(
        "update_my_reminders",
        my_door("404", **_OTHERS_THEMSELVES),
        _choose,
        to_choose,
        writes=True,
    ),
    Row(
        "update_my_reminders",
        my_door("404", **_OTHERS_NAME),
        _name,
        to_name,
        writes=True,
    ),
)
