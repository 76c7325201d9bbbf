"""Invitations: mailed by the worker, and what the mailed secret opens."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from app.core import clock
from app.core.clock import now
from app.core.zones import local_day
from app.jobs.delivering import drain
from app.operation.house import House
from tests.cast import Cast
from tests.jobs.conftest import Admin, Mails
from tests.post import (
    ANOTHER,
    PASSWORD,
    accept,
    address,
    bearer,
    invite,
    invite_again,
    login,
    preview,
    secret,
    sign_in,
    text,
)

Invited = Callable[..., Awaitable[str]]
BIRTH = "1990-05-01"


@pytest.fixture
def invited(harbour: Cast, worker: House, mails: Mails) -> Invited:
    """Invites an address into Harbour; the secret that arrived there."""

    async def go(kind: str, email: str, **more: Any) -> str:
        await invite(harbour, kind, email, **more)
        await drain(worker)
        return secret(mails(email)[-1])

    return go


@pytest.fixture
async def new_client(harbour: Cast) -> str:
    """A client of Thea's without a login."""
    work, transaction = harbour.job()
    async with transaction:
        return await harbour.add_client(work, "nell", harbour.thea)


@pytest.fixture
async def known(harbour: Cast) -> str:
    """The address of someone who has a login, and the usual password."""
    email = address()
    await login(harbour, email)
    return email


def birth_hash(cast: Cast) -> bytes:
    return cast.house.keyring.blind(cast.practice_id, "birth", BIRTH)


async def test_the_mail_has_the_link_and_the_practice(
    harbour: Cast, invited: Invited, mails: Mails
) -> None:
    email = address()
    token = await invited("staff", email)
    (mail,) = mails(email)
    assert mail["Subject"] == "An invitation from Harbour"
    assert f"http://127.0.0.1:8000/join#token={token}\n" in text(mail)


async def test_only_the_owner_of_the_files_reads_kept_mails(
    harbour: Cast, invited: Invited
) -> None:
    await invited("staff", address())
    folder = harbour.house.settings.mail_folder
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {one.stat().st_mode & 0o777 for one in folder.iterdir()} == {0o600}


async def test_the_secret_shows_what_it_is_for(harbour: Cast, invited: Invited) -> None:
    answer = await preview(harbour, await invited("staff", address()))
    assert answer.json() == {
        "kind": "staff", "practice_name": "Harbour", "asks_birth_date": False, "asks_name": True,
    }  # fmt: skip


async def test_someone_new_joins_the_staff(harbour: Cast, invited: Invited) -> None:
    email = address()
    joined = await accept(harbour, await invited("staff", email), name="Una Berg")
    assert joined.status_code == 200, joined.text
    assert joined.json()["context"]["roles"] == ["therapist"]
    assert joined.json()["context"]["enrolling"] is True
    assert (await sign_in(harbour, email, PASSWORD)).status_code == 200


async def test_a_secret_works_once(harbour: Cast, invited: Invited) -> None:
    token = await invited("staff", address())
    await accept(harbour, token, name="Una Berg")
    again = await accept(harbour, token, name="Una Berg")
    assert (again.status_code, again.json()["code"]) == (404, "accounts.secret_over")


async def test_of_many_at_once_one_joins(harbour: Cast, invited: Invited) -> None:
    token = await invited("staff", address())
    answers = await asyncio.gather(*(accept(harbour, token, name="Una Berg") for _ in range(6)))
    assert sorted(one.status_code for one in answers) == [200, 404, 404, 404, 404, 404]


async def test_staff_are_asked_for_a_name(harbour: Cast, invited: Invited) -> None:
    answer = await accept(harbour, await invited("staff", address()))
    assert (answer.status_code, answer.json()["code"]) == (422, "accounts.name")


async def test_a_poor_password_is_refused_and_the_secret_lives(
    harbour: Cast, invited: Invited
) -> None:
    token = await invited("staff", address())
    poor = await accept(harbour, token, "short", name="Una Berg")
    assert (poor.status_code, poor.json()["errors"][0]["pointer"]) == (422, "/password")
    assert (await accept(harbour, token, name="Una Berg")).status_code == 200


async def test_someone_with_a_login_joins_with_its_password(
    harbour: Cast, invited: Invited, known: str
) -> None:
    joined = await accept(harbour, await invited("staff", known), PASSWORD, name="Una Berg")
    assert joined.status_code == 200, joined.text


async def test_someone_with_a_login_does_not_choose_another_password(
    harbour: Cast, invited: Invited, known: str
) -> None:
    answer = await accept(harbour, await invited("staff", known), ANOTHER, name="Una Berg")
    assert (answer.status_code, answer.json()["code"]) == (401, "accounts.credentials")


async def test_a_client_joins_with_the_birth_date_on_file(
    harbour: Cast, invited: Invited, new_client: str
) -> None:
    token = await invited("client", address(), client_id=new_client, birth_hash=birth_hash(harbour))
    assert (await preview(harbour, token)).json()["asks_birth_date"] is True
    joined = await accept(harbour, token, birth_date=BIRTH)
    assert joined.json()["context"]["client_id"] == new_client
    me = await harbour.clients.new(**bearer(joined)).get("/v1/auth/me")
    assert "my-homework:read" in me.json()["permissions"]


async def test_a_wrong_birth_date_is_refused(
    harbour: Cast, invited: Invited, new_client: str
) -> None:
    token = await invited("client", address(), client_id=new_client, birth_hash=birth_hash(harbour))
    answer = await accept(harbour, token, birth_date="1990-05-02")
    assert (answer.status_code, answer.json()["code"]) == (422, "accounts.birth_date")
    assert (await accept(harbour, token, birth_date=BIRTH)).status_code == 200


async def test_five_wrong_birth_dates_end_the_secret(
    harbour: Cast, invited: Invited, new_client: str
) -> None:
    token = await invited("client", address(), client_id=new_client, birth_hash=birth_hash(harbour))
    tries = [accept(harbour, token, birth_date=f"1980-01-0{day}") for day in range(1, 9)]
    answers = [one.status_code for one in await asyncio.gather(*tries)]
    assert sorted(answers) == [404, 404, 404, 422, 422, 422, 422, 422]
    assert (await accept(harbour, token, birth_date=BIRTH)).status_code == 404


async def test_a_client_has_one_login(harbour: Cast, invited: Invited) -> None:
    token = await invited("client", address(), client_id=harbour.client_ids["cleo"])
    answer = await accept(harbour, token)
    assert (answer.status_code, answer.json()["code"]) == (409, "accounts.already_here")


async def test_a_guardian_joins_within_the_scopes_given(harbour: Cast, invited: Invited) -> None:
    kit = harbour.client_ids["kit"]
    token = await invited("guardian", address(), client_id=kit, scopes=["goals"])
    joined = await accept(harbour, token)
    assert joined.json()["context"]["kind"] == "guardian"
    http = harbour.clients.new(**bearer(joined), **{"Acting-For": kit})
    assert (await http.get("/v1/me/goals")).status_code == 200


async def test_a_guardian_may_act_on_the_day_they_join_wherever_the_client_lives(
    harbour: Cast, invited: Invited, admin: Admin
) -> None:
    kit, night = harbour.client_ids["kit"], now().replace(hour=3)
    token = await invited("guardian", address(), client_id=kit, scopes=["goals"])
    with clock.at(night):
        assert (await accept(harbour, token)).is_success
    joined_on = await admin.fetchval(
        "select starts_on from guardians where client_id = $1 order by starts_on desc limit 1", kit
    )
    assert joined_on == local_day(night, "Etc/GMT+12")


async def test_inviting_again_ends_the_secret_before(
    harbour: Cast, worker: House, mails: Mails
) -> None:
    email = address()
    invitation_id = await invite(harbour, "staff", email)
    await drain(worker)
    await invite_again(harbour, worker, invitation_id)
    first, second = (secret(one) for one in mails(email))
    assert (await preview(harbour, first)).status_code == 404
    assert (await preview(harbour, second)).status_code == 200


async def test_an_accepted_invitation_is_not_mailed_again(
    harbour: Cast, worker: House, mails: Mails
) -> None:
    email = address()
    invitation_id = await invite(harbour, "staff", email)
    await drain(worker)
    await accept(harbour, secret(mails(email)[0]), name="Una Berg")
    await invite_again(harbour, worker, invitation_id)
    assert len(mails(email)) == 1


async def test_an_unknown_secret_opens_nothing(harbour: Cast) -> None:
    assert (await preview(harbour, "x" * 43)).status_code == 404


async def test_a_client_taken_in_and_invited_twice_joins_by_the_second_mail(
    harbour: Cast, worker: House, mails: Mails
) -> None:
    email = address()
    made = await harbour.thea.http.post(
        "/v1/clients",
        json={
            "legal_name": "Nora Example",
            "birth_date": BIRTH,
            "contact_points": [{"kind": "email", "value": email, "may_email": True}],
        },
    )
    for _ in range(2):
        await harbour.thea.http.post(f"/v1/clients/{made.json()['id']}/invitation")
        await drain(worker)
    first, second = (secret(one) for one in mails(email))
    assert "Nora" not in mails(email)[1].as_string()
    assert (await accept(harbour, first, birth_date=BIRTH)).status_code == 404
    assert (await accept(harbour, second, birth_date=BIRTH)).status_code == 200


async def test_a_member_invited_over_http_joins_in_the_roles_given(
    harbour: Cast, worker: House, mails: Mails
) -> None:
    email = address()
    asked = {"email": email, "roles": ["assistant", "therapist"]}
    sent = await harbour.ana.http.post("/v1/members", json=asked)
    assert sent.status_code == 202, sent.text
    await drain(worker)
    joined = await accept(harbour, secret(mails(email)[0]), name="Una Berg")
    assert joined.json()["context"]["roles"] == ["assistant", "therapist"]
