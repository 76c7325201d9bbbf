"""Homework before and after a session."""

from datetime import UTC, datetime, timedelta

import pytest

from app.schedules.rules import AfterSessionSchedule, BeforeSessionSchedule
from app.schedules.slots import session_window

BEFORE = BeforeSessionSchedule(kind="before_session")
START = datetime(2026, 3, 23, 14, tzinfo=UTC)


def test_before_a_session_it_is_open_from_the_one_before_until_it_starts() -> None:
    last = START - timedelta(days=7)
    found = session_window(BEFORE, START, 50, "Europe/Berlin", previous_end=last)
    assert found == (last, START, START)


@pytest.mark.parametrize("previous_end", [None, START, START + timedelta(minutes=50)])
def test_without_one_before_it_is_open_at_once(previous_end: datetime | None) -> None:
    found = session_window(BEFORE, START, 50, "Europe/Berlin", previous_end=previous_end)
    assert found == (None, START, START)


@pytest.mark.parametrize(
    ("days_open", "closes_at"),
    [(1, "2026-03-23T23:00Z"), (6, "2026-03-28T23:00Z"), (7, "2026-03-29T22:00Z")],
)
def test_after_a_session_it_is_open_for_whole_local_days(days_open: int, closes_at: str) -> None:
    after = AfterSessionSchedule(kind="after_session", days_open=days_open)
    found = session_window(after, START, 50, "Europe/Berlin", previous_end=None)
    ends = datetime.fromisoformat(closes_at)
    assert found == (START + timedelta(minutes=50), None, ends)


def test_a_session_over_midnight_ends_on_the_next_day() -> None:
    after = AfterSessionSchedule(kind="after_session", days_open=1)
    start = datetime(2026, 3, 24, 3, 30, tzinfo=UTC)
    _, _, closes_at = session_window(after, start, 50, "America/New_York", previous_end=None)
    assert closes_at == datetime(2026, 3, 25, 4, tzinfo=UTC)
