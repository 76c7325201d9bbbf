"""The sweeps also need the worker's side, and its mails."""

from tests.jobs.conftest import admin, mails, worker, worker_dsn

__all__ = ["admin", "mails", "worker", "worker_dsn"]
