"""What may be stored and logged of a failure in a job: a code, never its text."""

from typing import Final

import asyncpg

from app.core.errors import Problem
from app.jobs.registry import NotDone
from app.operation import refusals

LOST: Final = (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, ConnectionError)
"""The database went away, for all: going on with the next thing is of no use."""


def code_of(failure: Exception, about: str) -> str:
    """The code of a failure, whose text may hold anything.

    An unforeseen one also leaves its lines in the log, under the id `about`.
    """
    if isinstance(failure, Problem | NotDone):
        return failure.code
    if isinstance(failure, asyncpg.PostgresError):
        return f"database.{failure.sqlstate}"
    if isinstance(failure, asyncpg.InterfaceError | OSError):
        return "database.away"
    refusals.log_fault(failure, about)
    return f"fault.{type(failure).__name__}"
