"""What the worker does: rooms put their functions in here when they are imported.

A room's module says `@on("accounts.invited")`, and `app.worker` imports it. A function may run
more than once for one event (a worker can end between doing and noting), so it must bear that.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from app.operation.work import Work


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, as `Work.tell` wrote it: ids and a word."""

    practice_id: str
    id: str
    kind: str
    subject_id: str
    client_id: str | None


class NotDone(Exception):
    """Something could not be done; `permanent`: trying again would come to nothing either.

    Its text is a code and nothing else.
    """

    def __init__(self, code: str, *, permanent: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.permanent = permanent


Handler = Callable[[Work, Event], Awaitable[None]]
Chore = Callable[[Work], Awaitable[None]]

HANDLERS: Final[dict[str, Handler]] = {}
CHORES: Final[dict[str, tuple[str, Chore]]] = {}
"""By name: when (a crontab line, UTC), and what."""


def on(kind: str) -> Callable[[Handler], Handler]:
    """Run this for every event of `kind`, with a unit of work that is not open yet: open it with
    `work.visit(**acting(event))`, and send nothing out while it is open.

    Raises ValueError when the kind has a handler already.
    """

    def put(handler: Handler) -> Handler:
        if HANDLERS.setdefault(kind, handler) is not handler:
            raise ValueError(f"{kind} has a handler already")
        return handler

    return put


def regularly(crontab: str) -> Callable[[Chore], Chore]:
    """Run this at those times (UTC), in one worker only, under the function's own name.

    Raises ValueError when the name is taken.
    """

    def put(chore: Chore) -> Chore:
        name = chore.__name__
        if CHORES.setdefault(name, (crontab, chore))[1] is not chore:
            raise ValueError(f"there is a chore called {name} already")
        return chore

    return put


def acting(event: Event) -> dict[str, Any]:
    """What `Work.visit` is told, to act as a job of the event's practice."""
    return {"capacity": "job", "practice_id": event.practice_id}
