"""Homework in the matrix, at the client door."""

from datetime import timedelta
from typing import Final

from app.core.clock import now
from tests.house.matrix_homework import (
    AMONG_US,
    TO_THEA,
    UNSHARED,
    WHY_NOT,
    answered,
    assigned,
    decline,
    declined,
    discussed,
    proposed,
    sent,
    slot,
    slot_of,
    submit,
    summarised,
    told_thea,
    told_thea_by_id,
)
from tests.house.matrix_library import exercise
from tests.house.matrix_people import KIT, Caller
from tests.house.matrix_profiles import my_door
from tests.house.matrix_rows import Row, at, bare
from tests.house.matrix_scene import Ask, Scene, Thing
from tests.house.matrix_sessions import STARTS_AT, planned


async def next_session(scene: Scene, caller: Caller) -> Thing:
    """When Kit's next session is, which today says and nobody else's does."""
    session = await planned(scene, caller)
    return Thing(session.id, shows=STARTS_AT)


async def slot_of_harbours(scene: Scene, caller: Caller) -> Thing:
    """A slot of homework whose exercise is the practice's own."""
    made = await exercise(scene, caller)
    assignment = await assigned(scene, agreed=True, exercise_id=made.id)
    return await slot_of(scene, assignment, made.more["earlier_id"])


async def kept(scene: Scene, caller: Caller) -> Thing:
    """What Kit sent as a summary: the client door shows no title, so it is known by its id."""
    thing = await summarised(scene, caller)
    return Thing(thing.id, shows=thing.id)


def submit_to_harbours(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    ask = submit(scene, caller, thing)
    return Ask(ask.path, ask.body | {"answers": {"what_i_said": f"{KIT} said no."}})


def accept(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask({"assignment_id": thing.id}, {"confidence": 6}, thing.version)


def days(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    here = now().date()
    around = timedelta(days=13)
    return Ask(query=f"?from={here - around}&to={here + around}&limit=100")


def today(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask(query="?zone=Europe/Berlin")


async def slot_of_told_thea(scene: Scene, caller: Caller) -> Thing:
    """A slot whose answer was the therapist's alone, and is read."""
    return Thing((await told_thea(scene, caller)).more["slot"])


NOT_READY: Final = '"outcome":"not_ready"'
_KITS_SIDE: Final = ("client", "guardian")

ROWS: Final = (
    Row("get_my_today", my_door("absent"), today, proposed),
    Row("get_my_today", my_door("absent"), today, next_session),
    Row("list_my_assignments", my_door("absent"), bare, proposed),
    Row("get_my_assignment", my_door("404"), at("assignment_id"), proposed),
    Row("accept_my_assignment", my_door("404"), accept, proposed, writes=True),
    Row("decline_my_assignment", my_door("404"), decline, proposed, writes=True),
    Row("list_my_occurrences", my_door("absent"), days, slot),
    Row("get_my_occurrence", my_door("404"), at("occurrence_id"), slot),
    Row("submit_my_homework", my_door("404"), submit, slot, writes=True),
    Row("submit_my_homework", my_door("404"), submit_to_harbours, slot_of_harbours, writes=True),
    Row("submit_my_homework", my_door("404"), submit, answered, writes=True),
    Row("get_my_submission", my_door("404"), at("submission_id"), sent),
    Row(
        "get_my_submission",
        my_door("404"),
        at("submission_id"),
        kept,
        hides={"guardian": UNSHARED},
    ),
    *(
        Row(
            "get_my_submission",
            my_door("404"),
            at("submission_id"),
            told_thea_by_id,
            hides={"guardian": word},
        )
        for word in (TO_THEA, NOT_READY)
    ),
    Row(
        "list_my_submissions",
        my_door("absent"),
        bare,
        told_thea_by_id,
        hides={"guardian": NOT_READY},
    ),
    Row(
        "get_my_occurrence",
        my_door("404"),
        at("occurrence_id"),
        slot_of_told_thea,
        hides={"guardian": '"state":"reviewed"'},
    ),
    Row(
        "get_my_submission",
        my_door("404"),
        at("submission_id"),
        discussed,
        hides=dict.fromkeys(_KITS_SIDE, AMONG_US),
    ),
    Row(
        "get_my_assignment",
        my_door("404"),
        at("assignment_id"),
        declined,
        hides=dict.fromkeys(_KITS_SIDE, WHY_NOT),
    ),
)
