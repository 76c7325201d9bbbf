"""Goals in the matrix."""

from typing import Any, Final

from tests.house.matrix_people import KIT, Caller
from tests.house.matrix_profiles import contents_read, contents_written, my_door
from tests.house.matrix_rows import PER_EPISODE, Row, at, bare, kits
from tests.house.matrix_scene import Ask, Scene, Thing


def _wanted(scene: Scene, **more: Any) -> dict[str, Any]:
    episode_id = scene.people.episode_id
    return {"statement": f"To say {KIT} out loud", "episode_id": episode_id} | more


async def proposed(scene: Scene, caller: Caller) -> Thing:
    """A goal Kit has not answered."""
    ask = Ask({"client_id": scene.people.kit}, _wanted(scene))
    made = await scene.do("treating", "create_goal", ask)
    return Thing(made["id"], made["version"])


async def agreed(scene: Scene, caller: Caller) -> Thing:
    """A goal Kit lives with."""
    ask = Ask({"client_id": scene.people.kit}, _wanted(scene, agreed=True))
    made = await scene.do("treating", "create_goal", ask)
    return Thing(made["id"], made["version"], more={"key": await scene.next_key()})


async def rated(scene: Scene, caller: Caller) -> Thing:
    """A goal of which Kit told the therapist alone how far it is."""
    thing = await agreed(scene, caller)
    body = {"client_key": thing.more["key"], "value": 9}
    await scene.do("client", "rate_my_goal", Ask({"goal_id": thing.id}, body))
    return thing


async def by_greta(scene: Scene, caller: Caller) -> Thing:
    """A goal that Greta declined for Kit."""
    thing = await proposed(scene, caller)
    await scene.do("guardian", "decline_my_goal", _answer(scene, caller, thing))
    return Thing(thing.id, 2)


def _create(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask({"client_id": scene.people.kit}, _wanted(scene))


async def repeated(scene: Scene, caller: Caller) -> Thing:
    """A request Thea has sent before, under a key."""
    key = await scene.next_key()
    ask = Ask({"client_id": scene.people.kit}, _wanted(scene), key=key)
    made = await scene.do("treating", "create_goal", ask)
    return Thing(made["id"], more={"key": key})


def _repeat(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask({"client_id": scene.people.kit}, _wanted(scene), key=thing.more["key"])


def _change(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask({"goal_id": thing.id}, {"ideal_state": f"{KIT}, said"}, thing.version)


def _answer(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask({"goal_id": thing.id}, version=thing.version)


def _rate(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask({"goal_id": thing.id}, {"client_key": thing.more["key"], "value": 3} | SHARED)


SHARED: Final = {"visibility": "shared"}
RATED: Final = '"value":9'
_ROWS_ALONE: Final = {"rows": PER_EPISODE}
ROWS: Final = (
    Row(
        "create_goal",
        contents_written(),
        _create,
        writes=True,
        alone=_ROWS_ALONE,
    ),
    Row("create_goal", contents_written(), _repeat, repeated, writes=True, alone=_ROWS_ALONE),
    Row(
        "list_goals",
        contents_read(other_episode="absent"),
        kits("?limit=100"),
        proposed,
        alone=_ROWS_ALONE,
    ),
    Row("get_goal", contents_read(), at("goal_id"), proposed, alone=_ROWS_ALONE),
    Row(
        "update_goal",
        contents_written(),
        _change,
        proposed,
        writes=True,
        alone=_ROWS_ALONE,
    ),
    Row("list_my_goals", my_door("absent"), bare, proposed),
    Row("list_my_goals", my_door("absent"), bare, rated, hides={"guardian": RATED}),
    Row(
        "accept_my_goal", my_door("404", guardian="409 goals.state"), _answer, by_greta, writes=True
    ),
    Row("accept_my_goal", my_door("404"), _answer, proposed, writes=True),
    Row("decline_my_goal", my_door("404"), _answer, proposed, writes=True),
    Row("rate_my_goal", my_door("404"), _rate, agreed, writes=True),
)
