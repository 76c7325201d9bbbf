"""Homework in the matrix."""

from datetime import timedelta
from typing import Any, Final

from app.core.clock import now
from tests.homework.scenes import ANSWERS, EXERCISE
from tests.house.matrix_people import KIT, Caller
from tests.house.matrix_profiles import contents_read, contents_written, my_door
from tests.house.matrix_rows import PER_EPISODE, Row, at, bare, kits
from tests.house.matrix_scene import Ask, Scene, Thing

UNSHARED: Final = "cormorant"
AMONG_US: Final = "kittiwake"
WHY_NOT: Final = "guillemot"


def _wanted(scene: Scene, **more: Any) -> dict[str, Any]:
    return {
        "exercise_id": str(EXERCISE.id),
        "title": f"A page for {KIT}",
        "rationale": f"Because {KIT} asked.",
        "episode_id": scene.people.episode_id,
    } | more


async def _assigned(scene: Scene, **more: Any) -> Thing:
    ask = Ask({"client_id": scene.people.kit}, _wanted(scene, **more))
    made = await scene.do("treating", "create_assignment", ask)
    return Thing(made["id"], made["version"])


async def proposed(scene: Scene, caller: Caller) -> Thing:
    """Homework Kit has not answered."""
    return await _assigned(scene)


async def slot(scene: Scene, caller: Caller) -> Thing:
    """A slot that is open, of homework agreed in session."""
    assignment = await _assigned(scene, agreed=True)
    found = await scene.admin.fetchval(
        "select id::text from occurrences where assignment_id = $1", assignment.id
    )
    scene.secrets.add(found)
    return Thing(found, more={"key": await scene.next_key()})


async def sent(scene: Scene, caller: Caller) -> Thing:
    """What Kit sent, with answers, and not reviewed."""
    open_now = await slot(scene, caller)
    receipt = await scene.do("client", "submit_my_homework", _submit(scene, caller, open_now))
    return Thing(receipt["submission_id"])


async def summarised(scene: Scene, caller: Caller) -> Thing:
    """What Kit sent, with the answers kept from staff."""
    open_now = await slot(scene, caller)
    ask = _submit(scene, caller, open_now)
    answers = ANSWERS | {"what_happened": UNSHARED}
    body = ask.body | {"answers_visible": "summary_only", "answers": answers}
    receipt = await scene.do("client", "submit_my_homework", Ask(ask.path, body))
    return Thing(receipt["submission_id"])


async def discussed(scene: Scene, caller: Caller) -> Thing:
    """What Kit sent, reviewed, with a word among colleagues."""
    thing = await sent(scene, caller)
    await scene.do("treating", "review_submission", _review(scene, caller, thing))
    return thing


async def declined(scene: Scene, caller: Caller) -> Thing:
    """Homework Kit said no to, in words meant for Thea."""
    thing = await proposed(scene, caller)
    await scene.do("client", "decline_my_assignment", _decline(scene, caller, thing))
    return thing


def _submit(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    body = {
        "client_key": thing.more["key"],
        "outcome": "completed",
        "answers": ANSWERS | {"what_happened": f"{KIT}, and nobody came."},
        "exercise_version_id": str(EXERCISE.version.id),
        "occurred_at": now().isoformat(),
        "zone": "Europe/Berlin",
    }
    return Ask({"occurrence_id": thing.id}, body)


def _create(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask({"client_id": scene.people.kit}, _wanted(scene))


def _change(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    body = {"rationale": f"Because {KIT} asked twice."}
    return Ask({"assignment_id": thing.id}, body, thing.version)


def _withdraw(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask({"assignment_id": thing.id}, version=thing.version)


def _review(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    body = {"number": 1, "comment": f"Thank you, {KIT}.", "team_comment": AMONG_US}
    return Ask({"submission_id": thing.id}, body, thing.version)


def _accept(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask({"assignment_id": thing.id}, {"confidence": 6}, thing.version)


def _decline(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    body = {"reason": "not_ready", "words": WHY_NOT}
    return Ask({"assignment_id": thing.id}, body, thing.version)


def _days(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    here = now().date()
    around = timedelta(days=13)
    return Ask(query=f"?from={here - around}&to={here + around}&limit=100")


def _today(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask(query="?zone=Europe/Berlin")


_ROWS_ALONE: Final = {"rows": PER_EPISODE}
_TEAM: Final = ("treating", "supervisor", "break_glass", "owner_break_glass")
_KITS_SIDE: Final = ("client", "guardian")

ROWS: Final = (
    Row("create_assignment", contents_written(), _create, writes=True, alone=_ROWS_ALONE),
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
    Row("get_my_today", my_door("absent"), _today, proposed),
    Row("list_my_assignments", my_door("absent"), bare, proposed),
    Row("get_my_assignment", my_door("404"), at("assignment_id"), proposed),
    Row("accept_my_assignment", my_door("404"), _accept, proposed, writes=True),
    Row("decline_my_assignment", my_door("404"), _decline, proposed, writes=True),
    Row("list_my_occurrences", my_door("absent"), _days, slot),
    Row("get_my_occurrence", my_door("404"), at("occurrence_id"), slot),
    Row("submit_my_homework", my_door("404"), _submit, slot, writes=True),
    Row("get_my_submission", my_door("404"), at("submission_id"), sent),
    Row(
        "get_submission",
        contents_read(),
        at("submission_id"),
        summarised,
        alone=_ROWS_ALONE,
        hides=dict.fromkeys(_TEAM, UNSHARED),
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
