"""After signing in: refreshing, leaving, changing place, and proving again who one is."""

from datetime import timedelta

import httpx
import pytest
import time_machine
from sqlalchemy import select

from app.access.actor import Actor
from app.accounts import staying
from app.accounts.models import SignIn
from app.core.clock import now
from app.core.errors import Forbidden
from app.core.ids import new_id
from app.core.statements import Query, p
from app.operation.work import Work
from tests.cast import Cast
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


@pytest.fixture
async def nell(harbour: Cast) -> httpx.Response:
    """Nell, a client, just signed in."""
    email = address()
    await client_login(harbour, email)
    return await sign_in(harbour, email, PASSWORD)


@pytest.fixture
async def both(harbour: Cast) -> str:
    """The address of someone who is therapist and client in Harbour."""
    email = address()
    await staff_login(harbour, email, user_id=await client_login(harbour, email))
    return email


async def refresh(cast: Cast, tokens: httpx.Response) -> httpx.Response:
    http = cast.clients.new()
    return await http.post(
        "/v1/auth/refresh", json={"refresh_token": tokens.json()["refresh_token"]}
    )


async def me(cast: Cast, tokens: httpx.Response) -> httpx.Response:
    return await cast.clients.new(**bearer(tokens)).get("/v1/auth/me")


async def post(cast: Cast, tokens: httpx.Response, path: str, **asked: object) -> httpx.Response:
    return await cast.clients.new(**bearer(tokens)).post(f"/v1/auth/{path}", json=asked)


EXPIRES = Query(select(SignIn.expires_at).where(SignIn.id == p("id")))


def place(cast: Cast, kind: str) -> dict[str, str]:
    return {"kind": kind, "practice_id": cast.practice_id}


async def test_a_refresh_token_gets_the_next_pair(harbour: Cast, nell: httpx.Response) -> None:
    answer = await refresh(harbour, nell)
    assert answer.status_code == 200, answer.text
    assert answer.json()["refresh_token"] != nell.json()["refresh_token"]
    assert (await me(harbour, answer)).status_code == 200


async def test_a_lost_answer_may_be_asked_for_again(harbour: Cast, nell: httpx.Response) -> None:
    await refresh(harbour, nell)
    again = await refresh(harbour, nell)
    assert again.status_code == 200
    assert (await refresh(harbour, again)).status_code == 200


async def test_a_token_whose_successor_was_used_ends_the_sign_in(
    harbour: Cast, nell: httpx.Response
) -> None:
    second = await refresh(harbour, nell)
    third = await refresh(harbour, second)
    reused = await refresh(harbour, nell)
    assert (reused.status_code, reused.json()["code"]) == (401, "accounts.reused")
    assert (await refresh(harbour, third)).json()["code"] == "accounts.over"
    assert (await me(harbour, third)).status_code == 401


async def test_a_lost_answer_is_forgiven_for_two_minutes(
    harbour: Cast, nell: httpx.Response
) -> None:
    second = await refresh(harbour, nell)
    with time_machine.travel(now() + timedelta(minutes=2, seconds=1)):
        reused = await refresh(harbour, nell)
    assert (reused.status_code, reused.json()["code"]) == (401, "accounts.reused")
    assert (await me(harbour, second)).status_code == 401


async def test_an_idle_sign_in_is_over(harbour: Cast, nell: httpx.Response) -> None:
    with time_machine.travel(now() + timedelta(days=61)):
        answer = await refresh(harbour, nell)
    assert (answer.status_code, answer.json()["code"]) == (401, "accounts.over")


async def test_staff_are_idle_sooner(harbour: Cast) -> None:
    email = address()
    await staff_login(harbour, email)
    tokens = await sign_in(harbour, email, PASSWORD)
    with time_machine.travel(now() + timedelta(hours=8, minutes=1)):
        answer = await refresh(harbour, tokens)
    assert answer.json()["code"] == "accounts.over"


async def test_an_unknown_refresh_token_is_over(harbour: Cast) -> None:
    http = harbour.clients.new()
    answer = await http.post("/v1/auth/refresh", json={"refresh_token": "x" * 43})
    assert (answer.status_code, answer.json()["code"]) == (401, "accounts.over")


async def test_signing_out_ends_the_token_at_once(harbour: Cast) -> None:
    assert (await harbour.cleo.http.post("/v1/auth/sign-out")).status_code == 204
    assert (await harbour.cleo.http.get("/v1/auth/me")).status_code == 401


async def test_signing_out_ends_the_refresh_token_too(harbour: Cast, nell: httpx.Response) -> None:
    await post(harbour, nell, "sign-out")
    assert (await refresh(harbour, nell)).status_code == 401


async def test_signing_out_leaves_the_other_device(harbour: Cast, both: str) -> None:
    here, there = [
        await sign_in(harbour, both, PASSWORD, context=place(harbour, "client")) for _ in range(2)
    ]
    await post(harbour, here, "sign-out")
    assert (await me(harbour, there)).status_code == 200


async def test_signing_out_everywhere_ends_every_device(harbour: Cast, both: str) -> None:
    tokens = [
        await sign_in(harbour, both, PASSWORD, context=place(harbour, kind))
        for kind in ("staff", "client")
    ]
    assert (await post(harbour, tokens[0], "sign-out-everywhere")).status_code == 204
    assert [(await me(harbour, one)).status_code for one in tokens] == [401, 401]
    assert [(await refresh(harbour, one)).status_code for one in tokens] == [401, 401]


async def test_several_places_are_listed_to_choose_from(harbour: Cast, both: str) -> None:
    answer = await sign_in(harbour, both, PASSWORD)
    assert (answer.status_code, answer.json()["code"]) == (409, "accounts.choose_context")
    assert {one["kind"] for one in answer.json()["contexts"]} == {"client", "staff"}
    assert {one["practice_name"] for one in answer.json()["contexts"]} == {"Harbour"}


async def test_places_are_listed_for_the_right_password_only(harbour: Cast, both: str) -> None:
    answer = await sign_in(harbour, both, ANOTHER)
    assert (answer.status_code, "contexts" in answer.json()) == (401, False)


async def test_places_are_listed_after_the_second_factor_and_the_code_is_good_for_the_choice(
    harbour: Cast, both: str
) -> None:
    factor = await enrolled(harbour, both, context=place(harbour, "client"))
    without = await sign_in(harbour, both, PASSWORD)
    code = factor.next_code()
    wrong = await sign_in(harbour, both, PASSWORD, otp=factor.first_code)
    asked = await sign_in(harbour, both, PASSWORD, otp=code)
    chosen = await sign_in(harbour, both, PASSWORD, otp=code, context=place(harbour, "staff"))
    assert [one.json().get("code") for one in (without, wrong, asked)] == [
        "accounts.second_factor_required", "accounts.second_factor", "accounts.choose_context",
    ]  # fmt: skip
    assert all("contexts" not in one.json() for one in (without, wrong))
    assert chosen.status_code == 200, chosen.text
    again = await sign_in(harbour, both, PASSWORD, otp=code, context=place(harbour, "staff"))
    assert again.json()["code"] == "accounts.second_factor"


async def test_places_in_two_practices_are_two(harbour: Cast, lakeside: Cast) -> None:
    email = address()
    user_id = await staff_login(harbour, email)
    await staff_login(lakeside, email, user_id=user_id)
    listed = (await sign_in(harbour, email, PASSWORD)).json()["contexts"]
    chosen = await sign_in(harbour, email, PASSWORD, context=place(lakeside, "staff"))
    assert [one["practice_name"] for one in listed] == ["Harbour", "Lakeside"]
    assert chosen.json()["context"]["practice_id"] == lakeside.practice_id


async def test_a_sign_in_moves_to_another_place(harbour: Cast, both: str) -> None:
    staff = await sign_in(harbour, both, PASSWORD, context=place(harbour, "staff"))
    client = await post(harbour, staff, "context", context=place(harbour, "client"))
    assert client.status_code == 200, client.text
    assert (await me(harbour, client)).json()["context"]["kind"] == "client"
    assert (await me(harbour, staff)).status_code == 401


async def test_a_sign_in_moves_to_another_practice(harbour: Cast, lakeside: Cast) -> None:
    email = address()
    user_id = await client_login(lakeside, email)
    await staff_login(harbour, email, user_id=user_id)
    staff = await sign_in(harbour, email, PASSWORD, context=place(harbour, "staff"))
    client = await post(harbour, staff, "context", context=place(lakeside, "client"))
    assert client.status_code == 200, client.text
    assert (await me(harbour, client)).json()["context"]["practice_name"] == "Lakeside"


async def test_a_move_is_kept_when_refreshing(harbour: Cast, both: str) -> None:
    client = await sign_in(harbour, both, PASSWORD, context=place(harbour, "client"))
    await post(harbour, client, "context", context=place(harbour, "staff"))
    answer = await refresh(harbour, client)
    assert answer.json()["context"]["kind"] == "staff"


async def test_nobody_moves_to_a_place_that_is_not_theirs(
    harbour: Cast, lakeside: Cast, nell: httpx.Response
) -> None:
    answer = await post(harbour, nell, "context", context=place(lakeside, "client"))
    assert (answer.status_code, answer.json()["code"]) == (403, "accounts.no_context")
    assert (await me(harbour, nell)).status_code == 200


async def test_moving_in_as_staff_asks_for_the_second_factor_of_the_login(
    harbour: Cast,
) -> None:
    email = address()
    user_id = await client_login(harbour, email)
    client = await sign_in(harbour, email, PASSWORD)
    factor = await enrolled(harbour, email)
    await staff_login(harbour, email, user_id=user_id)
    without = await post(harbour, client, "context", context=place(harbour, "staff"))
    given = {"context": place(harbour, "staff"), "otp": factor.next_code()}
    moved = await post(harbour, client, "context", **given)
    assert without.json()["code"] == "accounts.second_factor_required"
    assert moved.json()["context"]["enrolling"] is False


@pytest.fixture
async def member(harbour: Cast) -> tuple[httpx.Response, Factor]:
    """A client's sign-in, proved with the second factor, of someone who is also on the staff."""
    email = address()
    await staff_login(harbour, email, user_id=await client_login(harbour, email))
    factor = await enrolled(harbour, email, context=place(harbour, "client"))
    asked = {"context": place(harbour, "client"), "otp": factor.codes[0]}
    return await sign_in(harbour, email, PASSWORD, **asked), factor


async def test_switch_context_to_staff_long_after_the_code_asks_for_another(
    harbour: Cast, member: tuple[httpx.Response, Factor]
) -> None:
    client, factor = member
    asked = {"context": place(harbour, "staff")}
    with time_machine.travel(now() + timedelta(hours=8, minutes=1)):
        refreshed = await refresh(harbour, client)
        without = await post(harbour, refreshed, "context", **asked)
        moved = await post(harbour, refreshed, "context", **asked, otp=factor.codes[1])
    assert (without.status_code, without.json()["code"]) == (401, "accounts.second_factor_required")
    assert moved.json()["context"]["kind"] == "staff"


async def test_switch_context_to_staff_ends_when_staff_have_to_prove_themselves_again(
    harbour: Cast, member: tuple[httpx.Response, Factor]
) -> None:
    staff = await post(harbour, member[0], "context", context=place(harbour, "staff"))
    assert staff.status_code == 200, staff.text
    with time_machine.travel(now() + timedelta(hours=7)):
        staff = await refresh(harbour, staff)
        again = await post(harbour, staff, "context", context=place(harbour, "staff"))
        assert again.status_code == 200, again.text
        sign_in_id = harbour.house.tokens.read(again.json()["access_token"]).sid
    work, transaction = harbour.job()
    async with transaction:
        kept = await work.row(EXPIRES, id=sign_in_id)
    assert kept is not None
    assert kept["expires_at"] < now() + timedelta(days=7)


async def test_switch_context_of_a_stolen_client_token_sets_up_no_second_factor(
    harbour: Cast,
) -> None:
    email = address()
    await staff_login(harbour, email, user_id=await client_login(harbour, email))
    stolen = await sign_in(harbour, email, PASSWORD, context=place(harbour, "client"))
    with time_machine.travel(now() + timedelta(minutes=6)):
        half_in = await post(harbour, stolen, "context", context=place(harbour, "staff"))
        answer = await post(harbour, half_in, "second-factor")
    assert half_in.json()["context"]["enrolling"] is True
    assert (answer.status_code, answer.json()["code"]) == (403, "accounts.step_up")


async def demand(cast: Cast, tokens: httpx.Response) -> None:
    claims = cast.house.tokens.read(tokens.json()["access_token"])
    actor = Actor(claims.sub, claims.sid, claims.practice, claims.kind, claims.role, claims.client)
    work = Work(cast.house, operation="test", request_id=new_id(), actor=actor)
    async with work.opened(work.entry(None)):
        await staying.demand_step_up(work)


async def test_stepping_up_opens_the_careful_operations_for_five_minutes(
    harbour: Cast, nell: httpx.Response
) -> None:
    with pytest.raises(Forbidden, match=r"^accounts\.step_up$"):
        await demand(harbour, nell)
    stepped = await post(harbour, nell, "step-up", password=PASSWORD)
    assert stepped.status_code == 200, stepped.text
    await demand(harbour, stepped)
    with (
        time_machine.travel(now() + timedelta(minutes=5, seconds=1)),
        pytest.raises(Forbidden),
    ):
        await demand(harbour, stepped)


async def test_stepping_up_takes_the_right_password(harbour: Cast, nell: httpx.Response) -> None:
    answer = await post(harbour, nell, "step-up", password=ANOTHER)
    assert (answer.status_code, answer.json()["code"]) == (401, "accounts.credentials")
    with pytest.raises(Forbidden):
        await demand(harbour, nell)


async def test_stepping_up_takes_the_second_factor_where_there_is_one(harbour: Cast) -> None:
    email = address()
    await staff_login(harbour, email)
    factor = await enrolled(harbour, email)
    http = harbour.clients.new(Authorization=f"Bearer {factor.access_token}")
    asked = {"password": PASSWORD}
    without = await http.post("/v1/auth/step-up", json=asked)
    stepped = await http.post("/v1/auth/step-up", json=asked | {"otp": factor.next_code()})
    assert without.json()["code"] == "accounts.second_factor_required"
    assert (stepped.status_code, stepped.json()["context"]["enrolling"]) == (200, False)


async def test_second_factor_of_a_sign_in_from_before_asks_for_the_password_again(
    harbour: Cast, nell: httpx.Response
) -> None:
    with time_machine.travel(now() + timedelta(minutes=5, seconds=1)):
        refused = await post(harbour, nell, "second-factor")
        await post(harbour, nell, "step-up", password=PASSWORD)
        begun = await post(harbour, nell, "second-factor")
    assert (refused.status_code, refused.json()["code"]) == (403, "accounts.step_up")
    assert begun.status_code == 200, begun.text
