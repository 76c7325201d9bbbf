"""Doing homework in the matrix: drafts, edits, what was taken back, practice."""

from typing import Any, Final

from app.core.clock import now
from tests.homework.scenes import EXERCISE
from tests.house.matrix_homework import (
    TO_THEA,
    answered,
    assigned,
    discussed,
    sent,
    slot,
    submit,
    told_thea,
)
from tests.house.matrix_people import KIT, Caller
from tests.house.matrix_profiles import CARE, NOT_YOURS, ROLE, contents_read, my_door
from tests.house.matrix_rows import PER_EPISODE, Row, at, bare, kits
from tests.house.matrix_scene import Ask, Scene, Thing

TAKEN_BACK: Final = "razorbill"


def _draft(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    body = {
        "exercise_version_id": str(EXERCISE.version.id),
        "answers": {"what_happened": f"{KIT}, and then"},
    }
    return Ask({"occurrence_id": thing.id}, body, thing.version)


async def undrafted(scene: Scene, caller: Caller) -> Thing:
    """A slot in which Kit has begun nothing."""
    thing = await slot(scene, caller)
    return Thing(thing.id, 0, more=thing.more)


async def drafted(scene: Scene, caller: Caller) -> Thing:
    """A slot in which Kit has begun."""
    thing = await undrafted(scene, caller)
    await scene.do("client", "put_my_draft", _draft(scene, caller, thing))
    return Thing(thing.id, more=thing.more)


async def drafted_again(scene: Scene, caller: Caller) -> Thing:
    """A slot that Kit has answered, and begun anew."""
    thing = await undrafted(scene, caller)
    await scene.do("client", "submit_my_homework", submit(scene, caller, thing))
    await scene.do("client", "put_my_draft", _draft(scene, caller, thing))
    return Thing(thing.id, more=dict(thing.more) | {"key": await scene.next_key()})


def _throw_away(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask({"occurrence_id": thing.id}, version=thing.version)


async def to_edit(scene: Scene, caller: Caller) -> Thing:
    """What Kit sent, and a key for the next version."""
    thing = await sent(scene, caller)
    more = {"key": await scene.next_key(), "version_id": str(EXERCISE.version.id)}
    return Thing(thing.id, more=more)


def _edit(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    body = submit(scene, caller, thing).body | {"outcome": "partial"}
    return Ask({"submission_id": thing.id}, body, thing.version)


def _withdraw(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask({"submission_id": thing.id}, version=thing.version)


async def _sent_as(scene: Scene, caller: Caller, **other: Any) -> Thing:
    ask = submit(scene, caller, await slot(scene, caller))
    receipt = await scene.do("client", "submit_my_homework", Ask(ask.path, ask.body | other))
    return Thing(receipt["submission_id"])


async def taken_back(scene: Scene, caller: Caller) -> Thing:
    """What Kit sent and took back before anyone read it."""
    thing = await _sent_as(scene, caller, answers={"what_happened": TAKEN_BACK}, outcome="partial")
    await scene.do("client", "withdraw_my_submission", _withdraw(scene, caller, thing))
    return Thing(thing.id, 2, shows=thing.id)


async def worrying(scene: Scene, caller: Caller) -> Thing:
    """The same, and something in it needed attention."""
    thing = await _sent_as(
        scene,
        caller,
        answers={"what_happened": TAKEN_BACK},
        outcome="partial",
        obstacles=["unsafe"],
    )
    await scene.do("client", "withdraw_my_submission", _withdraw(scene, caller, thing))
    return Thing(thing.id, 2)


async def worrying_by_id(scene: Scene, caller: Caller) -> Thing:
    """The same where no title is shown."""
    thing = await worrying(scene, caller)
    return Thing(thing.id, shows=thing.id)


async def of_greta(scene: Scene, caller: Caller) -> Thing:
    """What Greta sent, as the therapist's alone, for homework that Kit answered before."""
    thing = await answered(scene, caller)
    ask = submit(scene, caller, thing)
    body = ask.body | {"answers_visible": "therapist"}
    receipt = await scene.do("guardian", "submit_my_homework", Ask(ask.path, body))
    return Thing(receipt["submission_id"])


async def gretas_to_edit(scene: Scene, caller: Caller) -> Thing:
    """The same, and a key for the next version."""
    thing = await of_greta(scene, caller)
    more = {"key": await scene.next_key(), "version_id": str(EXERCISE.version.id)}
    return Thing(thing.id, more=more)


async def keyed(scene: Scene, caller: Caller) -> Thing:
    """A key that Kit sent something under."""
    key = await scene.next_key()
    thing = await _sent_as(scene, caller, client_key=key)
    return Thing(key, shows=thing.id)


async def agreed(scene: Scene, caller: Caller) -> Thing:
    """Kit's homework, and a key for what is done of it."""
    thing = await assigned(scene, agreed=True)
    more = {"key": await scene.next_key(), "version_id": str(EXERCISE.version.id)}
    return Thing(thing.id, more=more)


def _extra(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask({"assignment_id": thing.id}, submit(scene, caller, thing).body)


def _practice(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    body = {
        "client_key": thing.more["key"],
        "exercise_version_id": thing.more["version_id"],
        "assignment_id": thing.id,
        "times": 3,
        "note": f"{KIT}, three times.",
        "visibility": "shared",
        "occurred_at": now().isoformat(),
        "zone": "Europe/Berlin",
    }
    return Ask(body=body)


async def practised(scene: Scene, caller: Caller) -> Thing:
    """What Kit practised."""
    thing = await agreed(scene, caller)
    made = await scene.do("client", "log_my_repetition", _practice(scene, caller, thing))
    scene.secrets.add(made["repetition_id"])
    return Thing(made["repetition_id"])


async def practised_for_thea(scene: Scene, caller: Caller) -> Thing:
    """The same, for the therapist alone."""
    ask = _practice(scene, caller, await agreed(scene, caller))
    body = ask.body | {"visibility": "therapist", "note": f"{TO_THEA} {KIT}"}
    made = await scene.do("client", "log_my_repetition", Ask(body=body))
    scene.secrets.add(made["repetition_id"])
    return Thing(made["repetition_id"])


_GUARDIANS: Final = (
    "guardian",
    "guardian_unnamed",
    "guardian_without_scope",
    "guardian_suspended",
    "next_guardian",
)
_KITS_OWN: Final = my_door("404", guardian=NOT_YOURS)
_GRETAS_OWN: Final = my_door("404", client=NOT_YOURS)
_KIT_ALONE: Final = my_door("404", **dict.fromkeys(_GUARDIANS, ROLE))
_ROWS_ALONE: Final = {"rows": PER_EPISODE}
_TEAM: Final = ("treating", "co_therapist", "supervisor", "break_glass", "owner_break_glass")

ROWS: Final = (
    Row("put_my_draft", _KIT_ALONE, _draft, undrafted, writes=True),
    Row("put_my_draft", _KIT_ALONE, _draft, drafted, writes=True),
    Row("get_my_draft", _KIT_ALONE, at("occurrence_id"), drafted),
    Row("delete_my_draft", _KIT_ALONE, _throw_away, drafted, writes=True),
    Row("submit_my_homework", my_door("404"), submit, drafted, writes=True),
    Row("submit_my_homework", my_door("404"), submit, drafted_again, writes=True),
    Row("edit_my_submission", _KITS_OWN, _edit, to_edit, writes=True),
    Row("edit_my_submission", _GRETAS_OWN, _edit, gretas_to_edit, writes=True),
    Row("withdraw_my_submission", _KITS_OWN, _withdraw, sent, writes=True),
    Row("withdraw_my_submission", _KITS_OWN, _withdraw, discussed, writes=True),
    Row("withdraw_my_submission", _GRETAS_OWN, _withdraw, of_greta, writes=True),
    Row("get_my_submission_by_key", my_door("404", guardian="404"), at("client_key"), keyed),
    Row("submit_my_extra", my_door("404"), _extra, agreed, writes=True),
    Row("list_my_submissions", my_door("absent"), bare, sent),
    Row("list_my_submission_versions", my_door("404"), at("submission_id"), sent),
    Row(
        "list_my_submission_versions",
        my_door("404", guardian="absent"),
        at("submission_id"),
        told_thea,
    ),
    Row(
        "list_submission_versions",
        contents_read(**dict.fromkeys(_TEAM, "404") | {"owner_break_glass": CARE}),
        at("submission_id"),
        taken_back,
        alone=_ROWS_ALONE,
    ),
    Row(
        "list_submission_versions",
        contents_read(),
        at("submission_id"),
        worrying_by_id,
        alone=_ROWS_ALONE,
        hides=dict.fromkeys(_TEAM, TAKEN_BACK),
    ),
    Row(
        "get_my_submission",
        my_door("404"),
        at("submission_id"),
        taken_back,
        hides={"guardian": TAKEN_BACK},
    ),
    Row(
        "get_submission",
        contents_read(**dict.fromkeys(_TEAM, "404") | {"owner_break_glass": CARE}),
        at("submission_id"),
        taken_back,
        alone=_ROWS_ALONE,
    ),
    Row(
        "get_submission",
        contents_read(),
        at("submission_id"),
        worrying,
        alone=_ROWS_ALONE,
        hides=dict.fromkeys(_TEAM, TAKEN_BACK),
    ),
    # Who is not Kit's side names homework that is none of theirs.
    Row(
        "log_my_repetition",
        my_door("422 homework.repetition"),
        _practice,
        agreed,
        writes=True,
    ),
    Row("list_my_repetitions", my_door("absent"), bare, practised),
    Row(
        "list_my_repetitions",
        my_door("absent"),
        bare,
        practised_for_thea,
        hides={"guardian": TO_THEA},
    ),
    Row(
        "get_my_repetition",
        my_door("404", guardian="404"),
        at("repetition_id"),
        practised_for_thea,
    ),
    Row(
        "get_repetition",
        contents_read(),
        at("repetition_id"),
        practised_for_thea,
        alone=_ROWS_ALONE,
    ),
    Row("get_my_repetition", my_door("404"), at("repetition_id"), practised),
    Row(
        "list_repetitions",
        contents_read(other_episode="absent"),
        kits("?limit=100"),
        practised,
        alone=_ROWS_ALONE,
    ),
    Row("get_repetition", contents_read(), at("repetition_id"), practised, alone=_ROWS_ALONE),
)
