"""Episodes and care teams in the matrix: Kit's own are read, a newcomer's are changed."""

from typing import Any, Final

from tests.cast import Person
from tests.house.matrix_people import FOCUS, Caller
from tests.house.matrix_profiles import (
    ROLE,
    directory_read,
    directory_written,
    my_door,
    owners_only,
)
from tests.house.matrix_rows import PER_EPISODE, Row, at, bare, kits
from tests.house.matrix_scene import Ask, Scene, Thing, now_for_each

CO_THERAPIST: Final = "Co_Therapist of the test"
"""Treats Kit, and nobody else."""


async def newcomer(scene: Scene, caller: Caller) -> Thing:
    """Another client of Thea's, whose care may change without changing Kit's."""
    made = await scene.do("treating", "create_client", Ask(body={"legal_name": "Wren Newcomer"}))
    episode = made["episodes"][0]
    _no_secret(scene, made["id"], episode["id"])
    person = await _stand_in(scene)
    more = {"episode_id": episode["id"], "user_id": person.user_id}
    return Thing(made["id"], episode["version"], more=more)


async def _stand_in(scene: Scene) -> Person:
    """A therapist who asks for nothing in the matrix, and so may treat whomever it needs."""
    harbour = scene.people.harbour
    if "stand_in" not in harbour.people:
        work, transaction = harbour.job()
        async with transaction:
            await harbour.add_person(work, "stand_in", "staff", ("therapist",))
    return harbour.people["stand_in"]


async def shared(scene: Scene, caller: Caller) -> Thing:
    """A co-therapist's part in a newcomer's care."""
    thing = await newcomer(scene, caller)
    added = await scene.do("owner", "add_care_team_member", _add(scene, caller, thing))
    _no_secret(scene, added["id"])
    return Thing(added["id"])


def _no_secret(scene: Scene, *ids: str) -> None:
    scene.secrets.difference_update(ids)
    scene.nearby.update(ids)


@now_for_each
async def kits_episode(scene: Scene, caller: Caller) -> Thing:
    """The episode in which Thea treats Kit."""
    return Thing(scene.people.episode_id, shows=scene.people.kit)


@now_for_each
async def kits_team(scene: Scene, caller: Caller) -> Thing:
    """Everyone who treats Kit."""
    return Thing(scene.people.kit, shows=scene.people.kit)


@now_for_each
async def kits_co_therapist(scene: Scene, caller: Caller) -> Thing:
    """The co-therapist's part in Kit's care."""
    person = scene.people.callers["co_therapist"].person
    assert person is not None
    found = await scene.admin.fetchval(
        "select id from care_assignments where client_id = $1 and user_id = $2",
        scene.people.kit,
        person.user_id,
    )
    return Thing(str(found), shows=scene.people.kit)


@now_for_each
async def readers(scene: Scene, caller: Caller) -> Thing:
    """Who can read what is Kit's: the co-therapist is among them, and reads nobody else's."""
    return Thing(scene.people.kit, shows=CO_THERAPIST)


def _open(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    body: dict[str, Any] = {"focus": ["Another beginning"]}
    if "therapist" not in caller.roles:
        body["primary_therapist_id"] = thing.more["user_id"]
    return Ask({"client_id": thing.id}, body)


def _close(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask({"episode_id": thing.more["episode_id"]}, version=thing.version)


def _add(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    body = {"user_id": thing.more["user_id"], "part": "co"}
    return Ask({"episode_id": thing.more["episode_id"]}, body)


def _end(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask({"care_assignment_id": thing.id})


_THEAS_ALONE: Final = {
    "co_therapist": "404", "break_glass": "404", "other_episode": "404", "owner_barred": "ok",
}  # fmt: skip
"""The newcomer has nobody but Thea: no second therapist, no broken glass, and no bar."""
_DESKS: Final = {"assistant": ROLE, "next_assistant": ROLE}
_WITHOUT_CONTENTS: Final = dict.fromkeys(("owner", "assistant", "other_episode"), FOCUS)
_NO_SCOPE_NEEDED: Final = {"guardian_without_scope": "ok"}
"""Who may see a client's things, every guardian may know."""

ROWS: Final = (
    Row("open_episode", directory_written(**_THEAS_ALONE), _open, newcomer, writes=True),
    Row(
        "get_episode",
        directory_read(),
        at("episode_id"),
        kits_episode,
        hides=_WITHOUT_CONTENTS,
        alone={"rows": PER_EPISODE},
    ),
    Row(
        "close_episode",
        directory_written(**_THEAS_ALONE | _DESKS),
        _close,
        newcomer,
        writes=True,
    ),
    Row("list_care_team", directory_read(), kits("?limit=100"), kits_team),
    Row("get_care_team_member", directory_read(), at("care_assignment_id"), kits_co_therapist),
    Row("add_care_team_member", owners_only("404"), _add, newcomer, writes=True),
    Row("end_care_team_member", owners_only("404"), _end, shared, writes=True),
    Row("get_my_care_team", my_door("absent", **_NO_SCOPE_NEEDED), bare, readers),
)
