"""Setting a new password with a mailed secret, and the mails that warn."""

import asyncio

from app.accounts import password_resets
from app.accounts.models import Reset, User
from app.accounts.signing_in import email_hash
from app.accounts.throttling import TRIES_BEFORE_WAIT
from app.core.clock import now
from app.core.ids import SYSTEM, new_id
from app.jobs.delivering import drain, handle
from app.jobs.registry import Event
from app.operation.house import House
from tests.cast import Cast
from tests.jobs.conftest import Mails
from tests.post import (
    ANOTHER,
    PASSWORD,
    address,
    bearer,
    client_login,
    secret,
    sign_in,
    text,
)


async def ask(cast: Cast, email: str) -> int:
    http = cast.clients.new()
    return (await http.post("/v1/auth/password-reset", json={"email": email})).status_code


async def reset(cast: Cast, token: str, password: str = ANOTHER) -> int:
    http = cast.clients.new()
    asked = {"token": token, "password": password}
    return (await http.post("/v1/auth/password-reset/confirm", json=asked)).status_code


async def test_a_new_password_is_set_with_the_mailed_secret(
    harbour: Cast, worker: House, mails: Mails
) -> None:
    email = address()
    await client_login(harbour, email)
    assert await ask(harbour, email) == 202
    await drain(worker)
    assert await reset(harbour, secret(mails(email)[0])) == 204
    assert (await sign_in(harbour, email, PASSWORD)).status_code == 401
    assert (await sign_in(harbour, email, ANOTHER)).status_code == 200


async def test_a_new_password_ends_every_sign_in(
    harbour: Cast, worker: House, mails: Mails
) -> None:
    email = address()
    await client_login(harbour, email)
    before = [await sign_in(harbour, email, PASSWORD) for _ in range(2)]
    await ask(harbour, email)
    await drain(worker)
    await reset(harbour, secret(mails(email)[0]))
    for one in before:
        http = harbour.clients.new(**bearer(one))
        assert (await http.get("/v1/auth/me")).status_code == 401


async def test_the_mailed_secret_works_once(harbour: Cast, worker: House, mails: Mails) -> None:
    email = address()
    await client_login(harbour, email)
    await ask(harbour, email)
    await drain(worker)
    token = secret(mails(email)[0])
    assert (await reset(harbour, token), await reset(harbour, token)) == (204, 404)


async def test_password_resets_several_secrets_live_and_all_die_when_one_is_used(
    harbour: Cast, worker: House, mails: Mails
) -> None:
    email = address()
    await client_login(harbour, email)
    for _ in range(2):
        await ask(harbour, email)
        await drain(worker)
    first, second = (secret(one) for one in mails(email))
    assert (await reset(harbour, first), await reset(harbour, second)) == (204, 404)


async def test_password_resets_asked_for_by_strangers_leave_the_person_a_way_in(
    harbour: Cast, worker: House, mails: Mails
) -> None:
    email = address()
    await client_login(harbour, email)
    assert [await ask(harbour, email) for _ in range(12)] == [202] * 12
    await drain(worker)
    assert len(mails(email)) == password_resets.MOST_LIVE
    assert await ask(harbour, f" {email.upper()} ") == 202
    assert await reset(harbour, secret(mails(email)[0])) == 204


async def test_password_resets_ten_jobs_at_once_mail_the_most_and_none_is_stopped(
    harbour: Cast, worker: House, mails: Mails
) -> None:
    email = address()
    await client_login(harbour, email)
    work, transaction = harbour.job()
    ids = [new_id() for _ in range(10)]
    async with transaction:
        await work.introduce(capacity="visitor")
        for one in ids:
            await work.add(Reset, id=one, email_hash=email_hash(work, email))
    events = [Event(SYSTEM, new_id(), "accounts.reset_requested", one, None) for one in ids]
    await asyncio.gather(*(handle(worker, one) for one in events))
    tokens = [secret(one) for one in mails(email)]
    assert len(tokens) == password_resets.MOST_LIVE
    answers = await asyncio.gather(*(reset(harbour, one) for one in tokens))
    assert sorted(answers) == [204, 404, 404]


async def test_password_resets_let_in_whom_strangers_guesses_kept_out(
    harbour: Cast, worker: House, mails: Mails
) -> None:
    email = address()
    await client_login(harbour, email)
    for _ in range(TRIES_BEFORE_WAIT + 1):
        await sign_in(harbour, email, "a wrong guess at it")
    assert (await sign_in(harbour, email, PASSWORD)).status_code == 429
    await ask(harbour, email)
    await drain(worker)
    await reset(harbour, secret(mails(email)[0]))
    assert (await sign_in(harbour, email, ANOTHER)).status_code == 200


async def test_a_poor_password_is_refused_and_the_secret_lives(
    harbour: Cast, worker: House, mails: Mails
) -> None:
    email = address()
    await client_login(harbour, email)
    await ask(harbour, email)
    await drain(worker)
    token = secret(mails(email)[0])
    assert (await reset(harbour, token, "short"), await reset(harbour, token)) == (422, 204)


async def test_an_address_without_a_login_gets_nothing_and_the_same_answer(
    harbour: Cast, worker: House, mails: Mails
) -> None:
    email = address()
    assert await ask(harbour, email) == 202
    await drain(worker)
    assert mails(email) == []


async def test_a_closed_login_gets_nothing(harbour: Cast, worker: House, mails: Mails) -> None:
    email = address()
    user_id = await client_login(harbour, email)
    work, transaction = harbour.job()
    async with transaction:
        await work.alter(User, user_id, deactivated_at=now())
    await ask(harbour, email)
    await drain(worker)
    assert mails(email) == []


async def test_the_person_hears_of_a_new_password(
    harbour: Cast, worker: House, mails: Mails
) -> None:
    email = address()
    await client_login(harbour, email)
    await ask(harbour, email)
    await drain(worker)
    await reset(harbour, secret(mails(email)[0]))
    await drain(worker)
    assert mails(email)[-1]["Subject"] == "Your password for Praxis was changed"


async def test_the_person_hears_of_a_token_used_twice(
    harbour: Cast, worker: House, mails: Mails
) -> None:
    email = address()
    await client_login(harbour, email)
    tokens = [(await sign_in(harbour, email, PASSWORD)).json()["refresh_token"]]
    http = harbour.clients.new()
    for _ in range(2):
        answer = await http.post("/v1/auth/refresh", json={"refresh_token": tokens[-1]})
        tokens.append(answer.json()["refresh_token"])
    await http.post("/v1/auth/refresh", json={"refresh_token": tokens[0]})
    await drain(worker)
    assert "used twice" in text(mails(email)[-1])


async def test_a_mail_for_nobody_is_no_mail(harbour: Cast, worker: House) -> None:
    await drain(worker)
    work, transaction = harbour.job()
    async with transaction:
        work.tell("accounts.password_changed", new_id())
    kept = len(list(worker.settings.mail_folder.glob("*")))
    await drain(worker)
    assert len(list(worker.settings.mail_folder.glob("*"))) == kept
