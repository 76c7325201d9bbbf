"""The application: doors, middleware, and what it holds while it serves."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from app import documentation, doors
from app.access.tokens import TokenAuthority
from app.core.database import open_pool
from app.core.errors import MethodNotAllowed, NotFound, Problem, refuse
from app.core.middleware import MoreHeaders, Outermost
from app.description import describe
from app.operation import headers
from app.operation.house import House
from app.operation.limiting import Headers, Limiter
from app.operation.switchboard import Switchboard
from app.settings import Settings
from app.upkeep.metrics import Metrics, observer
from app.upkeep.readiness import Readiness
from app.vault import keyfile
from app.vault.keyring import Keyring

TITLE = "Praxis"
VERSION = "0.1.0"
CLOSING_SECONDS = 5


def create_app(
    settings: Settings, *, dsn: str | None = None, keys: keyfile.Keys | None = None
) -> FastAPI:
    """The whole application. `dsn` is the application role's address; absent, the settings'."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        house = app.state.house = await open_house(settings, dsn=dsn, keys=keys)
        yield
        await _close(house.pool)

    app = FastAPI(
        title=TITLE,
        version=VERSION,
        lifespan=lifespan,
        openapi_url=None,
        redirect_slashes=False,
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    doors.install(app)
    routes = doors.routes()
    describe(app, routes)
    documentation.install(app, settings)
    app.add_middleware(Switchboard, routes=routes)
    app.add_exception_handler(HTTPException, _unrouted)  # type: ignore[arg-type]
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["*"],
            allow_headers=headers.request_names(routes),
            expose_headers=headers.response_names(routes),
        )
    app.state.readiness = Readiness()
    app.state.metrics = Metrics()
    app.add_middleware(Outermost, on_request=observer(app.state.metrics), more_headers=_limits(app))
    return app


async def open_house(
    settings: Settings, *, dsn: str | None = None, keys: keyfile.Keys | None = None
) -> House:
    """What one process holds. Raises the key file's exceptions when there are no keys."""
    found = keys or keyfile.load(settings.key_folder)
    address = dsn or _address(settings)
    return House(
        settings=settings,
        pool=await open_pool(address, size=settings.pool_size, name="praxis"),
        keyring=Keyring(found.root),
        tokens=TokenAuthority(found, settings.public_url, settings.public_url),
        limiter=Limiter(settings.requests_per_minute),
    )


def _limits(app: FastAPI) -> MoreHeaders:
    """How many requests the caller has left, for every answer there is; a stranger, by address."""

    def left(scope: Scope) -> Headers:
        house: House | None = getattr(app.state, "house", None)
        counted = scope.get("praxis.counted") or scope["praxis.peer"]
        return house.limiter.headers(counted) if house is not None else []

    return left


def _address(settings: Settings) -> str:
    configured = settings.application_database_url or settings.database_url
    if configured is None:
        raise ValueError("Set DATABASE_URL, or use `praxis up`, which starts its own PostgreSQL.")
    return configured.get_secret_value()


async def _close(pool: "asyncpg.Pool[Any]") -> None:
    """Requests are over by now; a connection that still hangs does not keep the process."""
    try:
        async with asyncio.timeout(CLOSING_SECONDS):
            await pool.close()
    except TimeoutError:
        pool.terminate()


async def _unrouted(request: Request, refused: HTTPException) -> Response:
    """The refusal of what is no operation: those, the switchboard answers for."""
    if refused.status_code == 405:
        problem: Problem = MethodNotAllowed(
            "wire.method",
            "This address exists, and does not know this method.",
            headers=refused.headers,
        )
    else:
        problem = NotFound("wire.address", "There is no such address here. See /openapi.json.")
    return refuse(request.scope, problem)
