"""The API under uvicorn, in this process, and how it comes to an end."""

import asyncio
import gc
import signal
import socket
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from typing import Any, Final

import uvicorn
import uvloop

from app.command.connections import Bounds
from app.command.http_protocol import BoundedHttp, bounded
from app.command.saying import Complaint
from app.main import create_app
from app.settings import Settings
from app.vault.keyfile import Keys

GRACE_SECONDS: Final = 20
"""How long requests that are running may take to finish once the service is asked to stop."""

SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Api(uvicorn.Server):
    """uvicorn, without its own signal handlers: who starts it also hears the signals."""

    def __init__(
        self, config: uvicorn.Config, protocol: type[BoundedHttp], ready: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._line = protocol.line
        self._ready = ready

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        # What is there now stays: full collections need not look through it again.
        gc.collect()
        gc.freeze()
        self._ready()

    async def on_tick(self, counter: int) -> bool:
        self._line.end_late_ones(asyncio.get_running_loop().time())
        return await super().on_tick(counter)

    def stop(self) -> None:
        """Finish what is running and end; asked again, end without waiting."""
        self.force_exit = self.should_exit
        self.should_exit = True


def api(
    settings: Settings,
    dsn: str,
    keys: Keys,
    ready: Callable[[], None],
    bounds: Bounds | None = None,
) -> Api:
    """The API, ready to serve; `ready` is called once it does."""
    bounds = (bounds or Bounds(connections=settings.connections)).affordable()
    protocol = bounded(bounds)
    config = uvicorn.Config(
        create_app(settings, dsn=dsn, keys=keys),
        http=protocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_keep_alive=bounds.idle_seconds,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    return Api(config, protocol, ready)


async def serve(
    server: Api,
    listener: socket.socket,
    *beside: Callable[[asyncio.Event], Awaitable[None]],
) -> None:
    """Serve until a signal asks to stop; each of `beside` runs along, and ends on its event.

    Raises Complaint when the application does not start.
    """
    ending = asyncio.Event()

    def stop() -> None:
        ending.set()
        server.stop()

    _on_signals(stop)
    companions = [asyncio.ensure_future(one(ending)) for one in beside]
    try:
        await server.serve(sockets=[listener])
    except SystemExit:
        raise Complaint(
            "The application did not start: the lines above name the place. Run `praxis doctor`."
        ) from None
    finally:
        ending.set()
        await asyncio.gather(*companions)


def _on_signals(stop: Callable[[], None]) -> None:
    loop = asyncio.get_running_loop()
    for one in SIGNALS:
        loop.add_signal_handler(one, stop)


def run(main: Awaitable[Any]) -> None:
    """Run until it ends, on the fast event loop."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main)  # type: ignore[arg-type]
