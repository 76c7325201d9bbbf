"""Whose entry something is: the client's, or that of the guardian who sent it."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from asyncpg import UniqueViolationError

from app.core.errors import Forbidden
from app.operation import once
from app.operation.work import Row, Work

Made = TypeVar("Made")


def sender(work: Work) -> dict[str, str | None]:
    """Whose entry the caller sends: a guardian's own, or the client's."""
    is_guardian = work.actor.capacity == "guardian"
    return {"guardian_id": work.actor.user_id if is_guardian else None}


def demand_own(work: Work, entry: Row) -> None:
    """Raises Forbidden `homework.not_yours` for an entry that somebody else sent."""
    if entry["guardian_id"] != sender(work)["guardian_id"]:
        raise Forbidden(
            "homework.not_yours",
            "Somebody else sent this. Send your own for the same slot: it stands beside, and"
            " changes nothing of theirs.",
        )


async def write_once(
    work: Work,
    write: Callable[[], Awaitable[Made]],
    *,
    key: str,
    is_there: Callable[[], Awaitable[object]],
) -> Made:
    """Write what comes under a client key, whose unique constraint is `key`.

    Raises Invalid where the key is somebody else's: of that a guardian sees nothing, and so did
    not find it before. `is_there` finds what the caller sees under it.
    """
    if work.actor.capacity != "guardian":
        return await write()
    try:
        async with work.attempt():
            return await write()
    except UniqueViolationError as failure:
        if failure.constraint_name != key or await is_there():
            raise
        raise once.taken() from None
