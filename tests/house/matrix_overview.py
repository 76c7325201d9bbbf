"""Overviews in the matrix: of what is in them, each caller sees what they see of it elsewhere."""

from typing import Any, Final

from app.core.clock import now
from app.core.ids import SYSTEM, new_id
from app.homework.along import Repetition
from app.homework.attention_notices import AttentionNotice
from tests.homework.scenes import EXERCISE
from tests.house.matrix_homework import assigned, proposed, sent, slot, told_thea
from tests.house.matrix_library import exercise
from tests.house.matrix_people import KIT, Caller
from tests.house.matrix_profiles import ROLE, contents_read, contents_written, my_door, staff_door
from tests.house.matrix_rows import PER_EPISODE, Row, at, bare, kits
from tests.house.matrix_scene import Ask, Scene, Thing

_BY_OTHERS: Final = ("supervisor", "break_glass", "other_episode", "owner_barred")
_ROLES: Final = ("owner", "owner_break_glass", "owner_barred", "assistant", "next_owner",
                 "next_assistant")  # fmt: skip
_DESK: Final = ("owner", "owner_break_glass", "assistant")
QUEUE: Final = staff_door(
    "absent",
    treating="ok",
    co_therapist="ok",
    supervisor="absent",
    break_glass="absent",
    other_episode="absent",
    **dict.fromkeys(_ROLES, ROLE),
)
"""Those who review: the care team alone."""
DAY: Final = staff_door(
    "absent",
    treating="ok",
    co_therapist="ok",
    **dict.fromkeys(_DESK, "ok"),
    **dict.fromkeys((*_BY_OTHERS, "next_owner", "next_assistant"), "absent"),
)
"""The care team's day, and of the sessions, which those see who keep the directory, theirs."""


async def a_day(scene: Scene, caller: Caller) -> Thing:
    """A proposal Kit has not answered, a session of Thea's with Kit today, and something urgent
    of Kit's that the owner was told of."""
    await proposed(scene, caller)
    body = {
        "starts_at": now().isoformat(),
        "setting": "video",
        "episode_id": scene.people.episode_id,
    }
    await scene.do("treating", "create_session", Ask({"client_id": scene.people.kit}, body))
    await told(scene, caller)
    return Thing("", shows=scene.people.kit)


async def told(scene: Scene, caller: Caller) -> Thing:
    """Practice of Kit's that is urgent, of which the owner was told."""
    about = await practised(scene, caller)
    owner = scene.people.callers["owner"].person
    assert owner is not None
    notice_id = new_id()
    await scene.people.harbour.write(
        AttentionNotice,
        id=notice_id,
        client_id=scene.people.kit,
        repetition_id=about.id,
        subject_id=about.id,
        user_id=owner.user_id,
        why="owner",
        reasons=["unsafe"],
        client_name=KIT,
        due_at=now(),
    )
    scene.secrets.add(notice_id)
    return Thing(notice_id)


async def unread(scene: Scene, caller: Caller) -> Thing:
    """What Kit sent; its id is said back to whoever asks, and so is no secret here."""
    thing = await sent(scene, caller)
    scene.secrets.discard(thing.id)
    return thing


async def practised(scene: Scene, caller: Caller) -> Thing:
    """Practice of Kit's that needs attention."""
    people, repetition_id = scene.people, new_id()
    await people.harbour.write(
        Repetition,
        id=repetition_id,
        client_id=people.kit,
        episode_id=people.episode_id,
        library_id=SYSTEM,
        exercise_version_id=str(EXERCISE.version.id),
        client_key=f"device-{repetition_id}",
        body_hash=b"",
        obstacles=["unsafe"],
        note=f"{KIT} was not alone.",
        needs_attention=True,
        attention_level="urgent",
        attention_reasons=["unsafe"],
        occurred_at=now(),
        occurred_corrected_at=now(),
        zone="Europe/Berlin",
        by_user_id=people.harbour.kit.user_id,
        capacity="self",
    )
    scene.secrets.add(repetition_id)
    return Thing(repetition_id)


async def given(scene: Scene, caller: Caller) -> Thing:
    """Homework of Kit's whose exercise is the practice's own, which is known by its id."""
    made = await exercise(scene, caller)
    await assigned(scene, agreed=True, exercise_id=made.id)
    return Thing(made.id, shows=made.id)


def _acknowledge(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask(body={"items": [{"submission_id": thing.id, "number": 1}]})


def _see(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask({"repetition_id": thing.id}, version=1)


def _here(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask(query="?zone=Europe/Berlin")


def _page(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask(query="?limit=100")


NOT_READY: Final = '"outcome":"not_ready"'
_ROWS_ALONE: Final = {"rows": PER_EPISODE}
_NOT_THEIR_QUEUE: Final[Any] = {
    "rows": PER_EPISODE
    | dict.fromkeys(
        ("supervisor", "break_glass"),
        "they may read what is in it; that it waits for others is the statement's",
    )
}

TOLD: Final = staff_door(
    "404",
    owner="ok",
    **dict.fromkeys(
        ("treating", "co_therapist", "supervisor", "break_glass", "owner_break_glass",
         "other_episode", "owner_barred", "assistant", "next_owner", "next_assistant"), "404",
    ),
)  # fmt: skip
"""The one who was told, and nobody else."""
_TOLD_ALONE: Final = {
    "rows": dict.fromkeys(
        ("treating", "co_therapist", "supervisor", "break_glass", "owner_break_glass",
         "other_episode"),
        "the caseload is shown who is told; whose it is to open is the statement's",
    )
}  # fmt: skip

_TODAY_ALONE: Final[Any] = {
    "rows": _NOT_THEIR_QUEUE["rows"]
    | {"owner_break_glass": "the caseload is shown who is told; whose day it is in is the"
       " statement's"}
}  # fmt: skip
# The owner was told of Kit (TOLD), and sees who it is.
_NOT_TOLD: Final = tuple(name for name in _DESK if name != "owner")

ROWS: Final = (
    Row("get_today", DAY, bare, a_day, alone=_TODAY_ALONE, hides=dict.fromkeys(_NOT_TOLD, KIT)),
    Row("open_attention_notice", TOLD, at("notice_id"), told, writes=True, alone=_TOLD_ALONE),
    Row("list_review_queue", QUEUE, _page, sent, alone=_NOT_THEIR_QUEUE),
    Row("acknowledge_submissions", QUEUE, _acknowledge, unread, writes=True, alone=_ROWS_ALONE),
    Row("get_repetition", contents_read(), at("repetition_id"), practised, alone=_ROWS_ALONE),
    Row(
        "mark_repetition_seen",
        contents_written(),
        _see,
        practised,
        writes=True,
        alone=_ROWS_ALONE,
    ),
    Row(
        "get_homework_board",
        contents_read(other_episode="absent"),
        kits(),
        slot,
        alone=_ROWS_ALONE,
    ),
    Row("get_my_week", my_door("absent"), _here, slot),
    Row("get_my_week", my_door("absent"), _here, told_thea, hides={"guardian": NOT_READY}),
    Row("get_my_toolbox", my_door("absent"), bare, given),
)
