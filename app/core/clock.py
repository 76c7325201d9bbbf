"""The one place that reads the clock, so that tests can move it and nothing is ever naive."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    """The current instant, aware, in UTC; within `at`, the one that is told of."""
    return _told.get() or datetime.now(UTC)


def corrected(occurred_at: datetime, sent_at: datetime | None, received_at: datetime) -> datetime:
    """When it was, by our clock: the device's clock was off by what `sent_at` says. Nothing was
    done after it arrived."""
    off = received_at - sent_at if sent_at is not None else timedelta(0)
    try:
        return min(occurred_at + off, received_at)
    except OverflowError:
        return min(occurred_at, received_at)


def told() -> datetime | None:
    """The instant that is told of, within `at`; None where time is what it is."""
    return _told.get()


# The demo's story lies in the past and is made by the services that serve the present. A context
# variable reaches the one task that tells it and no request beside it, and nothing that comes
# from outside leads here: a test holds that app/demo alone calls this.
@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Tell of `moment` (aware): it stands still in here, for this task alone, and ids made in
    here bear it too. The database's own clock stays what it is."""
    token = _told.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _told.reset(token)
