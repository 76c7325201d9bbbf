"""The matrix whole: every operation's rows, and a scene of each setting to try them in.

Three settings: `all` walls; `statements`, where row security does not bind the application's
role; `rows`, where no statement says whose rows it wants, and row security stands alone. The
caller's entry, the roles' permissions and the guardians' scopes hold in each.
"""

import time
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from typing import Final

import asyncpg

from app.access.tokens import TokenAuthority
from app.core import embedded, schema
from app.main import create_app, open_house
from app.settings import Settings
from app.vault.keyfile import Keys
from tests.house import (
    matrix_accounts,
    matrix_assigning,
    matrix_care,
    matrix_clients,
    matrix_doing,
    matrix_files,
    matrix_goals,
    matrix_homework,
    matrix_library,
    matrix_my_assigning,
    matrix_my_homework,
    matrix_notes,
    matrix_open,
    matrix_overview,
    matrix_practices,
    matrix_programs,
    matrix_reminders,
    matrix_rests,
    matrix_sessions,
    matrix_slots,
    matrix_sync,
    matrix_walls,
)
from tests.house.matrix_gathering import gather
from tests.house.matrix_people import Plain
from tests.house.matrix_rows import Row
from tests.house.matrix_scene import Scene

SETTINGS: Final = ("all", "statements", "rows")
OPEN: Final = matrix_open.ROWS
PRIVATE: Final[tuple[Row, ...]] = (
    *matrix_accounts.ROWS,
    *matrix_practices.ROWS,
    *matrix_clients.ROWS,
    *matrix_care.ROWS,
    *matrix_goals.ROWS,
    *matrix_homework.ROWS,
    *matrix_my_homework.ROWS,
    *matrix_slots.ROWS,
    *matrix_doing.ROWS,
    *matrix_assigning.ROWS,
    *matrix_my_assigning.ROWS,
    *matrix_files.ROWS,
    *matrix_rests.ROWS,
    *matrix_reminders.ROWS,
    *matrix_programs.ROWS,
    *matrix_library.ROWS,
    *matrix_sessions.ROWS,
    *matrix_notes.ROWS,
    *matrix_overview.ROWS,
    *matrix_sync.ROWS,
)
ROWS: Final = (*OPEN, *PRIVATE)


@asynccontextmanager
async def staged(
    setting: str, server: embedded.Server, database: str, settings: Settings, keys: Keys
) -> AsyncIterator[Scene]:
    """The application in this setting, with everyone in place."""
    dsn = server.dsn(database, schema.APPLICATION, "application")
    if setting == "statements":
        await matrix_walls.make_unwalled(server.dsn(database))
        dsn = server.dsn(database, matrix_walls.UNWALLED, matrix_walls.PASSWORD)
    house = await open_house(settings, dsn=dsn, keys=keys)
    # The token clock stands still: however long the cells take, no token grows old.
    since, url = time.time(), settings.public_url
    house.tokens = TokenAuthority(keys, url, url, clock=lambda: since)
    app = create_app(settings)
    app.state.house = house
    clients = Plain(app)
    admin = await asyncpg.connect(server.dsn(database))
    try:
        people = await gather(house, clients, keys, since)
        scene = Scene(setting, app, house, people, admin)
        await matrix_accounts.give_passwords(scene)
        await matrix_practices.mark(scene)
        await matrix_clients.mark(scene)
        with ExitStack() as down:
            if setting == "rows":
                down.enter_context(matrix_walls.without_statements())
            yield scene
        await scene.http.aclose()
    finally:
        await clients.aclose()
        await admin.close()
        await house.pool.close()
