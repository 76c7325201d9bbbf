"""Signing in over HTTP: password, second factor, throttles, and what a half-open door opens."""

import httpx
import pytest

from app.accounts.models import User
from app.core.clock import now
from tests.cast import Cast
from tests.contract import routes
from tests.post import (
    ANOTHER,
    PASSWORD,
    Factor,
    address,
    bearer,
    client_login,
    code_at,
    enrolled,
    sign_in,
    staff_login,
)


def said(answer: httpx.Response) -> tuple[int, object, object, object]:
    """What an answer tells its reader, its own number aside."""
    body = answer.json()
    return answer.status_code, body["code"], body["detail"], sorted(answer.headers)


@pytest.fixture
async def una(harbour: Cast) -> str:
    """The address of a therapist with a password and no second factor yet."""
    email = address()
    await staff_login(harbour, email)
    return email


@pytest.fixture
async def factor(harbour: Cast, una: str) -> Factor:
    """Una's second factor, set up."""
    return await enrolled(harbour, una)


async def test_me_says_who_and_what_one_may_do(harbour: Cast) -> None:
    answer = await harbour.thea.http.get("/v1/auth/me")
    assert answer.status_code == 200, answer.text
    assert answer.json()["context"]["practice_name"] == "Harbour"
    assert "homework:write" in answer.json()["permissions"]


async def test_nobody_is_told_to_sign_in(harbour: Cast) -> None:
    answer = await harbour.clients.new().get("/v1/auth/me")
    assert (answer.status_code, answer.json()["code"]) == (401, "access.token")


async def test_the_right_password_signs_in(harbour: Cast) -> None:
    email = address()
    await client_login(harbour, email)
    answer = await sign_in(harbour, email, PASSWORD)
    assert answer.status_code == 200, answer.text
    me = await harbour.clients.new(**bearer(answer)).get("/v1/auth/me")
    assert (me.json()["email"], me.json()["context"]["kind"]) == (email, "client")


async def test_an_address_may_be_spelled_otherwise(harbour: Cast) -> None:
    email = address()
    await client_login(harbour, email)
    assert (await sign_in(harbour, email.upper(), PASSWORD)).status_code == 200


async def test_a_wrong_password_and_an_unknown_address_answer_alike(harbour: Cast) -> None:
    email = address()
    await client_login(harbour, email)
    wrong = await sign_in(harbour, email, ANOTHER)
    unknown = await sign_in(harbour, address(), ANOTHER)
    assert said(wrong) == said(unknown)
    assert wrong.json()["code"] == "accounts.credentials"


async def test_a_closed_login_answers_like_an_unknown_one(harbour: Cast) -> None:
    email = address()
    user_id = await client_login(harbour, email)
    work, transaction = harbour.job()
    async with transaction:
        await work.alter(User, user_id, deactivated_at=now())
    closed = await sign_in(harbour, email, PASSWORD)
    assert said(closed) == said(await sign_in(harbour, address(), PASSWORD))


async def test_too_many_tries_have_to_wait(harbour: Cast) -> None:
    email = address()
    await client_login(harbour, email)
    tries = [(await sign_in(harbour, email, ANOTHER)).status_code for _ in range(10)]
    answer = await sign_in(harbour, email, PASSWORD)
    assert tries == [401] * 10
    assert (answer.status_code, answer.json()["code"]) == (429, "accounts.throttled")
    assert 0 < int(answer.headers["retry-after"]) <= 901


async def test_an_unknown_address_has_to_wait_too(harbour: Cast) -> None:
    email = address()
    answers = [(await sign_in(harbour, email, ANOTHER)).status_code for _ in range(11)]
    assert answers == [401] * 10 + [429]


async def test_the_right_password_forgets_the_tries_before(harbour: Cast) -> None:
    email = address()
    await client_login(harbour, email)
    for password in [ANOTHER] * 9 + [PASSWORD] + [ANOTHER] * 9:
        await sign_in(harbour, email, password)
    assert (await sign_in(harbour, email, PASSWORD)).status_code == 200


async def test_a_login_without_a_place_is_told_so(harbour: Cast, una: str) -> None:
    elsewhere = {"kind": "client", "practice_id": harbour.practice_id}
    answer = await sign_in(harbour, una, PASSWORD, context=elsewhere)
    assert (answer.status_code, answer.json()["code"]) == (403, "accounts.no_context")


async def test_a_second_factor_is_asked_for_once_set_up(
    harbour: Cast, una: str, factor: Factor
) -> None:
    assert factor.codes
    answer = await sign_in(harbour, una, PASSWORD)
    assert (answer.status_code, answer.json()["code"]) == (401, "accounts.second_factor_required")


async def test_the_second_factor_is_asked_for_after_the_password_only(
    harbour: Cast, una: str, factor: Factor
) -> None:
    answer = await sign_in(harbour, una, ANOTHER, otp=factor.next_code())
    assert answer.json()["code"] == "accounts.credentials"


async def test_a_code_signs_in_once(harbour: Cast, una: str, factor: Factor) -> None:
    code = factor.next_code()
    first = await sign_in(harbour, una, PASSWORD, otp=code)
    again = await sign_in(harbour, una, PASSWORD, otp=code)
    assert (first.status_code, first.json()["context"]["enrolling"]) == (200, False)
    assert (again.status_code, again.json()["code"]) == (401, "accounts.second_factor")


async def test_the_code_that_set_it_up_is_used_up(harbour: Cast, una: str, factor: Factor) -> None:
    answer = await sign_in(harbour, una, PASSWORD, otp=factor.first_code)
    assert answer.json()["code"] == "accounts.second_factor"


async def test_a_wrong_code_signs_nobody_in(harbour: Cast, una: str, factor: Factor) -> None:
    near = {code_at(factor.secret, step) for step in (-1, 0, 1, 2)}
    wrong = next(code for one in range(5) if (code := f"00000{one}") not in near)
    answer = await sign_in(harbour, una, PASSWORD, otp=wrong)
    assert (answer.status_code, answer.json()["code"]) == (401, "accounts.second_factor")


async def test_a_recovery_code_signs_in_once(harbour: Cast, una: str, factor: Factor) -> None:
    first = await sign_in(harbour, una, PASSWORD, otp=factor.codes[0])
    again = await sign_in(harbour, una, PASSWORD, otp=factor.codes[0])
    another = await sign_in(harbour, una, PASSWORD, otp=factor.codes[1].upper())
    assert [one.status_code for one in (first, again, another)] == [200, 401, 200]


async def test_staff_without_a_second_factor_are_half_in(harbour: Cast, una: str) -> None:
    answer = await sign_in(harbour, una, PASSWORD)
    http = harbour.clients.new(**bearer(answer))
    assert answer.json()["context"]["enrolling"] is True
    assert (await http.get("/v1/auth/me")).json()["permissions"] == [
        "me:use", "second-factor:manage",
    ]  # fmt: skip
    refused = await http.get("/v1/exercises")
    assert (refused.status_code, refused.json()["code"]) == (403, "access.enrolling")


async def test_being_half_in_opens_nothing_but_this_door(harbour: Cast, una: str) -> None:
    http = harbour.clients.new(**bearer(await sign_in(harbour, una, PASSWORD)))
    tried = [one for one in routes(harbour.clients.app) if not one.path.startswith("/v1/auth")]
    private = [one for one in tried if (one.openapi_extra or {}).get("security")]
    assert len(private) > 30
    for route in private:
        url = route.path_format.format_map(_AnyId())
        answer = await http.request(min(route.methods or {"GET"}), url, json={})
        assert answer.status_code == 403, (route.path, answer.text)


class _AnyId(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "01a20000-0000-7000-8000-000000000000"


async def test_clients_need_no_second_factor(harbour: Cast) -> None:
    email = address()
    await client_login(harbour, email)
    answer = await sign_in(harbour, email, PASSWORD)
    assert answer.json()["context"]["enrolling"] is False


async def test_confirming_opens_the_whole_door(harbour: Cast, una: str, factor: Factor) -> None:
    http = harbour.clients.new(Authorization=f"Bearer {factor.access_token}")
    me = (await http.get("/v1/auth/me")).json()
    assert (me["has_second_factor"], me["context"]["enrolling"]) == (True, False)
    assert "homework:write" in me["permissions"]
    assert len(set(factor.codes)) == 10


async def test_a_second_factor_is_set_up_once(harbour: Cast, una: str, factor: Factor) -> None:
    http = harbour.clients.new(Authorization=f"Bearer {factor.access_token}")
    answer = await http.post("/v1/auth/second-factor")
    assert (answer.status_code, answer.json()["code"]) == (409, "accounts.has_second_factor")


async def test_confirming_needs_a_beginning(harbour: Cast, una: str) -> None:
    http = harbour.clients.new(**bearer(await sign_in(harbour, una, PASSWORD)))
    answer = await http.post("/v1/auth/second-factor/confirm", json={"otp": "123456"})
    assert (answer.status_code, answer.json()["code"]) == (409, "accounts.no_enrolment")


async def test_a_wrong_code_confirms_nothing(harbour: Cast, una: str) -> None:
    http = harbour.clients.new(**bearer(await sign_in(harbour, una, PASSWORD)))
    await http.post("/v1/auth/second-factor")
    answer = await http.post("/v1/auth/second-factor/confirm", json={"otp": "not a code"})
    assert (answer.status_code, answer.json()["code"]) == (401, "accounts.second_factor")
    assert (await http.get("/v1/auth/me")).json()["has_second_factor"] is False
