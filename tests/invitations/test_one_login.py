"""A login is a second client of a practice only where both files are of one person."""

from typing import Any

import pytest

from app.jobs.delivering import drain
from app.operation.house import House
from tests.cast import Cast
from tests.invitations.scenes import BIRTH, invite, joined, taken_in
from tests.jobs.conftest import Mails
from tests.post import PASSWORD, accept, address, bearer, secret, sign_in
from tests.post import invite as invited_as


async def second(cast: Cast, worker: House, mails: Mails, email: str, **file: Any) -> Any:
    """The answer of whoever has the login of Nora's first file, invited to a second one."""
    await joined(cast, worker, mails, await taken_in(cast.thea, email), email)
    client_id = await taken_in(cast.theo, email, **file)
    await invite(cast.theo, client_id)
    await drain(worker)
    return client_id, await accept(
        cast, secret(mails(email)[-1]), birth_date=file.get("birth_date", BIRTH)
    )


async def test_returning_client_joins_with_the_login_there_is_and_reads_both_files(
    harbour: Cast, worker: House, mails: Mails
) -> None:
    email = address()
    client_id, answer = await second(harbour, worker, mails, email, legal_name="nora  EXAMPLE")
    assert answer.status_code == 200, answer.text
    assert answer.json()["context"]["client_id"] == client_id
    listed = (await sign_in(harbour, email, PASSWORD)).json()["contexts"]
    newest, oldest = (one["client_id"] for one in listed)
    place = {"kind": "client", "practice_id": harbour.practice_id}
    usual = await sign_in(harbour, email, PASSWORD, context=place)
    earlier = await sign_in(harbour, email, PASSWORD, context=place | {"client_id": oldest})
    assert (newest, usual.json()["context"]["client_id"]) == (client_id, client_id)
    assert earlier.json()["context"]["client_id"] == oldest
    http = harbour.clients.new(**bearer(usual))
    moved = await http.post("/v1/auth/context", json={"context": place | {"client_id": oldest}})
    assert moved.json()["context"]["client_id"] == oldest


@pytest.mark.parametrize(
    "file",
    [
        {"legal_name": "Nils Example"},
        {"birth_date": "1990-05-02"},
        {"birth_date": None},
    ],
)
async def test_someone_else_at_the_same_address_is_asked_to_have_another(
    harbour: Cast, worker: House, mails: Mails, file: dict[str, Any]
) -> None:
    _, answer = await second(harbour, worker, mails, address(), **file)
    assert (answer.status_code, answer.json()["code"]) == (409, "accounts.other_address")


async def test_guardian_of_a_client_is_that_once(
    harbour: Cast, worker: House, mails: Mails
) -> None:

    email, kit = address(), harbour.client_ids["kit"]
    answers = []
    for _ in range(2):
        await invited_as(harbour, "guardian", email, client_id=kit, scopes=["goals"])
        await drain(worker)
        answers.append(await accept(harbour, secret(mails(email)[-1])))
    assert [one.status_code for one in answers] == [200, 409]
    assert answers[1].json()["code"] == "accounts.already_here"
