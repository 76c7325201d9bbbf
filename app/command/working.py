"""The worker, in this process: until a signal, or the end of whoever started it."""

import asyncio
import os
import signal
import sys
import threading
import time
from typing import Final

import structlog

from app.command import serving
from app.settings import Settings
from app.vault.keyfile import Keys
from app.worker import run

GRACE_SECONDS: Final = 20.0

_log = structlog.get_logger("praxis.worker")


def work(settings: Settings, dsn: str, keys: Keys, *, with_parent: bool) -> None:
    """Work until asked to stop; `with_parent` also until our stdin ends."""
    serving.run(_work(settings, dsn, keys, with_parent=with_parent))


async def _work(settings: Settings, dsn: str, keys: Keys, *, with_parent: bool) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(one, stop.set)
    if with_parent:
        threading.Thread(target=_outlive, args=(loop, stop), daemon=True).start()
    _log.info("worker_ready", pid=os.getpid())
    await run(settings, dsn, keys, stop=stop)


def _outlive(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    """Wait for the end of stdin, which comes when our parent is gone, however it went."""
    while os.read(sys.stdin.fileno(), 4096):
        pass
    loop.call_soon_threadsafe(stop.set)
    time.sleep(GRACE_SECONDS)
    # Whatever still hangs then hangs for good; jobs cut off here are picked up again.
    os._exit(1)
