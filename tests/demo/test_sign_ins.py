"""Whoever is shown as able to sign in can, with what is shown."""

from datetime import timedelta
from time import time

import pyotp
import pytest
import time_machine

from app.core.clock import now
from app.demo import SignIn
from tests.demo.conftest import Demo, Door

CAST = {
    "Harbour": ("ana", "thea", "theo", "sam", "abe", "cleo", "carl", "kit", "greta"),
    "Lakeside": ("olga", "lena", "lina"),
}


@pytest.mark.parametrize("practice", CAST)
def test_the_whole_cast_is_shown(demo: Demo, practice: str) -> None:
    shown = {one.email.partition("@")[0] for one in demo.sign_ins if one.practice == practice}
    assert set(CAST[practice]) <= shown


def test_staff_are_shown_with_a_secret_and_clients_without(demo: Demo) -> None:
    kinds = {one.role: one.secret is not None for one in demo.sign_ins if "theo@" not in one.email}
    assert all(kinds[role] for role in ("owner", "therapist", "assistant"))
    assert not any(secret for role, secret in kinds.items() if " of " in role)


async def test_everyone_comes_in(demo: Demo, door: Door) -> None:
    assert len(demo.sign_ins) > 15
    for one in demo.sign_ins:
        me = (await (await door(one.email, one.practice)).get("/v1/auth/me")).json()
        assert (me["email"], me["context"]["practice_name"]) == (one.email, one.practice)
        assert not me["context"]["enrolling"]
        assert _fits(one, me["context"]["kind"], me["context"]["roles"])


def _fits(one: SignIn, kind: str, roles: list[str]) -> bool:
    return ", ".join(roles) == one.role if kind == "staff" else one.role.startswith(kind)


async def test_a_code_is_wanted_from_staff(demo: Demo, door: Door) -> None:
    thea = next(one for one in demo.sign_ins if one.email.startswith("thea@"))
    answer = await door.sign_in(thea._replace(secret=None))
    assert (answer.status_code, answer.json()["code"]) == (401, "accounts.second_factor_required")


async def test_theo_is_a_therapist_here_and_a_client_there(demo: Demo, door: Door) -> None:
    theo = next(one for one in demo.sign_ins if one.email == "theo@harbour.example")
    assert theo.secret is not None
    asked = {"email": theo.email, "password": theo.password}
    # The codes of these minutes are used up by the tests before.
    with time_machine.travel(now() + timedelta(minutes=5)):
        asked["otp"] = pyotp.TOTP(theo.secret).at(time())
        answer = await door.clients.new().post("/v1/auth/sign-in", json=asked)
    assert answer.status_code == 409
    places = {(one["practice_name"], one["kind"]) for one in answer.json()["contexts"]}
    assert places == {("Harbour", "staff"), ("Lakeside", "client")}
