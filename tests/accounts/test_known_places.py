"""Strangers who guess at a password do not lock its person out."""

import httpx

from app.accounts.throttling import TRIES_BEFORE_WAIT
from tests.cast import Cast
from tests.contract import Checked
from tests.post import PASSWORD, address, client_login, sign_in

STRANGER = ("203.0.113.9", 4000)


async def guess(cast: Cast, email: str, times: int) -> list[int]:
    transport = Checked(cast.clients.app, client=STRANGER)
    async with httpx.AsyncClient(transport=transport, base_url="http://praxis.test") as http:
        asked = {"email": email, "password": "a wrong guess at it"}
        return [(await http.post("/v1/auth/sign-in", json=asked)).status_code for _ in range(times)]


async def test_a_known_place_signs_in_while_strangers_wait(harbour: Cast) -> None:
    email = address()
    await client_login(harbour, email)
    assert (await sign_in(harbour, email, PASSWORD)).status_code == 200
    said = await guess(harbour, email, TRIES_BEFORE_WAIT + 2)
    assert said[-1] == 429
    assert (await sign_in(harbour, email, PASSWORD)).status_code == 200


async def test_a_place_nobody_signed_in_from_waits_with_the_strangers(harbour: Cast) -> None:
    email = address()
    await client_login(harbour, email)
    await guess(harbour, email, TRIES_BEFORE_WAIT + 1)
    assert (await sign_in(harbour, email, PASSWORD)).status_code == 429


async def test_a_known_place_is_counted_too(harbour: Cast) -> None:
    email = address()
    await client_login(harbour, email)
    await sign_in(harbour, email, PASSWORD)
    for _ in range(TRIES_BEFORE_WAIT):
        await sign_in(harbour, email, "a wrong guess at it")
    assert (await sign_in(harbour, email, PASSWORD)).status_code == 429
