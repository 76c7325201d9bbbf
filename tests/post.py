"""Logins with real passwords, and invitations: posted, and the secret read from what arrived."""

import re
from dataclasses import dataclass
from email.message import EmailMessage
from time import time
from typing import Any

import httpx
import pyotp

from app.access.grounds import ClientLogin, Membership
from app.accounts.models import Invitation, User
from app.accounts.signing_in import email_hash, hasher
from app.clients import addresses
from app.clients.models import ClientAddress
from app.core.clock import now
from app.core.ids import new_id
from app.jobs.delivering import drain
from app.operation.house import House
from tests.cast import Cast

PASSWORD = "seven herons over the weir"
ANOTHER = "nine kestrels over the quarry"


def address() -> str:
    """An address nobody has."""
    return f"someone.{new_id()}@example.org"


async def invite(cast: Cast, kind: str, email: str, **more: Any) -> str:
    """An invitation as its feature would write it, with its event; its id. A client's goes to an
    address on file, which was confirmed."""
    invitation_id = new_id()
    words = {"email": email} | more.pop("words", {})
    if kind == "staff":
        more.setdefault("roles", ["therapist"])
    work, transaction = cast.job()
    async with transaction:
        if kind == "client":
            more["email_hash"] = addresses.email_hash(work, email)
            await work.add(
                ClientAddress,
                unless=("practice_id", "client_id", "email_hash"),
                id=new_id(),
                client_id=more["client_id"],
                email_hash=more["email_hash"],
                value=email,
                added_by=cast.thea.user_id,
                confirmed_at=now(),
            )
        await work.add(
            Invitation,
            id=invitation_id,
            kind=kind,
            words=words,
            **{"invited_by": cast.ana.user_id, **more},
        )
        work.tell("accounts.invited", invitation_id)
    return invitation_id


async def invite_again(cast: Cast, worker: House, invitation_id: str) -> None:
    work, transaction = cast.job()
    async with transaction:
        work.tell("accounts.invited", invitation_id)
    await drain(worker)


async def login(cast: Cast, email: str, password: str = PASSWORD) -> str:
    """A login with this address and password, and no place anywhere; its id."""
    user_id = new_id()
    work, transaction = cast.job()
    async with transaction:
        await work.add(
            User,
            id=user_id,
            email_hash=email_hash(work, email),
            words={"email": email},
            password_hash=await hasher().hash(password),
        )
    return user_id


async def client_login(cast: Cast, email: str, password: str = PASSWORD) -> str:
    """The same, of a new client of Thea's; the login's id."""
    user_id = await login(cast, email, password)
    work, transaction = cast.job()
    async with transaction:
        client_id = await cast.add_client(work, f"nell{user_id[-6:]}", cast.thea)
        await work.add(ClientLogin, client_id=client_id, user_id=user_id)
    return user_id


async def staff_login(
    cast: Cast, email: str, *, roles: tuple[str, ...] = ("therapist",), user_id: str | None = None
) -> str:
    """The same, of a member of the staff; or a place on the staff for a login there is."""
    user_id = user_id or await login(cast, email)
    words = {"name": "Una Berg", "licence": None, "title": None}
    await cast.write(Membership, user_id=user_id, roles=sorted(roles), words=words)
    return user_id


def text(mail: EmailMessage) -> str:
    return str(mail.get_content())


def secret(mail: EmailMessage) -> str:
    """The secret that stands on a line of its own."""
    (found,) = re.findall(r"^[A-Za-z0-9_-]{43}$", text(mail), re.MULTILINE)
    return str(found)


async def preview(cast: Cast, token: str) -> httpx.Response:
    http = cast.clients.new()
    return await http.post("/v1/auth/invitations/preview", json={"token": token})


async def accept(cast: Cast, token: str, password: str = PASSWORD, **more: Any) -> httpx.Response:
    http = cast.clients.new()
    asked = {"token": token, "password": password} | more
    return await http.post("/v1/auth/invitations/accept", json=asked)


async def sign_in(cast: Cast, email: str, password: str, **more: Any) -> httpx.Response:
    http = cast.clients.new()
    return await http.post("/v1/auth/sign-in", json={"email": email, "password": password} | more)


def bearer(answer: httpx.Response) -> dict[str, str]:
    """The header that calls with the tokens of this answer."""
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def code_at(secret: str, step: int) -> str:
    """The authenticator's code, so many half minutes from now."""
    return pyotp.TOTP(secret).generate_otp(int(time() // 30) + step)


@dataclass(frozen=True)
class Factor:
    """A second factor that is in force."""

    secret: str
    first_code: str
    codes: list[str]
    access_token: str

    def next_code(self) -> str:
        """A code that was not used yet: the one of the next half minute."""
        return code_at(self.secret, 1)


async def enrolled(cast: Cast, email: str, password: str = PASSWORD, **more: Any) -> Factor:
    """Signs in, and sets a second factor up as the person would."""
    http = cast.clients.new(**bearer(await sign_in(cast, email, password, **more)))
    await http.post("/v1/auth/step-up", json={"password": password})
    secret = (await http.post("/v1/auth/second-factor")).json()["secret"]
    code = code_at(secret, 0)
    answer = await http.post("/v1/auth/second-factor/confirm", json={"otp": code})
    made = answer.json()
    return Factor(secret, code, made["recovery_codes"], made["tokens"]["access_token"])
