"""Devices in the matrix: what changed comes back to Kit's side, and only Kit's side writes."""

from typing import Any, Final

from app.core.clock import now
from tests.house.matrix_homework import proposed, slot, submit
from tests.house.matrix_people import Caller
from tests.house.matrix_profiles import my_door
from tests.house.matrix_rows import Row
from tests.house.matrix_scene import Ask, Scene, Thing


def _batch(scene: Scene, *items: dict[str, Any]) -> Ask:
    said = {
        "client_id": scene.people.kit,
        "zone": "Europe/Berlin",
        "sent_at": now().isoformat(),
        "items": list(items),
    }
    return Ask(body=said)


def _hear(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return _batch(scene)


def _send(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    body = dict(submit(scene, caller, thing).body)
    key = body.pop("client_key")
    item = {"kind": "submission", "client_key": key, "about_id": thing.id, "body": body}
    return _batch(scene, item)


_DEVICES: Final = my_door("409 sync.other_client", guardian_suspended="absent")
"""Whoever acts for someone else is told so at once; a suspended guardian's door looks empty."""

ROWS: Final = (
    Row("sync_mine", _DEVICES, _hear, proposed),
    Row("sync_mine", _DEVICES, _send, slot, writes=True),
)
