"""One program in its process: it answers requests when it is told to, and says what they cost.

Started as `python -m tests.benchmarks.measure PROGRAM PLACE`; orders come in as lines of JSON and
answers go out the same way. With a third word, `serve`, it serves over a socket instead.
"""

import asyncio
import gc
import json
import socket
import sys
import time
from pathlib import Path
from typing import Any

import uvicorn
import uvloop

from tests.benchmarks.asking import call
from tests.benchmarks.programs import Place, application, asking


async def rounds(app: Any, place: Place) -> None:
    """Orders are {operation, first, count}; each is answered with what a request cost."""
    ask = asking(place)
    async with app.router.lifespan_context(app):
        gc.collect()
        gc.freeze()
        say({"ready": True})
        for order in map(json.loads, sys.stdin):
            asked = ask.requests(order["operation"], order["first"], order["count"])
            prepared = [(one.scope(), one.body) for one in asked]
            walls, answers = [], []
            began = time.process_time()
            for scope, body in prepared:
                at = time.perf_counter()
                answers.append(await call(app, scope, body))
                walls.append(time.perf_counter() - at)
            spent = time.process_time() - began
            wrong = next((one for one in answers if one[0] not in (200, 201)), None)
            if wrong is not None:
                raise SystemExit(f"{order['operation']} answered {wrong[0]}: {wrong[1]!r}")
            say(
                {
                    "cpu": spent / len(prepared) * 1e6,
                    "wall": sorted(walls)[len(walls) // 2] * 1e6,
                    "body": answers[-1][1].decode(),
                }
            )


async def serve(app: Any) -> None:
    """One process on loopback, as production runs it; the port is said once it listens."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=256)
    config = uvicorn.Config(app, http="httptools", access_log=False, log_level="error")
    server = uvicorn.Server(config)
    config.load()
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    # The port listens already: the first requests wait in its queue until it serves.
    await asyncio.sleep(1)
    gc.collect()
    gc.freeze()
    say({"port": listening.getsockname()[1]})
    await serving


def say(what: dict[str, Any]) -> None:
    """A line for whoever gave the order."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def main() -> None:
    program, where = sys.argv[1:3]
    given = json.loads(where)
    place = Place(Path(given["folder"]), given["walled"], given["admin"])
    app = application(program, place)
    uvloop.run(serve(app) if "serve" in sys.argv else rounds(app, place))


if __name__ == "__main__":
    main()
