"""Notes in the matrix: drafts are their author's, signed ones the record's, released ones Kit's."""

from datetime import timedelta
from typing import Any, Final

from app.core.clock import now
from app.core.ids import new_id
from app.notes.models import Note
from tests.house.matrix_people import KIT, Caller
from tests.house.matrix_profiles import CARE, contents_read, contents_written, my_door
from tests.house.matrix_rows import PER_EPISODE, Row, at, bare, kits
from tests.house.matrix_scene import Ask, Scene, Thing
from tests.house.matrix_sessions import planned
from tests.notes.writing import SOAP

NARRATIVE: Final[dict[str, Any]] = {
    "header": SOAP["header"],
    "sections": {"text": f"{KIT} spoke of the sea."},
}


def _wanted(scene: Scene) -> dict[str, Any]:
    return {"format": "narrative", "episode_id": scene.people.episode_id, "body": NARRATIVE}


async def draft(scene: Scene, caller: Caller) -> Thing:
    """A draft of Thea's."""
    ask = Ask({"client_id": scene.people.kit}, _wanted(scene))
    made = await scene.do("treating", "create_note", ask)
    return Thing(made["id"], made["version"])


async def _signed(scene: Scene, caller: Caller, **more: Any) -> Thing:
    begun = await draft(scene, caller)
    body = {"revision": 1, "attestation": True} | more
    made = await scene.do("treating", "sign_note", Ask({"note_id": begun.id}, body, begun.version))
    return Thing(made["id"], made["version"])


async def signed(scene: Scene, caller: Caller) -> Thing:
    """A note Thea signed, which Kit may read at once; Greta may not."""
    return await _signed(scene, caller)


async def held(scene: Scene, caller: Caller) -> Thing:
    """A note Thea signed and holds back."""
    until = (now() + timedelta(days=9)).isoformat()
    hold = {"hold": {"reason": f"{KIT} first, in person.", "until": until}}
    return await _signed(scene, caller, release=hold)


async def for_guardians(scene: Scene, caller: Caller) -> Thing:
    """A note released to Kit's guardians too."""
    note = await _signed(scene, caller)
    await scene.admin.execute(
        "update notes set released_to_guardians_at = now() where id = $1", note.id
    )
    return note


async def listed(scene: Scene, caller: Caller) -> Thing:
    """A released note in a list, which shows no words: known by its id."""
    note = await signed(scene, caller)
    return Thing(note.id, note.version, note.id)


async def listed_for_guardians(scene: Scene, caller: Caller) -> Thing:
    """A note released to Kit's guardians too, known by its id."""
    note = await for_guardians(scene, caller)
    return Thing(note.id, note.version, note.id)


async def left_behind(scene: Scene, caller: Caller) -> Thing:
    """A note signed by someone whose care of Kit has ended since."""
    return await _by_former(scene, status="signed", signed_at=now())


async def left_unsigned(scene: Scene, caller: Caller) -> Thing:
    """A draft of someone whose care of Kit has ended since."""
    return await _by_former(scene, status="draft")


async def _by_former(scene: Scene, **more: Any) -> Thing:
    people, note_id = scene.people, new_id()
    author = people.callers["care_over"].person
    assert author is not None
    work, transaction = people.harbour.job()
    async with transaction:
        await work.add(
            Note,
            id=note_id,
            client_id=people.kit,
            episode_id=people.episode_id,
            session_id=None,
            author_id=author.user_id,
            kind="progress",
            format="narrative",
            body={"header": _HEADER, "sections": {"text": f"{KIT}, as I knew them."}},
            **more,
        )
    scene.secrets.add(note_id)
    return Thing(note_id)


_HEADER: Final[dict[str, Any]] = {
    "start": None,
    "stop": None,
    "setting": None,
    "participants": [],
    "risk_statement": None,
    "diagnosis_summary": None,
    "function_summary": None,
    "plan_summary": None,
}


def _create(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask({"client_id": scene.people.kit}, _wanted(scene))


def _create_about(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask({"client_id": scene.people.kit}, _wanted(scene) | {"session_id": thing.id})


def _change(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    body = {"body": {"sections": {"text": f"{KIT} spoke of the harbour."}}}
    return Ask({"note_id": thing.id}, body, thing.version)


def _sign(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask({"note_id": thing.id}, {"revision": 1, "attestation": True}, thing.version)


_ROWS_ALONE: Final = {"rows": PER_EPISODE}
_AUTHOR_ALONE: Final = {"co_therapist": "404", "supervisor": "404", "break_glass": "404"}
"""To whom a draft does not exist, although they read the record."""
_OWNERS: Final = {"owner_break_glass": CARE}
"""An owner knows whose it is."""

ROWS: Final = (
    Row("create_note", contents_written(), _create, writes=True, alone=_ROWS_ALONE),
    Row(
        "create_note",
        # Whoever does not treat finds no session to write about.
        contents_written(supervisor="404", break_glass="404"),
        _create_about,
        planned,
        writes=True,
        alone=_ROWS_ALONE,
    ),
    Row(
        "list_notes",
        contents_read(other_episode="absent"),
        kits("?limit=100"),
        listed,
        alone=_ROWS_ALONE,
    ),
    Row("get_note", contents_read(), at("note_id"), signed, alone=_ROWS_ALONE),
    Row("get_note", contents_read(**_AUTHOR_ALONE, **_OWNERS), at("note_id"), draft),
    Row(
        "get_note",
        contents_read(care_over="ok"),
        at("note_id"),
        left_behind,
        alone=_ROWS_ALONE,
    ),
    Row("update_note", contents_written(**_AUTHOR_ALONE), _change, draft, writes=True),
    Row("sign_note", contents_written(**_AUTHOR_ALONE), _sign, draft, writes=True),
    Row(
        "update_note",
        contents_written(**_AUTHOR_ALONE, treating="404"),
        _change,
        left_unsigned,
        writes=True,
    ),
    Row("list_my_notes", my_door("absent", guardian="absent"), bare, listed),
    Row("list_my_notes", my_door("absent"), bare, listed_for_guardians),
    Row("get_my_note", my_door("404", guardian="404"), at("note_id"), signed),
    Row("get_my_note", my_door("404", guardian="404", client="404"), at("note_id"), held),
    Row("get_my_note", my_door("404", guardian="404", client="404"), at("note_id"), draft),
    Row("get_my_note", my_door("404"), at("note_id"), for_guardians),
)
