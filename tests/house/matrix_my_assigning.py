"""Assigning in the matrix, at the client door; and questions, at both."""

from typing import Final

from app.library.catalogue import catalogue
from tests.house.matrix_assigning import active, drafted
from tests.house.matrix_homework import TO_THEA, WHY_NOT, declined, proposed
from tests.house.matrix_library import exercise
from tests.house.matrix_people import KIT, Caller
from tests.house.matrix_profiles import ROLE, contents_read, contents_written, my_door
from tests.house.matrix_rows import PER_EPISODE, Row, at, bare
from tests.house.matrix_scene import Ask, Scene, Thing

GROUNDING: Final = next(str(one.id) for one in catalogue() if one.slug == "feet-on-the-floor")
_ROWS_ALONE: Final = {"rows": PER_EPISODE}


async def keyed(scene: Scene, caller: Caller) -> Thing:
    """An exercise that is in every toolbox, and a key nobody has used."""
    return Thing(GROUNDING, more={"key": await scene.next_key()})


async def harbours(scene: Scene, caller: Caller) -> Thing:
    """An exercise of Harbour's own that Thea put into Kit's toolbox, and a key."""
    thing = await exercise(scene, caller)
    pinned = Ask({"client_id": scene.people.kit, "exercise_id": thing.id})
    await scene.do("treating", "pin_exercise", pinned)
    return Thing(thing.id, shows=thing.shows, more={"key": await scene.next_key()})


async def by_greta(scene: Scene, caller: Caller) -> Thing:
    """Homework that Greta accepted for Kit."""
    thing = await proposed(scene, caller)
    await scene.do("guardian", "accept_my_assignment", _accept(scene, caller, thing))
    return Thing(thing.id, thing.version + 1)


async def declined_by_kit(scene: Scene, caller: Caller) -> Thing:
    """Homework that Kit said no to."""
    thing = await declined(scene, caller)
    return Thing(thing.id, thing.version + 1)


async def taken_up(scene: Scene, caller: Caller) -> Thing:
    """What Kit took up alone."""
    thing = await keyed(scene, caller)
    ask = _take_up(scene, caller, thing)
    body = ask.body | {"title": f"{TO_THEA} {KIT}"}
    made = await scene.do("client", "create_my_assignment", Ask(body=body))
    return Thing(made["id"])


async def ended(scene: Scene, caller: Caller) -> Thing:
    """Homework Kit has stopped, with words for Thea."""
    thing = await active(scene, caller)
    await scene.do("client", "end_my_assignment", _end(scene, caller, thing))
    return Thing(thing.id, thing.version + 1)


async def to_ask(scene: Scene, caller: Caller) -> Thing:
    """A proposal to ask about, and a key."""
    thing = await proposed(scene, caller)
    return Thing(thing.id, more={"key": await scene.next_key()})


async def asked(scene: Scene, caller: Caller) -> Thing:
    """A question of Kit's that waits for its answer."""
    thing = await to_ask(scene, caller)
    made = await scene.do("client", "ask_about_my_assignment", _ask(scene, caller, thing))
    return Thing(made["id"])


def _take_up(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    body = {"client_key": thing.more["key"], "exercise_id": thing.id, "zone": "Europe/Berlin"}
    return Ask(body=body)


def _accept(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask({"assignment_id": thing.id}, {}, thing.version)


def _end(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask({"assignment_id": thing.id}, {"words": WHY_NOT}, thing.version)


def _ask(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    body = {"client_key": thing.more["key"], "question": f"What is a {KIT}?"}
    return Ask({"assignment_id": thing.id}, body)


def _answer(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask({"question_id": thing.id}, {"answer": f"A {KIT} is a pen."}, thing.version)


_THEMSELVES: Final = {
    "sibling": "ok",
    "colleagues_client": "ok",
    "next_client": "ok",
    "next_guardian": "ok",
    "guardian_suspended": "409 episodes.none_open",
}
"""Everyone takes up an exercise for whom they act for: nobody names a client."""
_NEXT_DOOR: Final = dict.fromkeys(("next_client", "next_guardian"), "422 homework.exercise")
_OTHERS: Final = dict.fromkeys(
    ("sibling", "colleagues_client", "guardian_suspended"), "422 homework.not_in_toolbox"
)
_IN_PERSON: Final = dict.fromkeys(
    (
        "guardian",
        "guardian_unnamed",
        "guardian_without_scope",
        "guardian_suspended",
        "next_guardian",
    ),
    ROLE,
)
"""Nobody asks in a client's place, and nobody reads it there."""

ROWS: Final = (
    # What Thea has not shown to Kit is not Kit's yet.
    Row("get_my_assignment", my_door("404", client="404", guardian="404"), at("assignment_id"),
        drafted),
    Row("create_my_assignment", my_door("404", **_THEMSELVES), _take_up, keyed, writes=True),
    Row(
        "create_my_assignment",
        my_door("404", **_THEMSELVES | _NEXT_DOOR | _OTHERS),
        _take_up,
        harbours,
        writes=True,
    ),
    # What was agreed in session is Kit's to end; what Greta accepted, Greta's too.
    Row(
        "end_my_assignment",
        my_door("404", guardian="403 homework.clients_answer"),
        _end,
        active,
        writes=True,
    ),
    Row("end_my_assignment", my_door("404"), _end, by_greta, writes=True),
    Row(
        "accept_my_assignment",
        my_door("404", guardian="403 homework.clients_answer"),
        _accept,
        declined_by_kit,
        writes=True,
    ),
    # What Kit takes up without a word is not there for Greta.
    Row("get_my_assignment", my_door("404", guardian="404"), at("assignment_id"), taken_up),
    Row("list_my_assignments", my_door("absent"), bare, taken_up, hides={"guardian": TO_THEA}),
    Row("get_assignment", contents_read(), at("assignment_id"), taken_up, alone=_ROWS_ALONE),
    Row(
        "get_my_assignment",
        my_door("404"),
        at("assignment_id"),
        ended,
        hides=dict.fromkeys(("client", "guardian"), WHY_NOT),
    ),
    Row("ask_about_my_assignment", my_door("404", **_IN_PERSON), _ask, to_ask, writes=True),
    Row("list_my_questions", my_door("absent", **_IN_PERSON), bare, asked),
    Row("get_my_question", my_door("404", **_IN_PERSON), at("question_id"), asked),
    Row("list_questions", contents_read("absent", owner="absent"), bare, asked,
        alone=_ROWS_ALONE),
    Row("get_question", contents_read(), at("question_id"), asked, alone=_ROWS_ALONE),
    Row("answer_question", contents_written(), _answer, asked, writes=True, alone=_ROWS_ALONE),
)  # fmt: skip
