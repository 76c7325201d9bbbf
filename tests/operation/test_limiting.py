"""So many requests a minute, for each caller on their own."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app.core.errors import TooMany
from app.operation.limiting import RECORDED_REFUSALS, Limiter

MOMENT = datetime(2026, 11, 22, 9, 0, 15, tzinfo=UTC)


@time_machine.travel(MOMENT, tick=False)
def test_headers_say_what_is_left_and_for_how_long() -> None:
    limiter = Limiter(10)
    limiter.admit("cleo", 3)
    limiter.admit("cleo", 1)
    assert limiter.headers("cleo") == [
        (b"ratelimit", b'"caller";r=6;t=45'),
        (b"ratelimit-policy", b'"caller";q=10;w=60'),
    ]


@time_machine.travel(MOMENT, tick=False)
def test_the_one_too_many_is_refused_and_told_to_wait() -> None:
    limiter = Limiter(2)
    limiter.admit("cleo", 2)
    with pytest.raises(TooMany) as refused:
        limiter.admit("cleo", 1)
    assert refused.value.headers["Retry-After"] == "45"


def test_callers_do_not_share() -> None:
    limiter = Limiter(1)
    limiter.admit("cleo", 1)
    limiter.admit("carl", 1)


def test_the_next_minute_starts_anew() -> None:
    limiter = Limiter(1)
    with time_machine.travel(MOMENT, tick=False) as clock:
        limiter.admit("cleo", 1)
        clock.shift(timedelta(seconds=45))
        limiter.admit("cleo", 1)


@time_machine.travel(MOMENT, tick=False)
def test_refusals_are_recorded_up_to_a_number() -> None:
    limiter = Limiter(1)
    recorded = [limiter.worth_recording("cleo") for _ in range(RECORDED_REFUSALS + 1)]
    assert recorded == [True] * RECORDED_REFUSALS + [False]


@time_machine.travel(MOMENT, tick=False)
def test_one_request_never_weighs_more_than_a_quarter_of_a_minute() -> None:
    limiter = Limiter(100)
    limiter.charge("cleo", 1_000_000)
    assert limiter.headers("cleo")[0] == (b"ratelimit", b'"caller";r=75;t=45')
