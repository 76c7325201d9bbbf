"""The front desk does not become the client: a clinician or the client says whose address it is."""

from app.jobs.delivering import drain
from app.operation.house import House
from tests.cast import Cast
from tests.invitations.scenes import (
    BIRTH,
    address_of,
    choose,
    confirm,
    desk,
    invite,
    joined,
    listed,
    put_on_file,
    states,
    taken_in,
    withdraw,
)
from tests.jobs.conftest import Mails
from tests.post import accept, address, bearer, preview, secret, text


async def test_invitation_to_an_own_address_of_the_desk_opens_nothing(
    harbour: Cast, worker: House, mails: Mails
) -> None:
    real, own = address(), address()
    client_id = await taken_in(harbour.thea, real)
    await put_on_file(harbour.abe, client_id, real, own)
    assert (await invite(harbour.abe, client_id, own)).status_code == 202
    await drain(worker)
    assert (mails(own), await states(harbour.thea, client_id)) == ([], ["to_confirm"])
    await put_on_file(harbour.abe, client_id, real)
    assert await states(harbour.thea, client_id) == ["withdrawn"]
    await invite(harbour.abe, client_id)
    await drain(worker)
    assert (len(mails(real)), mails(own)) == (1, [])


async def test_confirmed_address_is_written_to_and_the_therapist_hears_who_joined(
    harbour: Cast, worker: House, mails: Mails
) -> None:
    client_id, email = await desk(harbour)
    await invite(harbour.abe, client_id)
    await drain(worker)
    shown = (await harbour.thea.http.get(f"/v1/clients/{client_id}")).json()
    assert shown["unconfirmed_addresses"] == [email]
    confirmed = await confirm(harbour.thea, client_id, f" {email.upper()}")
    assert confirmed.json()["unconfirmed_addresses"] == []
    assert confirmed.json()["version"] == shown["version"]
    await drain(worker)
    told = len(mails(await address_of(harbour, harbour.thea)))
    answer = await accept(harbour, secret(mails(email)[0]), birth_date=BIRTH)
    assert answer.status_code == 200, answer.text
    await drain(worker)
    heard = mails(await address_of(harbour, harbour.thea))[told:]
    assert [one["Subject"] for one in heard] == ["Someone has joined Harbour on Praxis"]
    assert "Nora" not in heard[0].as_string()
    assert await states(harbour.thea, client_id) == ["accepted"]


async def test_confirm_again_changes_nothing_and_mails_nothing(
    harbour: Cast, worker: House, mails: Mails
) -> None:
    client_id, email = await desk(harbour)
    await invite(harbour.abe, client_id)
    await drain(worker)
    answers = [await confirm(harbour.thea, client_id, email, version) for version in (None, 99)]
    assert [one.status_code for one in answers] == [200, 200]
    await drain(worker)
    assert len(mails(email)) == 1


async def test_confirm_needs_the_version_in_which_the_address_was_seen(harbour: Cast) -> None:
    client_id, email = await desk(harbour)
    stale = await confirm(harbour.thea, client_id, email, 99)
    missing = await harbour.thea.http.post(
        f"/v1/clients/{client_id}/confirm-address", json={"email": email}
    )
    unknown = await confirm(harbour.thea, client_id, address())
    assert [one.status_code for one in (stale, missing, unknown)] == [412, 428, 422]
    assert unknown.json()["code"] == "clients.email_not_on_file"


async def test_confirm_is_for_who_treats_and_for_the_owner_where_nobody_does(
    harbour: Cast,
) -> None:
    client_id, email = await desk(harbour)
    refused = [await confirm(one, client_id, email) for one in (harbour.ana, harbour.abe)]
    assert [one.json()["code"] for one in refused] == ["access.not_on_care_team", "access.role"]
    await harbour.ana.http.post(
        f"/v1/members/{harbour.thea.user_id}/suspend", headers={"If-Match": '"v1"'}
    )
    assert (await confirm(harbour.ana, client_id, email)).status_code == 200


async def test_an_owner_who_does_not_treat_confirms_nothing_by_adding_it(harbour: Cast) -> None:
    email = address()
    client_id = await taken_in(harbour.ana, email, primary_therapist_id=harbour.thea.user_id)
    shown = (await harbour.ana.http.get(f"/v1/clients/{client_id}")).json()
    assert shown["unconfirmed_addresses"] == [email]


async def test_therapist_who_names_the_address_has_confirmed_it(
    harbour: Cast, worker: House, mails: Mails
) -> None:
    client_id, email = await desk(harbour)
    await invite(harbour.thea, client_id)
    await drain(worker)
    assert mails(email) == []
    await invite(harbour.thea, client_id, email)
    await drain(worker)
    assert len(mails(email)) == 1


async def test_address_that_the_client_put_on_file_is_confirmed(
    harbour: Cast, worker: House, mails: Mails
) -> None:
    first, own = address(), address()
    client_id = await taken_in(harbour.thea, first)
    me = harbour.clients.new(**bearer(await joined(harbour, worker, mails, client_id, first)))
    body = {"contact_points": [{"kind": "email", "value": own, "may_email": True}]}
    version = (await me.get("/v1/me/profile")).headers["etag"]
    changed = await me.patch("/v1/me/profile", json=body, headers={"If-Match": version})
    assert changed.status_code == 200, changed.text
    (one,) = await listed(harbour.thea, client_id=client_id)
    assert (await withdraw(harbour.thea, one)).status_code == 200
    await invite(harbour.abe, client_id)
    await drain(worker)
    assert len(mails(own)) == 1


async def test_address_from_before_is_confirmed_by_nobody_until_somebody_does(
    harbour: Cast, worker: House, mails: Mails, admin: object
) -> None:
    email = address()
    client_id = await taken_in(harbour.thea, email)
    await admin.execute("delete from client_addresses where client_id = $1", client_id)  # type: ignore[attr-defined]
    await invite(harbour.abe, client_id)
    await drain(worker)
    assert mails(email) == []
    shown = (await harbour.thea.http.get(f"/v1/clients/{client_id}")).json()
    assert shown["unconfirmed_addresses"] == [email]


async def test_practice_may_have_desk_invitations_go_at_once_and_the_therapist_told(
    harbour: Cast, worker: House, mails: Mails
) -> None:
    await choose(harbour, desk_invites="tell")
    client_id, email = await desk(harbour)
    await invite(harbour.abe, client_id)
    await drain(worker)
    heard = mails(await address_of(harbour, harbour.thea))
    assert [one["Subject"] for one in heard] == ["Harbour has invited someone you look after"]
    token = secret(mails(email)[0])
    (one,) = await listed(harbour.thea, client_id=client_id)
    assert one["state"] == "sent"
    assert (await withdraw(harbour.thea, one)).json()["state"] == "withdrawn"
    assert (await preview(harbour, token)).status_code == 404


async def test_login_made_by_the_desk_is_ended_in_one_call(
    harbour: Cast, worker: House, mails: Mails
) -> None:
    await choose(harbour, desk_invites="tell")
    client_id, email = await desk(harbour)
    await invite(harbour.abe, client_id)
    await drain(worker)
    wrong = await accept(harbour, secret(mails(email)[0]), birth_date=BIRTH)
    http = harbour.clients.new(**bearer(wrong))
    assert (await http.get("/v1/me/profile")).status_code == 200
    (one,) = await listed(harbour.thea, client_id=client_id)
    by_the_desk = await withdraw(harbour.abe, one)
    assert by_the_desk.json()["code"] == "access.not_on_care_team"
    assert (await withdraw(harbour.thea, one)).json()["state"] == "withdrawn"
    assert (await http.get("/v1/me/profile")).status_code == 401
    refreshed = await http.post(
        "/v1/auth/refresh", json={"refresh_token": wrong.json()["refresh_token"]}
    )
    assert refreshed.status_code == 401
    await drain(worker)
    assert mails(email)[-1]["Subject"] == "Your place at Harbour was ended"
    assert "Nora" not in text(mails(email)[-1])
