"""What was stored is looked at here too."""

from tests.jobs.conftest import admin

__all__ = ["admin"]
