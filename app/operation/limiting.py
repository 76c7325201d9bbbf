"""Limits: so many requests a minute for each caller and practice, weighted by cost.

Counted in this process: with several processes a caller may have that many times more. What must
hold exactly (sign-in throttles) is counted in the database. Counts live for one minute of the
clock and are forgotten together, so there is nothing to expire one by one.
"""

from time import time
from typing import Final

from app.core.errors import TooMany

WINDOW_SECONDS: Final = 60
RECORDED_REFUSALS: Final = 30
JSON_A_POINT: Final = 16 * 1024
"""Bytes of a body that weigh as much as a plain request: so much work is reading them."""
VALUES_A_POINT: Final = 1_000
"""Values of a JSON body that weigh as much as that: each is an object to make and to look at."""
BYTES_A_POINT: Final = 64 * 1024
"""The same of a body that is not read, but stored as it is."""
ITEMS_A_POINT: Final = 5
"""Items of a request that stand each for one of its own, without its surroundings."""

Headers = list[tuple[bytes, bytes]]


class Limiter:
    """Admits requests, and tells how many are left."""

    def __init__(self, per_minute: int) -> None:
        self._most = per_minute
        self._policy = (b"ratelimit-policy", b'"caller";q=%d;w=60' % per_minute)
        self._window = 0
        self._used: dict[str, int] = {}
        self._refused: dict[str, int] = {}

    def admit(self, caller: str, cost: int) -> None:
        """Count a request. Raises TooMany with Retry-After once there were too many."""
        wait = self._turn()
        left = self._most - self._used.get(caller, 0) - cost
        if left < 0:
            raise TooMany(
                "limits.requests",
                f"That was more than {self._most} requests in a minute. Please wait.",
                headers={"Retry-After": str(wait)},
            )
        self._used[caller] = self._most - left

    def charge(self, caller: str, cost: int) -> None:
        """Count what a request turns out to weigh beyond its kind. Raises TooMany.

        One request alone never weighs more than a quarter of a minute: it would have to wait for
        ever where the limit is low.
        """
        if cost > 0:
            self.admit(caller, min(cost, self._most // 4))

    def headers(self, caller: str) -> Headers:
        """Return the RateLimit headers of any answer to this caller."""
        wait = self._turn()
        left = self._most - self._used.get(caller, 0)
        return [(b"ratelimit", b'"caller";r=%d;t=%d' % (left, wait)), self._policy]

    def worth_recording(self, caller: str) -> bool:
        """Whether this caller's refusal still gets an audit row of its own this minute."""
        self._turn()
        count = self._refused[caller] = self._refused.get(caller, 0) + 1
        return count <= RECORDED_REFUSALS

    def _turn(self) -> int:
        """Forget the minute that is over; the seconds left of this one, at least 1."""
        moment = time()
        window = int(moment // WINDOW_SECONDS)
        if window != self._window:
            self._window = window
            self._used.clear()
            self._refused.clear()
        return max(1, int((window + 1) * WINDOW_SECONDS - moment))
