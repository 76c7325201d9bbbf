"""The sweeps also need the worker's side, and its mails."""

from tests.jobs.conftest import mails, worker, worker_dsn

__all__ = ["mails", "worker", "worker_dsn"]
