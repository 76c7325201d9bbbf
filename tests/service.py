"""The service under a real socket, for tests that come from outside: a fuzzer, a shell."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import uvicorn
from fastapi import FastAPI


@dataclass(frozen=True, slots=True)
class Address:
    """Where it listens."""

    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextlib.contextmanager
def serving(app: FastAPI) -> Iterator[Address]:
    """The application on a free port of the loopback, in a thread with a loop of its own."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="on"))
        thread = threading.Thread(
            target=lambda: asyncio.run(server.serve(sockets=[listener])), daemon=True
        )
        thread.start()
        ready = threading.Event()
        while not server.started and thread.is_alive():
            ready.wait(0.02)
        yield Address(listener.getsockname()[1])
        server.should_exit = True
        thread.join(30)
