"""A practice and its staff in the matrix: Harbour's own things, which nobody next door sees."""

from typing import Final

from tests.house.matrix_people import HARBOUR, Caller
from tests.house.matrix_profiles import my_door, owners_only, practice_read
from tests.house.matrix_rows import Row, bare
from tests.house.matrix_scene import Ask, Scene, Thing, now_for_each


@now_for_each
async def practice(scene: Scene, caller: Caller) -> Thing:
    """The practice; who calls from next door knows the version of their own."""
    harbour = scene.people.harbour.practice_id
    version = await scene.admin.fetchval(
        "select version from practices where practice_id = $1", caller.practice_id or harbour
    )
    return Thing(harbour, version, HARBOUR)


async def colleague(scene: Scene, caller: Caller) -> Thing:
    """Someone on Harbour's staff; every reader finds them in the list."""
    return await _joined(scene, "therapist")


@now_for_each
async def theo(scene: Scene, caller: Caller) -> Thing:
    """Theo, whom a client of his own depends on."""
    user_id = scene.people.harbour.theo.user_id
    version = await scene.admin.fetchval(
        "select version from memberships where user_id = $1", user_id
    )
    return Thing(user_id, version, user_id)


async def owner(scene: Scene, caller: Caller) -> Thing:
    """Another owner of Harbour's."""
    return await _joined(scene, "owner")


async def _joined(scene: Scene, role: str) -> Thing:
    cast = scene.people.harbour
    work, transaction = cast.job()
    async with transaction:
        made = await cast.add_person(work, f"{HARBOUR}.ned", "staff", (role,))
    return Thing(made.user_id, 1, made.user_id)


async def mark(scene: Scene) -> None:
    """Where help is, in Harbour's own words."""
    crisis = [{"name": f"The {HARBOUR} line", "phone": "116 123"}]
    people = scene.people
    thing = await practice(scene, people.callers["owner"])
    ask = Ask(body={"crisis_resources": crisis}, version=thing.version)
    await scene.do("owner", "update_practice", ask)
    scene.secrets.discard(people.harbour.practice_id)


def _rename(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask(body={"policies": {"after_care_days": 300}}, version=thing.version)


def _invite(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask(body={"email": "una@example.org", "roles": ["therapist"]})


def _describe(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask({"user_id": thing.id}, {"title": "Dr"}, thing.version)


def _give_roles(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask({"user_id": thing.id}, {"roles": ["assistant"]}, thing.version)


def _suspend(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask({"user_id": thing.id}, version=thing.version)


_AT_THE_CLIENT_DOOR: Final = dict.fromkeys(
    (
        "sibling",
        "colleagues_client",
        "guardian_unnamed",
        "guardian_without_scope",
        "guardian_suspended",
    ),
    "ok",
)
"""Help is for whoever is at the door, and asks nothing."""

_REFUSED: Final = dict.fromkeys(
    ("owner", "owner_break_glass", "owner_barred"), "409 members.still_treats"
)

ROWS: Final = (
    Row("get_practice", practice_read(), bare, practice),
    Row("update_practice", owners_only(), _rename, practice, writes=True),
    Row("invite_member", owners_only(), _invite, writes=True),
    Row("list_members", practice_read(), lambda *_: Ask(query="?limit=100"), colleague),
    Row("update_member", owners_only("404"), _describe, colleague, writes=True),
    Row("update_member", owners_only("404"), _give_roles, colleague, writes=True),
    Row("update_member", owners_only("404", **_REFUSED), _give_roles, theo, writes=True),
    Row("suspend_member", owners_only("404"), _suspend, colleague, writes=True),
    Row("suspend_member", owners_only("404"), _suspend, owner, writes=True),
    Row("get_my_help", my_door("absent", **_AT_THE_CLIENT_DOOR), bare, practice),
)
