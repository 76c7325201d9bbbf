"""One click in a mail stops reminders by mail, and nothing else."""

import re
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from uuid import UUID

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import NotFound
from app.core.ids import new_id
from app.jobs.delivering import do_chore, drain
from app.operation.house import House
from app.reminders import stopping
from tests.cast import Cast
from tests.jobs.conftest import Mails
from tests.jobs.test_mail import Server, listening
from tests.post import text
from tests.reminders.choosing import URL, by_mail, choose, daily
from tests.reminders.test_sending import due, go_round

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def link(cast: Cast, client: str = "cleo") -> str:
    token = stopping.token(cast.house, cast.practice_id, cast.client_ids[client])
    return f"/v1/unsubscribe/{token}"


async def click(cast: Cast, url: str) -> httpx.Response:
    return await cast.clients.new().post(url, data=ONE_CLICK)


async def channel(cast: Cast) -> str:
    return str((await cast.cleo.http.get(URL)).json()["channel"])


async def test_one_click_stops_them(harbour: Cast, worker: House, mails: Mails) -> None:
    email = await by_mail(harbour)
    await due(harbour)
    await go_round(worker)
    (url,) = re.findall(r"^http.*(/v1/unsubscribe/\S+)$", text(mails(email)[0]), re.MULTILINE)
    assert (await click(harbour, url)).status_code == 200
    assert await channel(harbour) == "none"
    await due(harbour)
    await go_round(worker)
    assert len(mails(email)) == 1


async def test_mail_programs_read_the_header_as_it_is(harbour: Cast, worker: House) -> None:
    await by_mail(harbour)
    await due(harbour)
    await do_chore(worker, "send_reminders")
    server = Server()
    async with listening(server) as settings:
        public = {"public_url": "https://praxis.a-rather-long-name-of-a-practice.example"}
        await drain(replace(worker, settings=settings.model_copy(update=public)))
    received = (one.original_content or b"" for one in server.got)
    raw = next(one for one in received if b"List-Unsubscribe" in one)
    wanted = f"<{public['public_url']}{link(harbour)}>"
    assert f"\r\nList-Unsubscribe: {wanted}\r\n".encode() in raw
    read = message_from_bytes(raw, policy=default)
    assert read["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


async def test_opening_the_link_stops_nothing_and_tells_nothing(harbour: Cast) -> None:
    await by_mail(harbour)
    http = harbour.clients.new()
    real, made_up = (await http.get(link(harbour))), await http.get(f"/v1/unsubscribe/{'A' * 64}")
    assert (real.status_code, real.content) == (200, made_up.content)
    assert "form-action 'self'" in real.headers["content-security-policy"]
    assert await channel(harbour) == "email"


async def test_once_more_changes_nothing(harbour: Cast) -> None:
    await by_mail(harbour)
    for _ in range(2):
        assert (await click(harbour, link(harbour))).status_code == 200
    assert (await harbour.cleo.http.get(URL)).json()["version"] == 3


async def test_what_the_app_reminds_of_stays(harbour: Cast) -> None:
    await by_mail(harbour)
    mailed = await daily(harbour)
    single = {"assignment_id": mailed["id"], "channel": "email"}
    await choose(harbour.cleo, channel="app", assignments=[single])
    await click(harbour, link(harbour))
    shown = (await harbour.cleo.http.get(URL)).json()
    assert (shown["channel"], shown["assignments"][0]["channel"]) == ("app", "none")


async def test_the_rest_of_the_choice_is_kept(harbour: Cast) -> None:
    await by_mail(harbour, at="18:30", digest=True)
    await click(harbour, link(harbour))
    shown = (await harbour.cleo.http.get(URL)).json()
    assert (shown["at"], shown["digest"]) == ("18:30", True)


async def test_who_never_chose_loses_nothing(harbour: Cast) -> None:
    assert (await click(harbour, link(harbour))).status_code == 200
    assert (await harbour.cleo.http.get(URL)).json()["version"] == 1


async def test_one_link_stops_one_clients(harbour: Cast, lakeside: Cast) -> None:
    for cast in (harbour, lakeside):
        await by_mail(cast)
    await click(harbour, link(harbour))
    await click(harbour, link(harbour, "carl"))
    assert (await channel(harbour), await channel(lakeside)) == ("none", "email")


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "application/json"])
async def test_the_forms_mail_programs_send_are_taken(harbour: Cast, kind: str) -> None:
    headers = {"Content-Type": kind}
    answer = await harbour.clients.new().post(link(harbour), content=b"--x--", headers=headers)
    assert answer.status_code == (415 if kind.endswith("json") else 200)


async def test_no_body_at_all_will_do(harbour: Cast) -> None:
    assert (await harbour.clients.new().post(link(harbour))).status_code == 200


@pytest.mark.parametrize("token", ["A" * 64, "A" * 63, "!" * 64, "A" * 65])
async def test_a_link_that_was_not_made_here(harbour: Cast, token: str) -> None:
    answer = await click(harbour, f"/v1/unsubscribe/{token}")
    assert answer.status_code == (404 if token == "A" * 64 else 422)


@given(st.integers(0, 63), st.integers(1, 63))
def test_no_letter_of_a_token_can_be_another(house: House, place: int, other: int) -> None:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    token = stopping.token(house, new_id(), str(UUID(int=7)))
    changed = letters[(letters.index(token[place]) + other) % 64]
    with pytest.raises(NotFound):
        stopping._read(house, token[:place] + changed + token[place + 1 :])
