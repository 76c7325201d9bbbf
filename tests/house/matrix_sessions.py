"""Sessions in the matrix: their time and attendance, which the front desk keeps too."""

from typing import Any, Final

from tests.house.matrix_people import Caller
from tests.house.matrix_profiles import CARE, directory_read, directory_written, my_door
from tests.house.matrix_rows import PER_EPISODE, Row, at, bare, kits
from tests.house.matrix_scene import Ask, Scene, Thing

STARTS_AT: Final = "2190-03-01T08:00:00Z"


def _wanted(scene: Scene) -> dict[str, Any]:
    return {
        "starts_at": STARTS_AT,
        "setting": "video",
        "episode_id": scene.people.episode_id,
    }


async def planned(scene: Scene, caller: Caller) -> Thing:
    """A session of Thea's with Kit; there are no words in it, so it is known by its id."""
    ask = Ask({"client_id": scene.people.kit}, _wanted(scene))
    made = await scene.do("treating", "create_session", ask)
    return Thing(made["id"], made["version"], made["id"])


def _create(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask({"client_id": scene.people.kit}, _wanted(scene))


def _move(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask({"session_id": thing.id}, {"minutes": 60}, thing.version)


def _give(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    therapist = scene.people.harbour.thea.user_id
    return Ask({"session_id": thing.id}, {"therapist_id": therapist, "minutes": 45}, thing.version)


_ROWS_ALONE: Final = {"rows": PER_EPISODE}

ROWS: Final = (
    Row(
        "create_session",
        directory_written(other_episode="404"),
        _create,
        writes=True,
        alone=_ROWS_ALONE,
    ),
    Row("list_sessions", directory_read(), kits("?limit=100"), planned),
    Row("get_session", directory_read(), at("session_id"), planned),
    Row(
        "update_session",
        directory_written(other_episode=CARE),
        _move,
        planned,
        writes=True,
        alone=_ROWS_ALONE,
    ),
    Row(
        "update_session",
        directory_written(other_episode=CARE),
        _give,
        planned,
        writes=True,
        alone=_ROWS_ALONE,
    ),
    Row("list_my_sessions", my_door("absent"), bare, planned),
)
