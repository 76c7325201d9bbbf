"""Devices in the matrix: what changed comes back to Kit's side, and only Kit's side writes."""

from typing import Any, Final

from app.core.clock import now
from tests.house.matrix_homework import TO_THEA, proposed, slot, submit, told_thea
from tests.house.matrix_people import Caller
from tests.house.matrix_profiles import my_door
from tests.house.matrix_rows import Row
from tests.house.matrix_scene import Ask, Scene, Thing


def _batch(scene: Scene, *items: dict[str, Any], zone: str = "Europe/Berlin") -> Ask:
    said = {
        "client_id": scene.people.kit,
        "zone": zone,
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


async def keyed(scene: Scene, caller: Caller) -> Thing:
    """What Kit sent under a key, by which another device's item names it."""
    open_now = await slot(scene, caller)
    made = await scene.do("client", "submit_my_homework", submit(scene, caller, open_now))
    more = {"sent": open_now.more["key"], "version_id": open_now.more["version_id"]}
    return Thing(made["submission_id"], more=more | {"key": await scene.next_key()})


def _edit(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    """From a device that does not know where it is: Kit's own zone stands for it."""
    body = dict(submit(scene, caller, thing).body)
    del body["zone"]
    item = {"kind": "submission_edit", "client_key": body.pop("client_key"), "base_version": 1}
    item |= {"about_key": thing.more["sent"], "body": body}
    return _batch(scene, item, zone="Etc/Unknown")


_DEVICES: Final = my_door("409 sync.other_client", guardian_suspended="absent")
"""Whoever acts for someone else is told so at once; a suspended guardian's door looks empty."""

ROWS: Final = (
    Row("sync_mine", _DEVICES, _hear, proposed),
    Row("sync_mine", _DEVICES, _hear, told_thea, hides={"guardian": TO_THEA}),
    Row("sync_mine", _DEVICES, _send, slot, writes=True),
    Row("sync_mine", _DEVICES, _edit, keyed, writes=True),
)
