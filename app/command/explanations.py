"""Why a command could not do it, in one sentence, for every kind of failure."""

import re
from typing import Final

import asyncpg
from pydantic import ValidationError
from pydantic_settings import SettingsError
from sqlalchemy.exc import DBAPIError

from app.command.saying import TRACEBACK, Complaint
from app.core.embedded import EmbeddedError
from app.core.errors import Problem
from app.core.logs import frames_of
from app.core.schema import SchemaError
from app.library.shipping import ShippedChanged
from app.vault.keyfile import KeysMissing, KeysUnreadable
from app.vault.sealing import SealBroken

SPOKEN: Final = (Complaint, EmbeddedError, SchemaError, KeysMissing, KeysUnreadable)
DATABASE: Final = (asyncpg.PostgresError, asyncpg.InterfaceError)


def sentence(failure: BaseException) -> str:
    """What happened, in a sentence that shows no secret and no value from the database."""
    if isinstance(failure, DBAPIError) and failure.orig is not None:
        failure = failure.orig.__cause__ or failure.orig
    if isinstance(failure, SPOKEN):
        return str(failure)
    if isinstance(failure, ValidationError):
        return settings_sentence(failure)
    if isinstance(failure, SettingsError):
        field = re.search(r'field "(\w+)"', str(failure))
        name = f"PRAXIS_{field[1].upper()}" if field else "A setting"
        return f'{name} cannot be read: a list is written as JSON, such as ["https://one.example"].'
    if isinstance(failure, Problem):
        return failure.detail
    if isinstance(failure, ShippedChanged):
        return f"The shipped exercises do not fit the database ({failure})."
    if isinstance(failure, SealBroken):
        return (
            "The root key does not open what is in the database: restore the key folder it was"
            " made with, and run `praxis doctor`."
        )
    if isinstance(failure, DATABASE):
        return database_sentence(failure)
    if isinstance(failure, OSError):
        place = failure.filename or "a file or the network"
        return f"{failure.strerror or type(failure).__name__}: {place}."
    where = (frames_of(failure.__traceback__) or ["?"])[-1]
    return (
        f"Something unforeseen happened ({type(failure).__name__} at {where}): this is a fault of"
        f" ours. Set {TRACEBACK}=1 to see all of it."
    )


def settings_sentence(failure: ValidationError) -> str:
    """Which settings are not as they should be, by the names they have in the environment."""
    said: list[str] = []
    for error in failure.errors(include_input=False, include_url=False):
        words = error["msg"].removeprefix("Value error, ").removeprefix("Input ")
        if error["type"] == "too_short":
            words = f"needs at least {error['ctx']['min_length']} characters"
        if not error["loc"]:
            said.append(words)
            continue
        name = str(error["loc"][0]).upper()
        said.append(f"{name if name.startswith('PRAXIS_') else f'PRAXIS_{name}'} {words}")
    return f"The settings are not as they should be: {'; '.join(said)}."


def database_sentence(failure: BaseException) -> str:
    """What the database (or the driver) said, without repeating any value of a row."""
    if isinstance(failure, asyncpg.InvalidAuthorizationSpecificationError):
        return (
            "The database does not let this role in with this password: correct the user and"
            " password in its address."
        )
    if isinstance(failure, asyncpg.InvalidCatalogNameError):
        return "The server has no database of that name: create it, or correct its address."
    if isinstance(failure, asyncpg.InsufficientPrivilegeError):
        return (
            "The role in DATABASE_URL may not do this: use the one that owns the database, and"
            " grant it praxis_owner."
        )
    if isinstance(failure, asyncpg.LockNotAvailableError):
        return "Others are using the tables that are to change: try again in a quiet moment."
    if isinstance(failure, asyncpg.TooManyConnectionsError):
        return "The server has no connection left for us: raise its max_connections."
    code = getattr(failure, "sqlstate", None)
    named = type(failure).__name__ + (f", {code}" if code else "")
    return f"The database cannot do this ({named}): run `praxis doctor`, and see the server's log."
