"""Clients in the matrix: Kit, as staff, Kit and Greta see Kit's file."""

from typing import Any, Final

from app.clients.models import ExternalRef
from app.core.ids import new_id
from tests.house.matrix_people import FOCUS, KIT, NEXT_DOOR, Caller
from tests.house.matrix_profiles import (
    CARE,
    ROLE,
    directory_read,
    directory_written,
    my_door,
    practice_read,
)
from tests.house.matrix_rows import PER_EPISODE, Row, bare, kits
from tests.house.matrix_scene import Ask, Scene, Thing, now_for_each
from tests.post import invite

CHOSEN: Final = "Marigold"
"""Kit's name for themself, which they have not let guardians know."""
ANOTHER_VERSION: Final = 1_000_000


async def _version(scene: Scene, client_id: str) -> int:
    found = await scene.admin.fetchval("select version from clients where id = $1", client_id)
    return int(found)


async def mark(scene: Scene) -> None:
    """Kit's names, address and chosen name."""
    people = scene.people
    body = {
        "legal_name": f"Kit {KIT.title()} {KIT}",
        "birth_date": "2012-02-03",
        "contact_points": [{"kind": "email", "value": f"kit@{KIT}.example", "may_email": True}],
    }
    version = await _version(scene, people.kit)
    await scene.do("treating", "update_client", Ask({"client_id": people.kit}, body, version))
    work, transaction = people.harbour.job()
    async with transaction:
        await work.add(
            ExternalRef,
            id=new_id(),
            client_id=people.kit,
            system="diary",
            value_hash=KIT.encode(),
            value=KIT,
        )
    mine = {"preferred_name": CHOSEN}
    version = await _version(scene, people.kit)
    await scene.do("client", "update_my_profile", Ask(body=mine, version=version))


@now_for_each
async def kit(scene: Scene, caller: Caller) -> Thing:
    """Kit."""
    return Thing(scene.people.kit, await _version(scene, scene.people.kit))


@now_for_each
async def themself(scene: Scene, caller: Caller) -> Thing:
    """Whoever calls: Kit's version is Kit's alone to know, the others name one that is not."""
    client_id = scene.people.kit
    mine = caller.name == "client" or caller.kind != "client"
    return Thing(client_id, await _version(scene, client_id) if mine else ANOTHER_VERSION)


@now_for_each
async def acted_for(scene: Scene, caller: Caller) -> Thing:
    """Kit, as one of those a caller acts for; shown by id."""
    return Thing(scene.people.kit, shows=scene.people.kit)


async def without_a_login(scene: Scene, caller: Caller) -> Thing:
    """Another client of Thea's, who has not joined yet."""
    points = [{"kind": "email", "value": f"{KIT}@example.org", "may_email": True}]
    ask = Ask(body={"legal_name": f"Wren {KIT}", "contact_points": points})
    made = await scene.do("treating", "create_client", ask)
    scene.secrets.discard(made["id"])
    scene.nearby.add(made["id"])
    return Thing(made["id"], made["version"])


def _new(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    body: dict[str, Any] = {"legal_name": "Rowan Somebody"}
    if "therapist" not in caller.roles:
        people = scene.people
        nearby = people.lakeside if caller.name.startswith("next_") else people.harbour
        body["primary_therapist_id"] = nearby.theo.user_id
    return Ask(body=body)


def _change(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask({"client_id": thing.id}, {"pronouns": "they"}, thing.version)


def _refer(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    kept = {"system": "diary", "value": KIT}
    new = {"system": "billing", "value": f"{KIT}-{thing.version}"}
    return Ask({"client_id": thing.id}, {"external_refs": [kept, new]}, thing.version)


def _invite(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask({"client_id": thing.id})


async def invited_wren(scene: Scene, caller: Caller) -> Thing:
    """An invitation of another client of Thea's, who has not joined yet."""
    wren = await without_a_login(scene, caller)
    await scene.do("treating", "invite_client", Ask({"client_id": wren.id}))
    return await _invitation_of(scene, wren.id)


@now_for_each
async def invited_kit(scene: Scene, caller: Caller) -> Thing:
    """An invitation that Kit was sent before Kit had joined, and did not use."""
    if not await scene.admin.fetchval(_SENT, scene.people.kit):
        cast = scene.people.harbour
        await invite(cast, "client", f"kit@{KIT}.example", client_id=scene.people.kit)
    return await _invitation_of(scene, scene.people.kit)


_SENT: Final = "select count(*) from invitations where client_id = $1 and kind = 'client'"


async def _invitation_of(scene: Scene, client_id: str) -> Thing:
    found = await scene.admin.fetchrow(
        "select id::text, version from invitations where client_id = $1 and kind = 'client'"
        " order by id desc limit 1",
        client_id,
    )
    return Thing(found["id"], found["version"])


def _confirm(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    body = {"email": f"kit@{KIT}.example"}
    return Ask({"client_id": thing.id}, body, thing.version)


def _withdraw(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask({"invitation_id": thing.id}, version=thing.version)


def _change_mine(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask(body={"pronouns": "they"}, version=thing.version)


_OTHERS_THEMSELVES: Final = dict.fromkeys(("sibling", "colleagues_client", "next_client"), "412")
"""They reach their own file, and do not name the version it has."""
_GUARDIANS: Final = dict.fromkeys(
    (
        "guardian",
        "guardian_unnamed",
        "guardian_without_scope",
        "guardian_suspended",
        "next_guardian",
    ),
    ROLE,
)

_JOINED: Final = dict.fromkeys(
    ("treating", "co_therapist", "other_episode", "owner", "owner_break_glass", "assistant"),
    "409 clients.has_login",
)
"""Kit has joined: whoever may invite is told so."""
_OWN_ROWS: Final = dict.fromkeys(
    ("guardian", "guardian_unnamed"), "a login's own rows are its own in every practice"
)
_WITHOUT_CONTENTS: Final = dict.fromkeys(("owner", "assistant", "other_episode"), FOCUS)
"""They know Kit, and not what the care is about."""

ROWS: Final = (
    Row("create_client", practice_read(), _new, writes=True),
    Row("list_clients", directory_read("absent"), lambda *_: Ask(query="?limit=100"), kit),
    Row("list_clients", directory_read("absent"), lambda *_: Ask(query="?sort=name"), kit),
    Row(
        "get_client",
        directory_read(),
        kits(),
        kit,
        hides=_WITHOUT_CONTENTS,
        alone={"rows": PER_EPISODE},
    ),
    Row("update_client", directory_written(), _change, kit, writes=True),
    Row("update_client", directory_written(), _refer, kit, writes=True),
    Row(
        "invite_client",
        # Wren has nobody but Thea: no second therapist, no broken glass, and no bar.
        directory_written(
            co_therapist="404", break_glass="404", other_episode="404", owner_barred="ok"
        ),
        _invite,
        without_a_login,
        writes=True,
    ),
    Row("invite_client", directory_written(**_JOINED), _invite, kit, writes=True),
    Row(
        "confirm_client_address",
        directory_written(owner=CARE, owner_break_glass=CARE, assistant=ROLE, next_assistant=ROLE),
        _confirm,
        kit,
        writes=True,
    ),
    Row(
        "list_invitations",
        directory_read("absent"),
        lambda scene, *_: Ask(query=f"?client_id={scene.people.kit}"),
        invited_kit,
    ),
    Row(
        "withdraw_invitation",
        # As of Wren's invitation above.
        directory_written(
            co_therapist="404", break_glass="404", other_episode="404", owner_barred="ok"
        ),
        _withdraw,
        invited_wren,
        writes=True,
    ),
    Row(
        "get_my_profile",
        my_door("absent", guardian_suspended="404"),
        bare,
        kit,
        hides={"guardian": CHOSEN},
    ),
    Row(
        "update_my_profile",
        my_door("404", **_OTHERS_THEMSELVES, **_GUARDIANS),
        _change_mine,
        themself,
        writes=True,
    ),
    Row(
        "list_my_acting_for",
        # A guardian is told whom they stand for, and that it is suspended; and nothing else.
        my_door(
            "absent",
            guardian_unnamed="ok",
            guardian_without_scope="ok",
            guardian_suspended="ok",
        ),
        bare,
        acted_for,
        hides={"guardian": NEXT_DOOR, "guardian_unnamed": NEXT_DOOR},
        alone={"rows": _OWN_ROWS},
    ),
)
