"""Limits: so many requests a minute for each caller and practice, weighted by cost.

Counted in this process: with several processes a caller may have that many times more. What must
hold exactly (sign-in throttles) is counted in the database.
"""

from time import time
from typing import Final

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from app.core.errors import TooMany

RECORDED_REFUSALS: Final = RateLimitItemPerMinute(30)

Headers = list[tuple[bytes, bytes]]


class Limiter:
    """Admits requests, and says how many are left."""

    def __init__(self, per_minute: int) -> None:
        self._item = RateLimitItemPerMinute(per_minute)
        self._strategy = FixedWindowRateLimiter(MemoryStorage())
        self._policy = (b"ratelimit-policy", f'"caller";q={per_minute};w=60'.encode())

    def admit(self, caller: str, cost: int) -> Headers:
        """The RateLimit headers of an admitted request; raises TooMany with Retry-After."""
        admitted = self._strategy.hit(self._item, caller, cost=cost)
        reset, left = self._strategy.get_window_stats(self._item, caller)
        wait = max(1, int(reset - time()))
        if not admitted:
            raise TooMany(
                "limits.requests",
                f"That was more than {self._item.amount} requests in a minute. Please wait.",
                headers={
                    "Retry-After": str(wait),
                    "RateLimit": f'"caller";r=0;t={wait}',
                    "RateLimit-Policy": self._policy[1].decode(),
                },
            )
        return [(b"ratelimit", f'"caller";r={left};t={wait}'.encode()), self._policy]

    def worth_recording(self, caller: str) -> bool:
        """Whether this caller's refusal still gets an audit row of its own this minute."""
        return self._strategy.hit(RECORDED_REFUSALS, caller, "refusals")
