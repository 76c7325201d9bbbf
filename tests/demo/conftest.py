"""The demo, built once for all of these tests, in a database of its own."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

import asyncpg
import httpx
import pyotp
import pytest
from fastapi import FastAPI

from app.core import embedded, schema
from app.core.ids import SYSTEM
from app.demo import SignIn, build
from app.library.shipping import ship
from app.main import create_app, open_house
from app.operation.house import House
from app.operation.work import Work
from app.settings import Settings
from app.vault import keyfile
from tests.cast import Clients
from tests.conftest import PASSWORDS, TEMPLATE

Admin: TypeAlias = "asyncpg.Connection[Any]"
Opened: TypeAlias = Callable[[str], Any]


@dataclass(slots=True)
class Demo:
    """The demo as its tests meet it; `tokens` are those of who has signed in already."""

    house: House
    app: FastAPI
    admin_dsn: str
    sign_ins: list[SignIn]
    seconds: float
    progress: list[tuple[int, int]]
    tokens: dict[SignIn, str]


@pytest.fixture(scope="session")
async def empty(
    server: embedded.Server, database: str, settings: Settings, keys: keyfile.Keys
) -> Opened:
    """Makes a database with nothing but the shipped exercises: its house, while it is open, and
    the superuser's address."""

    @asynccontextmanager
    async def opened(name: str) -> AsyncIterator[tuple[House, str]]:
        name = f"{database}_{name}"
        admin = await asyncpg.connect(server.dsn())
        try:
            await admin.execute(f"drop database if exists {name} with (force)")
            await admin.execute(f"create database {name} template {TEMPLATE} strategy wal_log")
        finally:
            await admin.close()
        own = server.dsn(name, schema.APPLICATION, PASSWORDS[schema.APPLICATION])
        house = await open_house(settings, dsn=own, keys=keys)
        try:
            work = Work(house, operation="ship", request_id=SYSTEM)
            async with work.visit(capacity="job", practice_id=SYSTEM):
                await ship(work)
            yield house, server.dsn(name)
        finally:
            await house.pool.close()

    return opened


@pytest.fixture(scope="session")
async def demo(empty: Opened, settings: Settings, anyio_backend: str) -> AsyncIterator[Demo]:
    """Both practices, built by the application's own role."""
    async with empty("demo") as (house, admin_dsn):
        heard: list[tuple[int, int]] = []
        begun = time.monotonic()
        sign_ins = await build(house, on_progress=lambda *said: heard.append(said))
        seconds = time.monotonic() - begun
        app = create_app(settings)
        app.state.house = house
        yield Demo(house, app, admin_dsn, sign_ins, seconds, heard, {})


@pytest.fixture
async def admin(demo: Demo) -> AsyncIterator[Admin]:
    """The server's own superuser, who sees what is stored."""
    connection = await asyncpg.connect(demo.admin_dsn)
    yield connection
    await connection.close()


class Door:
    """Lets the people of the demo in, as they would come: address, password, code."""

    def __init__(self, demo: Demo, clients: Clients) -> None:
        self.demo = demo
        self.clients = clients

    async def __call__(self, email: str, practice: str = "Harbour") -> httpx.AsyncClient:
        """An HTTP client signed in as them in that practice."""
        one = next(x for x in self.demo.sign_ins if (x.email, x.practice) == (email, practice))
        if one not in self.demo.tokens:
            answer = await self.sign_in(one)
            assert answer.status_code == 200, answer.text
            self.demo.tokens[one] = answer.json()["access_token"]
        return self.clients.new(Authorization=f"Bearer {self.demo.tokens[one]}")

    async def sign_in(self, one: SignIn) -> httpx.Response:
        """The answer to signing in; in the place of several that is meant."""
        used = sum(other.email == one.email for other in self.demo.tokens)
        asked: dict[str, Any] = {"email": one.email, "password": one.password}
        if one.secret is not None:
            asked["otp"] = pyotp.TOTP(one.secret).at(time.time() + 30 * used)
        http = self.clients.new()
        answer = await http.post("/v1/auth/sign-in", json=asked)
        if answer.status_code != 409:
            return answer
        places = answer.json()["contexts"]
        place = next(x for x in places if x["practice_name"] == one.practice)
        asked["context"] = {name: place[name] for name in ("kind", "practice_id")}
        return await http.post("/v1/auth/sign-in", json=asked)


@pytest.fixture
async def door(demo: Demo) -> AsyncIterator[Door]:
    """The front door of the demo."""
    clients = Clients(demo.app)
    yield Door(demo, clients)
    await clients.aclose()
