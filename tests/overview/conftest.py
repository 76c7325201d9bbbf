"""What was stored, and what the worker does, is looked at here too."""

from tests.jobs.conftest import admin, worker, worker_dsn

__all__ = ["admin", "worker", "worker_dsn"]
