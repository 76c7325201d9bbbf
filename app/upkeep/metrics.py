"""What this process counts about itself, in Prometheus's words. No tenant and no person in it."""

from collections.abc import Callable
from typing import Any, Final

import asyncpg
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from starlette.types import Scope

from app.access.actor import Actor
from app.core import logs

SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
MEDIA_TYPE: Final = CONTENT_TYPE_LATEST
UNROUTED: Final = "unrouted"

disable_created_metrics()  # type: ignore[no-untyped-call]


class Metrics:
    """One process's counts, kept in a registry of their own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "praxis_requests",
            "Requests answered, by operation and class of status (0xx: the caller went away).",
            ("operation", "status"),
            registry=self._registry,
        )
        self._durations = Histogram(
            "praxis_request_duration_seconds",
            "Time from a request's first byte to its answer's last, by operation.",
            ("operation",),
            buckets=SECONDS,
            registry=self._registry,
        )
        self._pool = Gauge(
            "praxis_pool_connections",
            "Connections to the database: the most there may be, open, and open and idle.",
            ("state",),
            registry=self._registry,
        )
        self._waiting = Gauge(
            "praxis_events_waiting",
            "Events the worker has not passed on yet, counted up to 10000.",
            registry=self._registry,
        )
        self._oldest = Gauge(
            "praxis_events_oldest_seconds",
            "Age of the oldest event that is waiting, 0 when none is.",
            registry=self._registry,
        )
        # The library looks its children up under a lock and by joined labels; this is cheaper.
        self._known: dict[tuple[str, int], tuple[Any, Any]] = {}

    def seen(self, operation: str, status: int, seconds: float) -> None:
        """Count one request."""
        key = (operation, status // 100)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = (
                self._requests.labels(operation, f"{key[1]}xx"),
                self._durations.labels(operation),
            )
        known[0].inc()
        known[1].observe(seconds)

    def text(self, pool: "asyncpg.Pool[Any]", waiting: tuple[int, float] | None) -> bytes:
        """Everything, as Prometheus reads it. `waiting` is None when the database is away."""
        self._pool.labels("most").set(pool.get_max_size())
        self._pool.labels("open").set(pool.get_size())
        self._pool.labels("idle").set(pool.get_idle_size())
        count, age = waiting if waiting is not None else (float("nan"), float("nan"))
        self._waiting.set(count)
        self._oldest.set(age)
        return generate_latest(self._registry)


def observer(metrics: Metrics) -> Callable[[Scope, int, float], None]:
    """What the outermost layer calls once a request is over: counts it, and writes its line."""

    def observe(scope: Scope, status: int, seconds: float) -> None:
        route = scope.get("route")
        operation = getattr(route, "operation_id", None) or UNROUTED
        metrics.seen(operation, status, seconds)
        actor: Actor | None = scope.get("praxis.actor")
        logs.access(
            method=scope["method"],
            route=getattr(route, "path", UNROUTED),
            operation=operation,
            status=status,
            seconds=seconds,
            request_id=scope["praxis.request_id"],
            code=scope.get("praxis.code"),
            practice_id=actor.practice_id if actor else None,
            actor_id=actor.user_id if actor else None,
        )

    return observe
