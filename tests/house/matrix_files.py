"""Files in the matrix."""

from typing import Any, Final

from tests.files.sending import sound
from tests.homework.test_sent_files import JOURNAL
from tests.house.matrix_homework import assigned, sent, slot_of, submit
from tests.house.matrix_people import KIT, Caller
from tests.house.matrix_profiles import NOT_YOURS, contents_read, my_door
from tests.house.matrix_rows import PER_EPISODE, Row, at
from tests.house.matrix_scene import Ask, Scene, Thing

VOICE: Final = sound(200)[:144] + KIT.encode().ljust(56)
"""A recording in which Kit's name is heard."""


async def _announced(scene: Scene, name: str) -> Thing:
    ask = await _announcement(scene)
    made = await scene.do(name, "create_my_upload", ask)
    return Thing(made["id"], shows=made["id"], more={"file_key": ask.body["client_key"]})


async def _announcement(scene: Scene) -> Ask:
    key = await scene.next_key()
    return Ask(body={"client_key": key, "media_type": "audio/wav", "size": len(VOICE)})


async def announced(scene: Scene, caller: Caller) -> Thing:
    """A file of Kit's of which nothing has arrived."""
    return await _announced(scene, "client")


async def of_greta(scene: Scene, caller: Caller) -> Thing:
    """One that Greta sends for Kit."""
    return await _announced(scene, "guardian")


async def arrived(scene: Scene, caller: Caller) -> Thing:
    """A voice note of Kit's that goes with nothing yet."""
    thing = await announced(scene, caller)
    await scene.do("client", "continue_my_upload", _go_on(scene, caller, thing))
    return Thing(thing.id)


async def _part_of(scene: Scene, caller: Caller, visible: str) -> Thing:
    thing, submission = await arrived(scene, caller), await sent(scene, caller)
    await scene.admin.execute(
        "update uploads set submission_id = $2, visible = $3, used_at = now() where id = $1",
        thing.id,
        submission.id,
        visible,
    )
    return Thing(thing.id, more={"submission_id": submission.id})


async def attached(scene: Scene, caller: Caller) -> Thing:
    """A voice note that Kit sent with answers, which are shared."""
    return await _part_of(scene, caller, "shared")


async def kept_back(scene: Scene, caller: Caller) -> Thing:
    """One that went with answers Kit keeps."""
    return await _part_of(scene, caller, "summary_only")


async def for_thea(scene: Scene, caller: Caller) -> Thing:
    """One that went with answers for the therapist alone."""
    return await _part_of(scene, caller, "therapist")


def _go_on(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask({"upload_id": thing.id}, part=VOICE)


def _create(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask(body=thing.more["body"])


async def about_to_send(scene: Scene, caller: Caller) -> Thing:
    return Thing("", more={"body": (await _announcement(scene)).body})


async def under_a_key(scene: Scene, caller: Caller) -> Thing:
    """A file of Kit's, and what was said of it when it was announced."""
    ask = await _announcement(scene)
    made = await scene.do("client", "create_my_upload", ask)
    return Thing(made["id"], shows=made["id"], more={"body": ask.body})


async def _page(scene: Scene, sender: str) -> Thing:
    """A slot of a page to write, and a file that has arrived."""
    file = await _announced(scene, sender)
    await scene.do(sender, "continue_my_upload", Ask({"upload_id": file.id}, part=VOICE))
    given = await assigned(scene, agreed=True, exercise_id=str(JOURNAL.id))
    thing = await slot_of(scene, given, str(JOURNAL.version.id))
    return Thing(thing.id, more={**thing.more, **file.more, "file": file.id})


async def page_of_ones_own(scene: Scene, caller: Caller) -> Thing:
    """What whoever sends it has recorded: Greta, or else Kit."""
    return await _page(scene, "guardian" if caller.name == "guardian" else "client")


async def page_of_kits(scene: Scene, caller: Caller) -> Thing:
    """What Kit has recorded, and nobody has heard."""
    return await _page(scene, "client")


async def page_sent(scene: Scene, caller: Caller) -> Thing:
    """A page that Kit sent with what Kit recorded, and a key for the next version."""
    page = await page_of_kits(scene, caller)
    made = await scene.do("client", "submit_my_homework", _spoken(scene, caller, page))
    return Thing(made["submission_id"], more={**page.more, "key": await scene.next_key()})


def _unspoken(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    body = submit(scene, caller, thing).body | {"answers": {"page": KIT}}
    return Ask({"submission_id": thing.id}, body, thing.version)


def _spoken(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    ask = submit(scene, caller, thing)
    return Ask(ask.path, ask.body | {"answers": {"page": KIT, "spoken": thing.more["file"]}})


def _by_key(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    ask, named = _spoken(scene, caller, thing), {"upload_key": thing.more["file_key"]}
    return Ask(ask.path, ask.body | {"answers": {"page": KIT, "spoken": named}})


def _file(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask({"submission_id": thing.more["submission_id"], "upload_id": thing.id})


_OTHERS_OWN: Final = dict.fromkeys(
    ("sibling", "colleagues_client", "next_client", "next_guardian"), "ok"
)
_UNSHARED: Final[dict[str, Any]] = dict.fromkeys(
    ("treating", "co_therapist", "supervisor", "break_glass", "owner_break_glass"), "404"
)
_NOT_USABLE: Final = "422 files.not_usable"
_OTHER_BODY: Final = "422 client_key.other_body"
_ROWS_ALONE: Final = {"rows": PER_EPISODE}
_CONTENT: Final = "get_my_upload_content"

ROWS: Final = (
    # Everybody sends files of their own; a suspended guardian finds nobody to send for.
    Row("create_my_upload", my_door("404", **_OTHERS_OWN), _create, about_to_send, writes=True),
    # Under a key that Kit used there is nothing for Greta.
    Row(
        "create_my_upload",
        my_door("404", **_OTHERS_OWN, guardian=_OTHER_BODY),
        _create,
        under_a_key,
        writes=True,
    ),
    # Who announced a file sends it.
    Row("continue_my_upload", my_door("404", guardian="404"), _go_on, announced, writes=True),
    Row("continue_my_upload", my_door("404", client="404"), _go_on, of_greta, writes=True),
    Row("submit_my_homework", my_door("404"), _spoken, page_of_ones_own, writes=True),
    Row(
        "submit_my_homework",
        my_door("404", guardian=_NOT_USABLE),
        _spoken,
        page_of_kits,
        writes=True,
    ),
    Row("submit_my_homework", my_door("404"), _by_key, page_of_ones_own, writes=True),
    # Under a key that Kit used there is no file of Greta's.
    Row(
        "submit_my_homework",
        my_door("404", guardian="422 homework.answers"),
        _by_key,
        page_of_kits,
        writes=True,
    ),
    Row(
        "edit_my_submission",
        my_door("404", guardian=NOT_YOURS),
        _unspoken,
        page_sent,
        writes=True,
    ),
    Row("get_my_upload", my_door("404", guardian="404"), at("upload_id"), announced),
    Row("get_my_upload", my_door("404"), at("upload_id"), of_greta),
    Row(_CONTENT, my_door("404", guardian="404"), at("upload_id"), arrived),
    Row(_CONTENT, my_door("404"), at("upload_id"), attached),
    Row(_CONTENT, my_door("404", guardian="404"), at("upload_id"), kept_back),
    Row(_CONTENT, my_door("404", guardian="404"), at("upload_id"), for_thea),
    Row("get_submission_file", contents_read(), _file, for_thea, alone=_ROWS_ALONE),
    Row("get_submission_file", contents_read(), _file, attached, alone=_ROWS_ALONE),
    Row("get_submission_file", contents_read(**_UNSHARED), _file, kept_back, alone=_ROWS_ALONE),
)
