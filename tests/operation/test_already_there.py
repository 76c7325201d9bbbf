"""What the database holds already, under a key that only one may have, is never called busy."""

import asyncio
from typing import Any

import orjson
import pytest
from starlette.requests import Request
from starlette.responses import Response

from app.access.permissions import Permission
from app.accounts.models import SignIn, User
from app.core.clock import now
from app.core.ids import SYSTEM, new_id
from app.jobs.delivering import drain
from app.operation.frame import Framed, Working
from app.operation.house import House
from app.operation.marks import may, public
from tests.cast import Cast
from tests.jobs.conftest import Mails
from tests.post import accept, address, invite, secret


@may(Permission.me)
async def sign_in_again(work: Working) -> Response:
    """Store the caller's own sign-in once more."""
    await work.add(SignIn, id=work.actor.sign_in_id, user_id=work.actor.user_id,
                   practice_id=work.practice_id, kind="staff", expires_at=now())  # fmt: skip
    return Response()


@public()
async def join_again(work: Working) -> Response:
    """Store a login that is there."""
    async with work.visit(login=b"\x05".hex()):
        for _ in range(2):
            await work.add(User, id=new_id(), email_hash=b"\x05", words={})
    return Response()


@pytest.mark.parametrize("endpoint", [sign_in_again, join_again])
async def test_unique_violation_that_repeats_is_a_conflict_and_logged(
    harbour: Cast, endpoint: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    route = Framed("/v1/again", endpoint, methods=["POST"])
    request = Request(
        {
            "type": "http", "method": "POST", "path": "/v1/again", "query_string": b"",
            "headers": [(b"authorization", f"Bearer {harbour.thea.token}".encode())],
            "app": harbour.clients.app, "path_params": {}, "scheme": "http",
            "server": ("praxis.test", 80), "praxis.request_id": SYSTEM, "praxis.peer": "here",
        },
        receive=_nothing,
    )  # fmt: skip
    answer = await route.frame(request)
    code = orjson.loads(answer.body)["code"]
    assert (answer.status_code, code) == (409, "service.already_there")
    assert "UniqueViolationError" in capsys.readouterr().out


async def _nothing() -> dict[str, Any]:
    return {"type": "http.request", "body": b"", "more_body": False}


async def test_two_invitations_of_one_new_address_accepted_at_once_both_join(
    harbour: Cast, lakeside: Cast, worker: House, mails: Mails
) -> None:
    email = address()
    for cast in (harbour, lakeside):
        await invite(cast, "staff", email)
    await drain(worker)
    tokens = [secret(one) for one in mails(email)]
    answers = await asyncio.gather(*(accept(harbour, one, name="Una Berg") for one in tokens))
    assert [one.status_code for one in answers] == [200, 200]
