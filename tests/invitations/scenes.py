"""A client without a login, addresses put on file, and invitations sent to them, over HTTP."""

from typing import Any

import httpx

from app.jobs.delivering import drain
from app.operation.house import House
from tests.cast import Cast, Person
from tests.jobs.conftest import Mails
from tests.post import accept, address, secret

BIRTH = "1990-05-01"


def email_point(email: str) -> dict[str, Any]:
    return {"kind": "email", "value": email, "may_email": True}


async def taken_in(person: Person, *emails: str, **more: Any) -> str:
    """The id of a new client whom this person took in, with these addresses on file."""
    asked = {
        "legal_name": "Nora Example",
        "birth_date": BIRTH,
        "contact_points": [email_point(one) for one in emails],
    }
    answer = await person.http.post("/v1/clients", json=asked | more)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def put_on_file(person: Person, client_id: str, *emails: str) -> None:
    """These addresses are the client's contact points now, and no others."""
    url = f"/v1/clients/{client_id}"
    version = (await person.http.get(url)).headers["etag"]
    body = {"contact_points": [email_point(one) for one in emails]}
    answer = await person.http.patch(url, json=body, headers={"If-Match": version})
    assert answer.status_code == 200, answer.text


async def invite(person: Person, client_id: str, email: str | None = None) -> httpx.Response:
    body = None if email is None else {"email": email}
    return await person.http.post(f"/v1/clients/{client_id}/invitation", json=body)


async def confirm(
    person: Person, client_id: str, email: str, version: int | None = None
) -> httpx.Response:
    """Confirm an address, in the client's version as it is now unless another is named."""
    if version is None:
        shown = await person.http.get(f"/v1/clients/{client_id}")
        version = shown.json().get("version", 1)
    return await person.http.post(
        f"/v1/clients/{client_id}/confirm-address",
        json={"email": email},
        headers={"If-Match": f'"v{version}"'},
    )


async def listed(person: Person, **filters: Any) -> list[dict[str, Any]]:
    answer = await person.http.get("/v1/invitations", params=filters)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def states(person: Person, client_id: str) -> list[str]:
    return [one["state"] for one in await listed(person, client_id=client_id)]


async def withdraw(person: Person, one: dict[str, Any]) -> httpx.Response:
    return await person.http.post(
        f"/v1/invitations/{one['id']}/withdraw", headers={"If-Match": f'"v{one["version"]}"'}
    )


async def joined(cast: Cast, worker: House, mails: Mails, client_id: str, email: str) -> Any:
    """Invited by Thea at this address, and in; the answer to accepting."""
    await invite(cast.thea, client_id, email)
    await drain(worker)
    answer = await accept(cast, secret(mails(email)[-1]), birth_date=BIRTH)
    assert answer.status_code == 200, answer.text
    return answer


async def desk(cast: Cast) -> tuple[str, str]:
    """A client of Thea's whom the front desk took in, and the address it put on file."""
    email = address()
    client_id = await taken_in(cast.abe, email, primary_therapist_id=cast.thea.user_id)
    return client_id, email


async def choose(cast: Cast, **policies: Any) -> None:
    """The practice decides otherwise."""
    version = (await cast.ana.http.get("/v1/practice")).headers["etag"]
    answer = await cast.ana.http.patch(
        "/v1/practice", json={"policies": policies}, headers={"If-Match": version}
    )
    assert answer.status_code == 200, answer.text


async def address_of(cast: Cast, person: Person) -> str:
    """The address that this person's mails go to."""
    me = await person.http.get("/v1/auth/me")
    return str(me.json()["email"])
