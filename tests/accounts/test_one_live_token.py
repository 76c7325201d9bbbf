"""A sign-in has one live refresh token, however it came by it."""

from datetime import timedelta

import httpx
import pytest
import time_machine

from app.core.clock import now
from tests.accounts.test_staying_http import both as both
from tests.accounts.test_staying_http import nell as nell
from tests.accounts.test_staying_http import place, post, refresh
from tests.cast import Cast
from tests.post import PASSWORD, sign_in

LATER = timedelta(minutes=10)


async def test_who_was_first_to_refresh_gives_way_to_who_asked_again(
    harbour: Cast, nell: httpx.Response
) -> None:
    first = await refresh(harbour, nell)
    again = await refresh(harbour, nell)
    with time_machine.travel(now() + LATER):
        answer = await refresh(harbour, first)
        after = await refresh(harbour, again)
    assert answer.json()["code"] == "accounts.reused"
    assert after.json()["code"] == "accounts.over"


async def test_moving_to_another_place_leaves_no_token_behind(harbour: Cast, both: str) -> None:
    client = await sign_in(harbour, both, PASSWORD, context=place(harbour, "client"))
    staff = await post(harbour, client, "context", context=place(harbour, "staff"))
    assert staff.status_code == 200, staff.text
    with time_machine.travel(now() + timedelta(hours=9)):
        answer = await refresh(harbour, client)
    assert answer.json()["code"] == "accounts.reused"


async def test_stepping_up_leaves_no_token_behind(harbour: Cast, nell: httpx.Response) -> None:
    await post(harbour, nell, "step-up", password=PASSWORD)
    with time_machine.travel(now() + LATER):
        answer = await refresh(harbour, nell)
    assert answer.json()["code"] == "accounts.reused"


async def test_a_lost_answer_to_stepping_up_is_forgiven(
    harbour: Cast, nell: httpx.Response
) -> None:
    await post(harbour, nell, "step-up", password=PASSWORD)
    assert (await refresh(harbour, nell)).status_code == 200


@pytest.mark.parametrize("seconds", [0, 60])
async def test_a_token_whose_successor_was_used_is_over_at_once(
    harbour: Cast, nell: httpx.Response, seconds: int
) -> None:
    stepped = await post(harbour, nell, "step-up", password=PASSWORD)
    await refresh(harbour, stepped)
    with time_machine.travel(now() + timedelta(seconds=seconds)):
        answer = await refresh(harbour, nell)
    assert answer.json()["code"] == "accounts.reused"
