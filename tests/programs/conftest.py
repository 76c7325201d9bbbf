"""The worker's side, as jobs have it."""

from tests.jobs.conftest import admin, worker, worker_dsn

__all__ = ["admin", "worker", "worker_dsn"]
