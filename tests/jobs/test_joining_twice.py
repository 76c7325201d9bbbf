"""Invitations to a login that is here already, and passwords guessed at this door."""

from app.access.grounds import ClientLogin, Guardian
from app.core.clock import now
from app.core.ids import new_id
from app.jobs.delivering import drain
from app.operation.house import House
from tests.cast import Cast
from tests.jobs.conftest import Mails
from tests.post import ANOTHER, PASSWORD, accept, address, invite, login, secret

GUARDIAN = {"relation": "parent", "basis": "consent", "scopes": ["profile"]}


async def someone(cast: Cast) -> tuple[str, str, str]:
    """The address and login of someone, and a client of Thea's without a login."""
    email = address()
    user_id = await login(cast, email)
    work, transaction = cast.job()
    async with transaction:
        return email, user_id, await cast.add_client(work, "nell", cast.thea)


async def test_a_guardian_does_not_become_the_client(
    harbour: Cast, worker: House, mails: Mails
) -> None:
    email, user_id, client_id = await someone(harbour)
    known = GUARDIAN | {"client_id": client_id, "user_id": user_id, "starts_on": now().date()}
    await harbour.write(Guardian, id=new_id(), **known)
    await invite(harbour, "client", email, client_id=client_id)
    await drain(worker)
    answer = await accept(harbour, secret(mails(email)[-1]))
    assert (answer.status_code, answer.json()["code"]) == (409, "accounts.other_side")


async def test_a_client_does_not_become_their_own_guardian(
    harbour: Cast, worker: House, mails: Mails
) -> None:
    email, user_id, client_id = await someone(harbour)
    await harbour.write(ClientLogin, client_id=client_id, user_id=user_id)
    await invite(harbour, "guardian", email, client_id=client_id, scopes=["profile"])
    await drain(worker)
    answer = await accept(harbour, secret(mails(email)[-1]))
    assert (answer.status_code, answer.json()["code"]) == (409, "accounts.other_side")


async def test_a_password_is_guessed_ten_times_at_this_door_too(
    harbour: Cast, worker: House, mails: Mails
) -> None:
    email, _, client_id = await someone(harbour)
    await invite(harbour, "client", email, client_id=client_id)
    await drain(worker)
    token = secret(mails(email)[-1])
    tries = [(await accept(harbour, token, ANOTHER)).status_code for _ in range(10)]
    answer = await accept(harbour, token, PASSWORD)
    assert tries == [401] * 10
    assert (answer.status_code, answer.json()["code"]) == (429, "accounts.throttled")
