"""The sweeps also need the worker's side with its mails, and the story as it was told."""

import pytest
from fastapi import FastAPI

from app.operation.house import House
from tests.house.witness import Story, told
from tests.jobs.conftest import admin, mails, worker, worker_dsn

__all__ = ["admin", "mails", "worker", "worker_dsn"]


@pytest.fixture(scope="session")
async def story(app: FastAPI, house: House, worker_dsn: str) -> Story:
    return await told(app, house, worker_dsn)
