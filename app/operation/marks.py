"""The mark every endpoint carries: what it asks of its caller. Without one it cannot be routed."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from app.access.permissions import Permission

Endpoint = TypeVar("Endpoint", bound=Callable[..., Awaitable[Any]])

_NAME = "__praxis_mark__"


@dataclass(frozen=True, slots=True)
class Mark:
    """`permission` None means public. `cost` weighs the call against the caller's limit.

    `replays`: an Idempotency-Key is kept. `versioned`: If-Match is needed. `living`: what is
    shown changes without a new version, so that its ETag also holds a hash of the content.
    `takes`: the media types (with `, ` between them) of a body that is taken as bytes; None is
    JSON. `begins`: the first time there is no version yet, which `If-None-Match: *` says.
    """

    permission: Permission | None
    cost: int = 1
    replays: bool = True
    versioned: bool = False
    living: bool = False
    takes: str | None = None
    begins: bool = False


def may(
    permission: Permission,
    *,
    cost: int = 1,
    replays: bool = True,
    versioned: bool = False,
    living: bool = False,
    takes: str | None = None,
    begins: bool = False,
) -> Callable[[Endpoint], Endpoint]:
    """Only callers whose role carries `permission` reach this endpoint.

    `replays` False: an Idempotency-Key is not kept, for answers that must not be given twice.
    `versioned` says, for the description, that the endpoint demands If-Match. `living`: it shows
    what changes without a new version (the clock, a rating), so a hash of it goes into its ETag.
    `takes` names the media type of a body of bytes, at most 1 MiB: the endpoint asks for the
    `request` and reads it there. `begins`: `If-None-Match: *` stands for the version the first
    time.
    """
    return _marking(Mark(permission, cost, replays, versioned, living, takes, begins))


def public(*, cost: int = 1, takes: str | None = None) -> Callable[[Endpoint], Endpoint]:
    """Anyone reaches this endpoint; it opens its own transactions. `cost` 0 is never limited.

    `takes` is as for `may`, for a body of at most 16 KiB.
    """
    return _marking(Mark(None, cost, replays=False, takes=takes))


def mark_of(endpoint: Callable[..., Any]) -> Mark:
    """The endpoint's mark. Raises TypeError when it has none: nothing is open by omission."""
    mark = getattr(endpoint, _NAME, None)
    if not isinstance(mark, Mark):
        raise TypeError(f"{endpoint.__name__} says neither @may(...) nor @public()")
    return mark


def _marking(mark: Mark) -> Callable[[Endpoint], Endpoint]:
    def put(endpoint: Endpoint) -> Endpoint:
        setattr(endpoint, _NAME, mark)
        return endpoint

    return put
