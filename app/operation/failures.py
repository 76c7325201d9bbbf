"""When a transaction cannot go on: how it is left, and what the caller is told."""

from typing import Any

import asyncpg

from app.core.errors import Conflict, Forbidden, NotFound, Unauthenticated


def not_on_care_team() -> Forbidden:
    """The refusal of those who know the client by name and may not see the contents."""
    return Forbidden(
        "access.not_on_care_team",
        "You know this client, and are not on the care team: the contents are not yours to see.",
    )


def already_there() -> Conflict:
    """The refusal of what the database holds already, under a key that only one may have."""
    return Conflict(
        "service.already_there",
        "Something you send stands for what is there already. Read that first, and send what"
        " differs. If nothing does, quote the instance when you ask us.",
    )


async def abandon(connection: Any) -> None:
    """Roll back; a connection that cannot even do that is closed, so that nobody gets it."""
    try:
        await connection.execute("rollback")
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError):
        connection.terminate()


def as_problem(failure: BaseException) -> BaseException:
    """The refusals that the database itself makes, by their private SQLSTATEs."""
    state = getattr(failure, "sqlstate", None)
    if state == "PX401":
        return Unauthenticated()
    if state == "PX403":
        return Forbidden(
            "access.scope", "The guardianship you hold for this client does not include this."
        )
    if state == "PX404":
        return NotFound()
    if state == "PX409":
        return Conflict("notes.signed", "What is signed never changes. Write an addendum instead.")
    return failure
