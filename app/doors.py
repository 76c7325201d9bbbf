"""Every door of the house, in one list."""

from fastapi import FastAPI
from fastapi.routing import APIRoute

from app.accounts.routes import auth
from app.clients import care_routes as care
from app.clients import client_routes as my_clients
from app.clients import staff_routes as clients
from app.files import client_routes as my_files
from app.goals import client_routes as my_goals
from app.goals import staff_routes as goals
from app.homework import asking_routes as asking
from app.homework import assigning_routes as assigning
from app.homework import attached
from app.homework import client_routes as my_homework
from app.homework import doing_routes as doing
from app.homework import my_assigning_routes as my_assigning
from app.homework import slot_routes as homework_slots
from app.homework import staff_routes as homework
from app.homework import version_routes as versions
from app.invitations import public_routes as accepting
from app.invitations import staff_routes as invitations
from app.library import client_routes as my_library
from app.library import staff_routes as library
from app.notes import client_routes as my_notes
from app.notes import staff_routes as notes
from app.overview import client_routes as my_overview
from app.overview import staff_routes as overview
from app.practices import client_routes as my_practice
from app.practices import staff_routes as practices
from app.programs import client_routes as my_programs
from app.programs import staff_routes as programs
from app.reminders import client_routes as my_reminders
from app.reminders import public_routes as reminders
from app.rests import client_routes as my_rests
from app.rests import staff_routes as rests
from app.sessions import client_routes as my_sessions
from app.sessions import staff_routes as sessions
from app.sync import routes as sync
from app.upkeep.routes import upkeep

DOORS = (
    auth,
    accepting.anyone,
    practices.staff,
    my_practice.mine,
    clients.staff,
    my_clients.mine,
    invitations.staff,
    care.staff,
    care.mine,
    goals.staff,
    my_goals.mine,
    homework.staff,
    homework_slots.staff,
    versions.staff,
    versions.mine,
    assigning.staff,
    asking.staff,
    my_homework.mine,
    my_files.mine,
    attached.staff,
    rests.staff,
    my_rests.mine,
    my_assigning.mine,
    doing.mine,
    programs.staff,
    my_programs.mine,
    my_reminders.mine,
    reminders.anyone,
    library.staff,
    my_library.mine,
    sessions.staff,
    my_sessions.mine,
    notes.staff,
    my_notes.mine,
    sync.mine,
    overview.staff,
    my_overview.mine,
    upkeep,
)


def routes() -> list[APIRoute]:
    """Every operation's route."""
    return [route for door in DOORS for route in door.routes if isinstance(route, APIRoute)]


def install(app: FastAPI) -> None:
    """Put the doors in."""
    for door in DOORS:
        app.include_router(door)
