"""Assigning in the matrix: from one state to the next, copies, the client's view, topics, pins."""

from collections.abc import Callable
from typing import Any, Final

from tests.homework.scenes import EXERCISE
from tests.house.matrix_homework import WHY_NOT, assigned, declined, proposed
from tests.house.matrix_library import exercise
from tests.house.matrix_people import KIT, Caller
from tests.house.matrix_profiles import contents_read, contents_written
from tests.house.matrix_rows import PER_EPISODE, Row, at, kits
from tests.house.matrix_scene import Ask, Plant, Scene, Thing

_ROWS_ALONE: Final = {"rows": PER_EPISODE}
_NOTHING_TAKEN: Final = "row security lets them take nothing out, and what is out is answered 204"
_TEAM: Final = ("treating", "co_therapist", "supervisor", "break_glass", "owner_break_glass")


async def drafted(scene: Scene, caller: Caller) -> Thing:
    """Homework Thea has not shown to Kit."""
    return await assigned(scene, draft=True)


async def active(scene: Scene, caller: Caller) -> Thing:
    """Homework agreed in session, with its slot."""
    return await assigned(scene, agreed=True)


async def paused(scene: Scene, caller: Caller) -> Thing:
    """Homework of which nothing is asked for now."""
    thing = await active(scene, caller)
    made = await scene.do("treating", "pause_assignment", verb(scene, caller, thing))
    return Thing(thing.id, made["version"])


async def refused(scene: Scene, caller: Caller) -> Thing:
    """Homework Kit said no to, in the version it has since."""
    thing = await declined(scene, caller)
    return Thing(thing.id, thing.version + 1)


async def topic(scene: Scene, caller: Caller) -> Thing:
    """What Kit's work is about."""
    made = await scene.do("treating", "create_topic", _name(scene, caller, Thing("")))
    return Thing(made["id"])


async def pinned(scene: Scene, caller: Caller) -> Thing:
    """An exercise in Kit's toolbox."""
    await scene.do("treating", "pin_exercise", _pin(scene, caller, Thing(str(EXERCISE.id))))
    return Thing(str(EXERCISE.id))


async def unpinned(scene: Scene, caller: Caller) -> Thing:
    """An exercise for it."""
    return Thing(str(EXERCISE.id))


def verb(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask({"assignment_id": thing.id}, version=thing.version)


def _revise(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    body = {"rationale": f"Smaller, for {KIT}."}
    return Ask({"assignment_id": thing.id}, body, thing.version)


def _copy(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask({"assignment_id": thing.id}, {"episode_id": scene.people.episode_id})


def _share(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    wanted = {"exercise_id": str(EXERCISE.id), "rationale": f"Because {KIT} asked."}
    body: dict[str, Any] = {"client_ids": [scene.people.kit], "assignment": wanted}
    return Ask(body=body | {"episode_ids": [scene.people.episode_id]})


def _about_topic(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    body = {
        "exercise_id": str(EXERCISE.id),
        "rationale": f"Because {KIT} asked.",
        "episode_id": scene.people.episode_id,
        "topics": [thing.id],
    }
    return Ask({"client_id": scene.people.kit}, body)


def _name(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask({"client_id": scene.people.kit}, {"label": f"{KIT}, and the swing"})


def _pin(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask({"client_id": scene.people.kit, "exercise_id": thing.id})


def _moved(operation: str, plant: Plant, ask: Callable[[Scene, Caller, Thing], Ask] = verb) -> Row:
    return Row(operation, contents_written(), ask, plant, writes=True, alone=_ROWS_ALONE)


ROWS: Final = (
    _moved("propose_assignment", drafted),
    _moved("discard_assignment", drafted),
    _moved("agree_assignment", drafted),
    _moved("agree_assignment", proposed),
    _moved("revise_assignment", refused, _revise),
    _moved("pause_assignment", active),
    _moved("resume_assignment", paused),
    _moved("finish_assignment", active),
    _moved("end_assignment", active),
    _moved("end_assignment", paused),
    _moved("copy_assignment", active, _copy),
    Row("assign_to_clients", contents_written(), _share, writes=True, alone=_ROWS_ALONE),
    Row("preview_assignment", contents_read(), at("assignment_id"), drafted, alone=_ROWS_ALONE),
    Row(
        "preview_assignment",
        contents_read(),
        at("assignment_id"),
        declined,
        alone=_ROWS_ALONE,
        hides=dict.fromkeys(_TEAM, WHY_NOT),
    ),
    Row(
        "create_assignment",
        contents_written(),
        _about_topic,
        topic,
        writes=True,
        alone=_ROWS_ALONE,
    ),
    # A topic and a toolbox are the client's, whatever the episode.
    Row("create_topic", contents_written(other_episode="ok"), _name, writes=True),
    Row("list_topics", contents_read(other_episode="ok"), kits("?limit=100"), topic),
    Row("get_topic", contents_read(other_episode="ok"), at("topic_id"), topic, alone=_ROWS_ALONE),
    Row("pin_exercise", contents_written(other_episode="ok"), _pin, unpinned, writes=True),
    Row("pin_exercise", contents_written(other_episode="ok"), _pin, exercise, writes=True),
    Row(
        "unpin_exercise",
        contents_written(other_episode="ok"),
        _pin,
        pinned,
        writes=True,
        alone={"rows": dict.fromkeys(("supervisor", "break_glass"), _NOTHING_TAKEN)},
    ),
)
