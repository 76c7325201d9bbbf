"""The worker's side of the house, and the mails it wrote."""

import email
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from email.message import EmailMessage
from email.policy import default
from typing import Any, TypeAlias

import asyncpg
import pytest

import app.worker  # noqa: F401 - puts every room's handlers in place
from app.core import embedded, schema
from app.core.database import open_pool
from app.operation.house import House
from tests.conftest import PASSWORDS

Admin: TypeAlias = "asyncpg.Connection[Any]"
Mails: TypeAlias = Callable[[str], list[EmailMessage]]


@pytest.fixture(scope="session")
def worker_dsn(server: embedded.Server, database: str) -> str:
    return server.dsn(database, schema.WORKER, PASSWORDS[schema.WORKER])


@pytest.fixture
async def worker(house: House, worker_dsn: str) -> AsyncIterator[House]:
    """The house as the worker holds it: under the worker's role."""
    pool = await open_pool(worker_dsn, size=4, name="test-worker")
    yield replace(house, pool=pool)
    await pool.close()


@pytest.fixture
async def admin(server: embedded.Server, database: str) -> AsyncIterator[Admin]:
    """The server's own superuser, who sees what was stored."""
    connection = await asyncpg.connect(server.dsn(database))
    yield connection
    await connection.close()


@pytest.fixture
def mails(house: House) -> Mails:
    """The kept mails to one address, in the order they were written."""
    return mails_of(house)


def mails_of(house: House) -> Mails:
    """As the fixture `mails`, for fixtures of a whole module."""

    def to(address: str) -> list[EmailMessage]:
        kept = sorted(house.settings.mail_folder.glob("*.eml"))
        read = [email.message_from_bytes(one.read_bytes(), policy=default) for one in kept]
        return [one for one in read if isinstance(one, EmailMessage) and one["To"] == address]

    return to
