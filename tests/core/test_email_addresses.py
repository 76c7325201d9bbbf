"""Addresses: what mail can be sent to, and every place that takes one."""

import subprocess
import sys

import httpx
import pytest

from app.core.email_addresses import lookup_form, parse
from tests.cast import Cast
from tests.clients.making import take_in
from tests.post import PASSWORD, address, client_login

NO_ADDRESSES = [
    "x@[.y", "a@b.c>", "a,b@c.d", "a b@c.de", "<a@b.de>", "a@b", "a..b@c.de", "a@b.de\nBcc: x@y.de",
    "\u00e4@b.de", "a@1.2.3.4", "a@b_c.de", "@b.de", "",
]  # fmt: skip


@pytest.mark.parametrize("text", NO_ADDRESSES)
def test_parse_of_what_is_no_address_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(ValueError, match=r"^this is not an e-mail address") as refused:
        parse(text)
    assert not text or text not in str(refused.value)


@pytest.mark.parametrize(
    ("typed", "sent_to"),
    [
        (" A.b+x@Example.ORG ", "A.b+x@example.org"),
        ("a@b\u00fccher.example", "a@xn--bcher-kva.example"),
        ("desk@clinic.local", "desk@clinic.local"),
        ("o'neill@example.org", "o'neill@example.org"),
    ],
)
def test_parse_of_an_address_is_its_form_on_the_way(typed: str, sent_to: str) -> None:
    assert parse(typed) == sent_to


def test_lookup_form_of_an_address_from_before_is_itself() -> None:
    assert lookup_form(" a,b@c.d ") == "a,b@c.d"


def test_import_of_the_schemas_leaves_the_library_for_later() -> None:
    said = "import sys, app.practices.schemas; print('email_validator' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


async def _invite(cast: Cast, value: str) -> httpx.Response:
    asked = {"email": value, "roles": ["assistant"]}
    return await cast.ana.http.post("/v1/members", json=asked)


async def _take_in(cast: Cast, value: str) -> httpx.Response:
    return await take_in(cast.thea, contact_points=[{"kind": "email", "value": value}])


async def _invite_client(cast: Cast, value: str) -> httpx.Response:
    url = f"/v1/clients/{cast.client_ids['cleo']}/invitation"
    return await cast.thea.http.post(url, json={"email": value})


async def _keep(cast: Cast, value: str) -> httpx.Response:
    body = {"contact_points": [{"kind": "email", "value": value}]}
    version = (await cast.cleo.http.get("/v1/me/profile")).headers["etag"]
    return await cast.cleo.http.patch("/v1/me/profile", json=body, headers={"If-Match": version})


async def _complain(cast: Cast, value: str) -> httpx.Response:
    version = (await cast.ana.http.get("/v1/practice")).headers["etag"]
    body = {"policies": {"outside_complaint_address": value}}
    return await cast.ana.http.patch("/v1/practice", json=body, headers={"If-Match": version})


@pytest.mark.parametrize("asking", [_invite, _take_in, _invite_client, _keep, _complain])
async def test_every_place_refuses_what_mail_cannot_be_sent_to(
    harbour: Cast, asking: object
) -> None:
    for value in ("x@[.y", "a@b.c>", "a,b@c.d"):
        answer: httpx.Response = await asking(harbour, value)  # type: ignore[operator]
        assert answer.status_code == 422, answer.text
        assert value not in answer.text


async def test_sign_in_with_spaces_around_the_address_is_let_in(harbour: Cast) -> None:
    email = address()
    await client_login(harbour, email)
    http = harbour.clients.new()
    asked = {"email": f"  {email}\u00a0", "password": PASSWORD}
    answer = await http.post("/v1/auth/sign-in", json=asked)
    assert answer.status_code == 200, answer.text


async def test_an_invitation_with_spaces_around_the_address_goes_to_the_address(
    harbour: Cast,
) -> None:
    assert (await _invite(harbour, "  New@example.org ")).status_code == 202
    first = (await harbour.ana.http.get("/v1/members")).json()["items"][0]
    assert first["email"] == "New@example.org"
