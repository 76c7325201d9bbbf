"""The worker as a child process: started again when it dies, ended when we end."""

import asyncio
import contextlib
import sys
import time
from collections.abc import Coroutine, Mapping
from typing import Any, Final

import structlog

from app.core.places import ROOT

FIRST_PAUSE: Final = 0.5
LONGEST_PAUSE: Final = 30.0
STEADY_SECONDS: Final = 60.0
"""A worker that ran this long was well: the next pause is the first one again."""
GRACE_SECONDS: Final = 20.0

COMMAND: Final = (sys.executable, "-m", "app.cli", "worker", "--with-parent")

_log = structlog.get_logger("praxis.worker")


async def keep(
    environment: Mapping[str, str], ending: asyncio.Event, command: tuple[str, ...] = COMMAND
) -> None:
    """Keep a worker running until `ending` is set, then end it, by force after 20 s.

    The child holds our end of a pipe as its stdin: when we die, however, it reads the end of it
    and goes too.
    """
    pause = FIRST_PAUSE
    while not ending.is_set():
        started = time.monotonic()
        child = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            cwd=ROOT,
            env=dict(environment),
            # Ctrl-C in a terminal is for us; we pass it on in our own time.
            start_new_session=True,
        )
        _log.info("worker_started", pid=child.pid)
        if await first_of(child.wait(), ending.wait()):
            await _end(child)
            return
        if time.monotonic() - started > STEADY_SECONDS:
            pause = FIRST_PAUSE
        _log.warning("worker_ended", exit_code=child.returncode, seconds=pause)
        await first_of(asyncio.sleep(pause), ending.wait())
        pause = min(pause * 2, LONGEST_PAUSE)


async def first_of(one: Coroutine[Any, Any, object], ending: Coroutine[Any, Any, object]) -> bool:
    """Wait for either; whether it is `ending` that is over."""
    tasks = [asyncio.ensure_future(one), asyncio.ensure_future(ending)]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return tasks[1].done()
    finally:
        for task in tasks:
            task.cancel()


async def _end(child: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        child.terminate()
    try:
        async with asyncio.timeout(GRACE_SECONDS):
            await child.wait()
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        await child.wait()
