"""Homework in the matrix."""

from typing import Any, Final

from app.core.clock import now
from tests.homework.scenes import ANSWERS, EXERCISE
from tests.house.matrix_goals import agreed
from tests.house.matrix_library import exercise
from tests.house.matrix_people import KIT, Caller
from tests.house.matrix_profiles import contents_read, contents_written
from tests.house.matrix_rows import PER_EPISODE, Row, at, bare, kits
from tests.house.matrix_scene import Ask, Scene, Thing

UNSHARED: Final = "cormorant"
TO_THEA: Final = "fulmar"
"""Stands in what Kit tells the therapist alone, and in what comes back for it."""
AMONG_US: Final = "kittiwake"
WHY_NOT: Final = "guillemot"


def _wanted(scene: Scene, **more: Any) -> dict[str, Any]:
    return {
        "exercise_id": str(EXERCISE.id),
        "title": f"A page for {KIT}",
        "rationale": f"Because {KIT} asked.",
        "episode_id": scene.people.episode_id,
    } | more


async def assigned(scene: Scene, **more: Any) -> Thing:
    ask = Ask({"client_id": scene.people.kit}, _wanted(scene, **more))
    made = await scene.do("treating", "create_assignment", ask)
    return Thing(made["id"], made["version"])


async def proposed(scene: Scene, caller: Caller) -> Thing:
    """Homework Kit has not answered."""
    return await assigned(scene)


async def slot(scene: Scene, caller: Caller) -> Thing:
    """A slot that is open, of homework agreed in session."""
    return await slot_of(scene, await assigned(scene, agreed=True), str(EXERCISE.version.id))


async def slot_of(scene: Scene, assignment: Thing, version_id: str) -> Thing:
    found = await scene.admin.fetchval(
        "select id::text from occurrences where assignment_id = $1", assignment.id
    )
    scene.secrets.add(found)
    more = {"key": await scene.next_key(), "version_id": version_id}
    return Thing(found, more=more)


async def sent(scene: Scene, caller: Caller) -> Thing:
    """What Kit sent, with answers, and not reviewed."""
    open_now = await slot(scene, caller)
    receipt = await scene.do("client", "submit_my_homework", submit(scene, caller, open_now))
    return Thing(receipt["submission_id"])


async def answered(scene: Scene, caller: Caller) -> Thing:
    """A slot Kit has answered before."""
    thing = await slot(scene, caller)
    await scene.do("client", "submit_my_homework", submit(scene, caller, thing))
    return Thing(thing.id, more=dict(thing.more) | {"key": await scene.next_key()})


async def ahead(scene: Scene, caller: Caller) -> Thing:
    """Homework agreed for later: its slot can still move."""
    return await assigned(scene, agreed=True, opens_at="2190-03-01T08:00:00Z")


async def summarised(scene: Scene, caller: Caller) -> Thing:
    """What Kit sent, with the answers kept from staff."""
    open_now = await slot(scene, caller)
    ask = submit(scene, caller, open_now)
    answers = ANSWERS | {"what_happened": UNSHARED}
    body = ask.body | {"answers_visible": "summary_only", "answers": answers}
    receipt = await scene.do("client", "submit_my_homework", Ask(ask.path, body))
    return Thing(receipt["submission_id"])


async def summarised_by_id(scene: Scene, caller: Caller) -> Thing:
    """The same where no title is shown."""
    thing = await summarised(scene, caller)
    return Thing(thing.id, shows=thing.id)


async def told_thea(scene: Scene, caller: Caller) -> Thing:
    """What Kit told the therapist alone, and what the therapist said to it."""
    ask = submit(scene, caller, await slot(scene, caller))
    said: dict[str, Any] = {
        "answers_visible": "therapist",
        "outcome": "not_ready",
        "answers": {"what_happened": f"{TO_THEA} {KIT}"},
    }
    receipt = await scene.do("client", "submit_my_homework", Ask(ask.path, ask.body | said))
    thing = Thing(receipt["submission_id"])
    body = {"number": 1, "comment": f"Thank you for {TO_THEA}."}
    ask = Ask({"submission_id": thing.id}, body, 1)
    await scene.do("treating", "review_submission", ask)
    return Thing(thing.id, 2, more={"slot": receipt["occurrence_id"]})


async def told_thea_by_id(scene: Scene, caller: Caller) -> Thing:
    """The same at the client door, where it is known by its id."""
    thing = await told_thea(scene, caller)
    return Thing(thing.id, shows=thing.id)


async def discussed(scene: Scene, caller: Caller) -> Thing:
    """What Kit sent, reviewed, with a word among colleagues."""
    thing = await sent(scene, caller)
    made = await scene.do("treating", "review_submission", _review(scene, caller, thing))
    return Thing(thing.id, made["version"])


async def declined(scene: Scene, caller: Caller) -> Thing:
    """Homework Kit said no to, in words meant for Thea."""
    thing = await proposed(scene, caller)
    await scene.do("client", "decline_my_assignment", decline(scene, caller, thing))
    return thing


def submit(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    body = {
        "client_key": thing.more["key"],
        "outcome": "completed",
        "answers": ANSWERS | {"what_happened": f"{KIT}, and nobody came."},
        "exercise_version_id": thing.more["version_id"],
        "occurred_at": now().isoformat(),
        "zone": "Europe/Berlin",
        # Kit has a guardian: without a word it would be the therapist's alone.
        "answers_visible": "shared",
    }
    return Ask({"occurrence_id": thing.id}, body)


def _create(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask({"client_id": scene.people.kit}, _wanted(scene))


def _create_of_harbours(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask({"client_id": scene.people.kit}, _wanted(scene, exercise_id=thing.id))


def _create_for_goal(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask({"client_id": scene.people.kit}, _wanted(scene, goal_id=thing.id))


def _move(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    body = {"opens_at": "2191-03-01T08:00:00Z"}
    return Ask({"assignment_id": thing.id}, body, thing.version)


def _change(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    body = {"rationale": f"Because {KIT} asked twice."}
    return Ask({"assignment_id": thing.id}, body, thing.version)


def _withdraw(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask({"assignment_id": thing.id}, version=thing.version)


def _review(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    body = {"number": 1, "comment": f"Thank you, {KIT}.", "team_comment": AMONG_US}
    return Ask({"submission_id": thing.id}, body, thing.version)


def decline(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    body = {"reason": "not_ready", "words": WHY_NOT}
    return Ask({"assignment_id": thing.id}, body, thing.version)


_ROWS_ALONE: Final = {"rows": PER_EPISODE}
_TEAM: Final = ("treating", "co_therapist", "supervisor", "break_glass", "owner_break_glass")

ROWS: Final = (
    Row("create_assignment", contents_written(), _create, writes=True, alone=_ROWS_ALONE),
    Row(
        "create_assignment",
        contents_written(),
        _create_of_harbours,
        exercise,
        writes=True,
        alone=_ROWS_ALONE,
    ),
    Row(
        "create_assignment",
        contents_written(),
        _create_for_goal,
        agreed,
        writes=True,
        alone=_ROWS_ALONE,
    ),
    Row(
        "list_assignments",
        contents_read(other_episode="absent"),
        kits("?limit=100"),
        proposed,
        alone=_ROWS_ALONE,
    ),
    Row("get_assignment", contents_read(), at("assignment_id"), proposed, alone=_ROWS_ALONE),
    Row(
        "update_assignment",
        contents_written(),
        _change,
        proposed,
        writes=True,
        alone=_ROWS_ALONE,
    ),
    Row("update_assignment", contents_written(), _move, ahead, writes=True, alone=_ROWS_ALONE),
    Row(
        "withdraw_assignment",
        contents_written(),
        _withdraw,
        proposed,
        writes=True,
        alone=_ROWS_ALONE,
    ),
    Row(
        "list_submissions",
        contents_read(other_episode="absent"),
        kits("?limit=100"),
        sent,
        alone=_ROWS_ALONE,
    ),
    Row(
        "list_caseload_submissions",
        contents_read("absent", owner="absent"),
        bare,
        sent,
        alone=_ROWS_ALONE,
    ),
    Row(
        "get_submission",
        contents_read(),
        at("submission_id"),
        sent,
        alone=_ROWS_ALONE,
    ),
    Row(
        "review_submission",
        contents_written(),
        _review,
        sent,
        writes=True,
        alone=_ROWS_ALONE,
    ),
    Row(
        "review_submission",
        # A second time: nothing changes for Thea, and a colleague is told that it was done.
        contents_written(co_therapist="409 homework.reviewed"),
        _review,
        discussed,
        writes=True,
        alone=_ROWS_ALONE,
    ),
    *(
        Row(operation, contents_read(), at("submission_id"), told_thea, alone=_ROWS_ALONE)
        for operation in ("get_submission", "list_submission_versions")
    ),
    Row(
        "get_submission",
        contents_read(),
        at("submission_id"),
        summarised,
        alone=_ROWS_ALONE,
        hides=dict.fromkeys(_TEAM, UNSHARED),
    ),
    Row(
        "list_submission_versions",
        contents_read(),
        at("submission_id"),
        summarised_by_id,
        alone=_ROWS_ALONE,
        hides=dict.fromkeys(_TEAM, UNSHARED),
    ),
)
