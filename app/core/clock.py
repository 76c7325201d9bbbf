"""The one place that reads the clock, so that tests can move it and nothing is ever naive."""

from datetime import UTC, datetime


def now() -> datetime:
    """The current instant, aware, in UTC."""
    return datetime.now(UTC)
