"""What the worker does is seen here too."""

from tests.jobs.conftest import admin, mails, worker, worker_dsn

__all__ = ["admin", "mails", "worker", "worker_dsn"]
