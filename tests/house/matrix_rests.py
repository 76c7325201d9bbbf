"""Rest periods in the matrix. They are of clients, not of episodes, and hold no words."""

from datetime import timedelta
from typing import Final

from app.core.clock import now
from tests.house.matrix_people import Caller
from tests.house.matrix_profiles import contents_read, contents_written, my_door
from tests.house.matrix_rows import Row, at, bare, kits
from tests.house.matrix_scene import Ask, Scene, Thing


async def free(scene: Scene, caller: Caller) -> Thing:
    """Nobody rests: a new rest period is in no other's way."""
    await scene.admin.execute("update rest_periods set ends_at = starts_at")
    return Thing("", more={"key": await scene.next_key()})


async def running(scene: Scene, caller: Caller) -> Thing:
    """A rest period of Kit's, known by its id."""
    await free(scene, caller)
    made = await scene.do("treating", "start_rest_period", kits()(scene, caller, Thing("")))
    return Thing(made["id"], made["version"], made["id"])


async def gretas(scene: Scene, caller: Caller) -> Thing:
    """One that Greta started for Kit."""
    ask = _start_mine(scene, caller, await free(scene, caller))
    made = await scene.do("guardian", "start_my_rest_period", ask)
    scene.secrets.add(made["rest_period_id"])
    return Thing(made["rest_period_id"], made["version"], made["rest_period_id"])


def _start_mine(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    # A guardian's ends within 14 days.
    tomorrow = (now() + timedelta(days=1)).date().isoformat()
    return Ask(body={"client_key": thing.more["key"], "ends_on": tomorrow})


def _end(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask({"rest_period_id": thing.id}, version=thing.version)


_OTHERS_OWN: Final = dict.fromkeys(
    ("sibling", "colleagues_client", "next_client", "next_guardian"), "ok"
)
_READ: Final = contents_read(other_episode="ok")
_WRITTEN: Final = contents_written(other_episode="ok")
_AT: Final = at("rest_period_id")

ROWS: Final = (
    Row("start_rest_period", _WRITTEN, kits(), free, writes=True),
    Row("list_rest_periods", _READ, kits("?limit=100"), running),
    Row("get_rest_period", _READ, _AT, running),
    Row("end_rest_period", _WRITTEN, _end, running, writes=True),
    Row("look_in_on_rest_period", _WRITTEN, _AT, running, writes=True),
    # Everybody rests for themselves; a suspended guardian finds nobody to rest for.
    Row("start_my_rest_period", my_door("404", **_OTHERS_OWN), _start_mine, free, writes=True),
    Row("list_my_rest_periods", my_door("absent"), bare, running),
    Row("get_my_rest_period", my_door("404"), _AT, running),
    Row(
        "end_my_rest_period",
        my_door("404", guardian="403 rests.not_yours"),
        _end,
        running,
        writes=True,
    ),
    Row("end_my_rest_period", my_door("404"), _end, gretas, writes=True),
)
