"""Guesses behind a token or the right password: counted, kept, and told to the person."""

from typing import Any

import httpx
import pytest

from app.accounts.guesses import TOLD_AFTER
from app.accounts.throttling import TRIES_BEFORE_WAIT
from app.jobs.delivering import drain
from app.operation.house import House
from tests.cast import Cast
from tests.jobs.conftest import Admin, Mails
from tests.post import (
    ANOTHER,
    PASSWORD,
    Factor,
    address,
    bearer,
    client_login,
    enrolled,
    sign_in,
    staff_login,
)

WRONG = "no code at all"


class Signed:
    """Someone who is staff and client in Harbour, signed in twice as a client."""

    def __init__(self, cast: Cast, email: str, factor: Factor) -> None:
        self.cast, self.email, self.factor = cast, email, factor
        self.place = {"kind": "client", "practice_id": cast.practice_id}
        self.http: httpx.AsyncClient

    async def sign_in(self, code: str) -> httpx.AsyncClient:
        asked = {"context": self.place, "otp": code}
        return self.cast.clients.new(
            **bearer(await sign_in(self.cast, self.email, PASSWORD, **asked))
        )


@pytest.fixture
async def una(harbour: Cast) -> Signed:
    email = address()
    await staff_login(harbour, email, user_id=await client_login(harbour, email))
    place = {"kind": "client", "practice_id": harbour.practice_id}
    made = Signed(harbour, email, await enrolled(harbour, email, context=place))
    made.http = await made.sign_in(made.factor.codes[0])
    return made


def guess(operation: str, una: Signed, code: str = WRONG, password: str = PASSWORD) -> Any:
    if operation == "step-up":
        return {"password": password, "otp": code}
    staff = {"kind": "staff", "practice_id": una.cast.practice_id}
    return {"context": staff, "otp": code}


async def kept(admin: Admin, operation: str, practice_id: str) -> int:
    return int(
        await admin.fetchval(
            "select count(*) from audit_events where operation = $1 and outcome = 'refused'"
            " and practice_id = $2 and about = 'account'",
            operation,
            practice_id,
        )
    )


@pytest.mark.parametrize(
    "body", [{"password": PASSWORD, "otp": WRONG}, {"password": ANOTHER, "otp": WRONG}]
)
async def test_step_up_guessed_at_waits_is_audited_and_the_person_is_told_once(
    una: Signed, harbour: Cast, worker: House, mails: Mails, admin: Admin, body: dict[str, str]
) -> None:
    answers = [await una.http.post("/v1/auth/step-up", json=body) for _ in range(12)]
    right = body | {"password": PASSWORD, "otp": una.factor.codes[1]}
    answers.append(await una.http.post("/v1/auth/step-up", json=right))
    assert [one.status_code for one in answers] == [401] * TRIES_BEFORE_WAIT + [429] * 3
    assert 0 < int(answers[-1].headers["retry-after"]) <= 901
    assert await kept(admin, "step_up", harbour.practice_id) == TRIES_BEFORE_WAIT
    await drain(worker)
    told = [one["Subject"] for one in mails(una.email)]
    assert told == ["Someone tried wrong codes for your login on Praxis"]


async def test_step_up_guessed_at_with_one_sign_in_is_open_to_another(una: Signed) -> None:
    for _ in range(TRIES_BEFORE_WAIT + 1):
        await una.http.post("/v1/auth/step-up", json=guess("step-up", una))
    other = await una.sign_in(una.factor.codes[1])
    answer = await other.post("/v1/auth/step-up", json=guess("step-up", una, una.factor.codes[2]))
    assert answer.status_code == 200, answer.text


async def test_step_up_with_the_right_code_forgets_the_wrong_ones(una: Signed) -> None:
    for _ in range(TRIES_BEFORE_WAIT - 1):
        await una.http.post("/v1/auth/step-up", json=guess("step-up", una))
    for code in una.factor.codes[1:3]:
        answer = await una.http.post("/v1/auth/step-up", json=guess("step-up", una, code))
        assert answer.status_code == 200, answer.text


async def test_switch_context_guessed_at_waits(harbour: Cast, admin: Admin) -> None:
    email = address()
    user_id = await client_login(harbour, email)
    http = harbour.clients.new(**bearer(await sign_in(harbour, email, PASSWORD)))
    await enrolled(harbour, email)
    await staff_login(harbour, email, user_id=user_id)
    asked = {"context": {"kind": "staff", "practice_id": harbour.practice_id}, "otp": WRONG}
    answers = [(await http.post("/v1/auth/context", json=asked)).status_code for _ in range(11)]
    assert answers == [401] * TRIES_BEFORE_WAIT + [429]
    assert await kept(admin, "switch_context", harbour.practice_id) == TRIES_BEFORE_WAIT


async def test_confirm_guessed_at_waits(harbour: Cast, admin: Admin) -> None:
    email = address()
    await staff_login(harbour, email)
    http = harbour.clients.new(**bearer(await sign_in(harbour, email, PASSWORD)))
    await http.post("/v1/auth/second-factor")
    url = "/v1/auth/second-factor/confirm"
    answers = [(await http.post(url, json={"otp": WRONG})).status_code for _ in range(11)]
    assert answers == [401] * TRIES_BEFORE_WAIT + [429]
    assert await kept(admin, "confirm_second_factor", harbour.practice_id) == TRIES_BEFORE_WAIT


async def test_sign_in_with_the_password_and_wrong_codes_is_told_to_the_person(
    una: Signed, worker: House, mails: Mails
) -> None:
    await drain(worker)
    for _ in range(TOLD_AFTER - 1):
        await sign_in(una.cast, una.email, PASSWORD, otp=WRONG)
    await drain(worker)
    assert mails(una.email) == []
    await sign_in(una.cast, una.email, PASSWORD, otp=WRONG)
    await drain(worker)
    assert len(mails(una.email)) == 1
