"""What the worker mails is read here too."""

from tests.jobs.conftest import admin, mails, worker, worker_dsn

__all__ = ["admin", "mails", "worker", "worker_dsn"]
