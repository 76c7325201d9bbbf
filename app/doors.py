"""Every door of the house, in one list."""

from fastapi import FastAPI

from app.accounts.routes import auth
from app.goals import client_routes as my_goals
from app.goals import staff_routes as goals

DOORS = (auth, goals.staff, my_goals.mine)


def install(app: FastAPI) -> None:
    """Put the doors in."""
    for door in DOORS:
        app.include_router(door)
