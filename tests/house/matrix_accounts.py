"""What everyone does for themselves, in the matrix: each cell with a sign-in of its own."""

from typing import Final

import pyotp

from app.accounts import signing_in
from app.accounts.models import SignIn
from app.core.clock import now
from tests.house.matrix_people import Caller
from tests.house.matrix_profiles import signed_in
from tests.house.matrix_rows import Row, bare
from tests.house.matrix_scene import Ask, Scene, Thing

PASSWORD: Final = "a password that everyone here has"


async def give_passwords(scene: Scene) -> None:
    """Everyone's password; and everyone has just proved again who they are."""
    hashed = await signing_in.hasher().hash(PASSWORD)
    await scene.admin.execute(
        "update users set password_hash = $2 where id = any($1::uuid[])", _users(scene), hashed
    )
    await scene.admin.execute(
        "update sign_ins set stepped_up_at = now() where user_id = any($1::uuid[])", _users(scene)
    )


async def own_sign_in(scene: Scene, caller: Caller) -> dict[str, str]:
    """A second sign-in of this caller, who has just stepped up, to be used up."""
    assert caller.person is not None
    people = scene.people
    cast = people.lakeside if caller.name.startswith("next_") else people.harbour
    enrolling = caller.kind == "enrolling"
    work, transaction = cast.job()
    async with transaction:
        person = await cast.sign_in(
            work,
            caller.person.user_id,
            caller.name,
            "staff" if enrolling else caller.kind,
            caller.roles,
            caller.person.client_id,
        )
        await work.alter(SignIn, person.sign_in_id, stepped_up_at=now())
        if enrolling:
            await work.alter(SignIn, person.sign_in_id, second_factor_at=None)
    token = person.token
    if enrolling:
        token = scene.house.tokens.issue(
            sub=person.user_id,
            sid=person.sign_in_id,
            practice=cast.practice_id,
            kind="enrolling",
            role="_".join(caller.roles),
        )
    return dict(caller.headers) | {"Authorization": f"Bearer {token}"}


async def mend(scene: Scene) -> None:
    """Undo what the callers did to their logins: factors set up, sign-ins ended."""
    held = {
        name: caller.person.sign_in_id
        for name, caller in scene.people.callers.items()
        if caller.person is not None and name != "signed_out"
    }
    await scene.admin.execute(
        "update sign_ins set ended_at = null where id = any($1::uuid[]) and ended_at is not null",
        list(held.values()),
    )
    await scene.admin.execute(
        "update users set second_factor = null, second_factor_at = null,"
        " second_factor_step = null where id = any($1::uuid[])"
        " and second_factor is not null",
        _users(scene),
    )


def _users(scene: Scene) -> list[str]:
    return [c.person.user_id for c in scene.people.callers.values() if c.person is not None]


async def begun(scene: Scene, caller: Caller) -> Thing:
    """A second factor this caller has begun to set up; what it shows is its secret."""
    if caller.person is None:
        return Thing("", more={"otp": "000000"})
    answer = await scene.ask("enrol_second_factor", Ask(), caller.headers)
    secret = answer.json().get("secret", pyotp.random_base32())
    return Thing("", more={"otp": pyotp.TOTP(secret).now()})


def _confirm(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask(body={"otp": thing.more["otp"]})


def _step_up(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    return Ask(body={"password": PASSWORD})


def _switch(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    kind = "staff" if caller.kind in ("enrolling", "") else caller.kind
    practice_id = caller.practice_id or scene.people.harbour.practice_id
    return Ask(body={"context": {"kind": kind, "practice_id": practice_id}})


ROWS: Final = (
    Row("get_me", signed_in(), bare, for_oneself=True),
    Row("sign_out", signed_in(), bare, for_oneself=True),
    Row("sign_out_everywhere", signed_in(), bare, for_oneself=True),
    Row("switch_context", signed_in(), _switch, for_oneself=True),
    Row("step_up", signed_in(), _step_up, for_oneself=True),
    Row("enrol_second_factor", signed_in(), bare, for_oneself=True),
    Row("confirm_second_factor", signed_in(), _confirm, begun, for_oneself=True),
)
