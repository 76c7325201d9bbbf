"""The people tests are about, written straight into the database, with real signed tokens.

Harbour: owner Ana; therapist Thea with clients Cleo and Kit (a minor, guardian Greta); colleague
Theo with Carl; supervisor Sam of Thea; assistant Abe. Lakeside mirrors it under the same names.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import httpx
from fastapi import FastAPI

from app.access.grounds import (
    CareAssignment,
    ClientLogin,
    Guardian,
    Membership,
    Supervision,
)
from app.accounts.models import SignIn, User
from app.clients.models import Client, Episode
from app.core.clock import now
from app.core.ids import SYSTEM, new_id
from app.operation.house import House
from app.operation.work import Work
from app.practices.founding import found
from tests.contract import Checked

GUARDIAN_SCOPES = ["profile", "sessions", "homework", "submit", "goals", "goals_rate", "notes"]
CRISIS = [{"name": "Samaritans", "phone": "116 123", "hours": "always", "locale": "en"}]


class Clients:
    """Hands out HTTP clients of the real application; every answer is held to the spec."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app
        self._open: list[httpx.AsyncClient] = []

    def new(self, **headers: str) -> httpx.AsyncClient:
        """A client that asks for no compression, as which its ETags stay strong."""
        made = httpx.AsyncClient(
            transport=Checked(self.app),
            base_url="http://praxis.test",
            headers={"Accept-Encoding": "identity"} | headers,
        )
        self._open.append(made)
        return made

    async def aclose(self) -> None:
        for one in self._open:
            await one.aclose()


@dataclass(slots=True)
class Person:
    """Someone with a login; `http` calls as them."""

    name: str
    user_id: str
    sign_in_id: str
    token: str
    http: httpx.AsyncClient
    client_id: str | None = None
    episode_id: str | None = None


@dataclass(slots=True)
class Cast:
    """One practice and its people, by first name: `harbour.thea.http.get(...)`."""

    practice_id: str
    house: House
    clients: Clients
    people: dict[str, Person] = field(default_factory=dict)
    client_ids: dict[str, str] = field(default_factory=dict)
    episode_ids: dict[str, str] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Person:
        try:
            return self.people[name]
        except KeyError:
            raise AttributeError(name) from None

    def job(self) -> tuple[Work, Any]:
        """A unit of work acting as a job of this practice, and its transaction."""
        work = Work(self.house, operation="test", request_id=SYSTEM)
        return work, work.visit(capacity="job", practice_id=self.practice_id)

    async def write(self, table: Any, **values: Any) -> None:
        """One row, written as a job would."""
        work, transaction = self.job()
        async with transaction:
            await work.add(table, **values)

    async def add_person(
        self,
        work: Work,
        name: str,
        kind: str,
        roles: tuple[str, ...] = (),
        client_id: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> Person:
        """A login with a sign-in; staff get their membership."""
        user_id = await self.add_login(work, name)
        if kind == "staff":
            await work.add(
                Membership,
                user_id=user_id,
                roles=sorted(roles),
                words={"name": f"{name.title()} of the test", "licence": "L-1", "title": None},
            )
        person = await self.sign_in(work, user_id, name, kind, roles, client_id, headers)
        self.people[name] = person
        return person

    async def add_login(self, work: Work, name: str) -> str:
        user_id = new_id()
        email = f"{name}.{user_id}@example.org"
        await work.add(
            User,
            id=user_id,
            email_hash=self.house.keyring.blind(SYSTEM, "email", email),
            words={"email": email},
            password_hash=None,
        )
        return user_id

    async def sign_in(
        self,
        work: Work,
        user_id: str,
        name: str,
        kind: str,
        roles: tuple[str, ...] = (),
        client_id: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> Person:
        """A sign-in of that login, with a token and an HTTP client that sends it."""
        sign_in_id = new_id()
        await work.introduce(user_id=user_id)
        await work.add(
            SignIn,
            id=sign_in_id,
            user_id=user_id,
            practice_id=self.practice_id,
            kind=kind,
            client_id=client_id,
            second_factor_at=now(),
            expires_at=now() + timedelta(days=1),
        )
        token = self.house.tokens.issue(
            sub=user_id,
            sid=sign_in_id,
            practice=self.practice_id,
            kind=kind,  # type: ignore[arg-type]
            role="_".join(sorted(roles)) if kind == "staff" else kind,
            client=client_id,
        )
        http = self.clients.new(Authorization=f"Bearer {token}", **(headers or {}))
        return Person(name, user_id, sign_in_id, token, http, client_id)

    async def add_client(
        self, work: Work, name: str, therapist: Person, *, birth: date = date(1990, 5, 1)
    ) -> str:
        """A client with an open episode, treated by `therapist`."""
        client_id, episode_id = new_id(), new_id()
        self.client_ids[name], self.episode_ids[name] = client_id, episode_id
        await work.admit(client_id)
        await work.add(
            Client,
            id=client_id,
            zone="Europe/Berlin",
            words={
                "legal_name": f"{name.title()} Legalname",
                "preferred_name": name.title(),
                "pronouns": None,
                "birth_date": birth.isoformat(),
                "contact_points": [],
            },
        )
        await work.add(Episode, id=episode_id, client_id=client_id, opened_on=date(2026, 9, 1))
        await work.add(
            CareAssignment,
            id=new_id(),
            client_id=client_id,
            episode_id=episode_id,
            user_id=therapist.user_id,
            part="primary",
        )
        return client_id


async def stage(house: House, clients: Clients, name: str) -> Cast:
    """A practice with the whole cast."""
    work = Work(house, operation="test", request_id=SYSTEM)
    async with work.visit(capacity="job"):
        practice_id = await found(
            work, name=name, zone="Europe/Berlin", country="DE", crisis_resources=CRISIS
        )
        cast = Cast(practice_id, house, clients)
        await cast.add_person(work, "ana", "staff", ("owner",))
        thea = await cast.add_person(work, "thea", "staff", ("therapist",))
        theo = await cast.add_person(work, "theo", "staff", ("therapist",))
        sam = await cast.add_person(work, "sam", "staff", ("therapist",))
        await cast.add_person(work, "abe", "staff", ("assistant",))
        await work.add(
            Supervision, id=new_id(), supervisee_id=thea.user_id, supervisor_id=sam.user_id
        )
        for client, therapist in (("cleo", thea), ("carl", theo), ("kit", thea)):
            client_id = await cast.add_client(work, client, therapist)
            person = await cast.add_person(work, client, "client", client_id=client_id)
            person.episode_id = cast.episode_ids[client]
            await work.add(ClientLogin, client_id=client_id, user_id=person.user_id)
        kit = cast.client_ids["kit"]
        greta = await cast.add_person(work, "greta", "guardian", headers={"Acting-For": kit})
        await work.add(
            Guardian,
            id=new_id(),
            client_id=kit,
            user_id=greta.user_id,
            relation="parent",
            basis="parental_responsibility",
            scopes=GUARDIAN_SCOPES,
            starts_on=date(2020, 1, 1),
        )
    return cast
