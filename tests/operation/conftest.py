"""What the worker mails is read here too."""

from tests.jobs.conftest import mails, worker, worker_dsn

__all__ = ["mails", "worker", "worker_dsn"]
