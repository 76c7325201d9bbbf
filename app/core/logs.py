"""Log lines: JSON on stderr, and nothing in them that is not on the list below.

Our own lines keep their listed fields. Of other people's lines (libraries log whatever they hold)
only their kind and place are kept, and their words where those are fixed and known to be plain.
"""

import logging
import os
import sys
import threading
from collections.abc import Mapping, MutableMapping
from types import TracebackType
from typing import Any, Final

import orjson
import structlog

from app.core.clock import now

FIELDS: Final = (
    "at",
    "level",
    "logger",
    "event",
    "request_id",
    "method",
    "route",
    "operation",
    "status",
    "ms",
    "code",
    "kind",
    "frames",
    "place",
    "job",
    "chore",
    "part",
    "event_id",
    "practice_id",
    "actor_id",
    "assignment_id",
    "attempt",
    "seconds",
    "count",
    "pid",
    "exit_code",
    "port",
)
"""The fields there are, in the order they are written. Anything else is dropped."""

LONGEST: Final = 200
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

# Templates as the libraries write them, before any value is put in.
PLAIN: Final = frozenset(
    {
        "ASGI callable returned without completing response.",
        "ASGI callable returned without starting response.",
        "Application shutdown complete.",
        "Application shutdown failed. Exiting.",
        "Application startup complete.",
        "Application startup failed. Exiting.",
        "Cancel %s running task(s), timeout graceful shutdown exceeded",
        "Exception in ASGI application\n",
        "Exception in 'lifespan' protocol\n",
        "Exceeded concurrency limit.",
        "Finished server process [%d]",
        "Invalid HTTP request received.",
        "Shutting down",
        "Started server process [%d]",
        "Unsupported upgrade request.",
        "Waiting for application shutdown.",
        "Waiting for application startup.",
        "Waiting for background tasks to complete. (CTRL+C to force quit)",
        "Waiting for connections to close. (CTRL+C to force quit)",
    }
)

_listening = False


def configure(level: int = logging.INFO) -> None:
    """Send every log line of this process to stderr in this form, libraries' and faults' too."""
    global _listening
    _listening = True
    structlog.configure(
        processors=[_ours],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=_Named,
    )
    theirs = _Theirs()
    root = logging.getLogger()
    root.handlers = [theirs]
    root.setLevel(max(level, logging.WARNING))
    logging.getLogger("uvicorn.error").setLevel(max(level, logging.INFO))
    logging.captureWarnings(True)
    threading.excepthook = _thread_ended


def silence() -> None:
    """Stop writing lines; for processes that only spoke for a while."""
    global _listening
    _listening = False


def line(fields: Mapping[str, Any]) -> None:
    """Write one line with those of the fields that are listed; times are stamped here."""
    if not _listening:
        return
    shown: dict[str, Any] = {"at": now().isoformat(timespec="milliseconds")}
    shown |= {name: _short(fields[name]) for name in FIELDS if fields.get(name) is not None}
    try:
        sys.stderr.buffer.write(orjson.dumps(shown, default=_kind_of) + b"\n")
        sys.stderr.buffer.flush()
    except (OSError, ValueError, AttributeError):
        # Whoever read our lines has gone; that is no reason to stop serving.
        return


def access(
    *,
    method: str,
    route: str,
    operation: str,
    status: int,
    seconds: float,
    request_id: str,
    code: str | None = None,
    practice_id: str | None = None,
    actor_id: str | None = None,
) -> None:
    """One request's line: `route` is the template, so no id and no query is in it.

    `code` is the refusal's; practice and actor are those of the token, where there was one.
    """
    line(
        {
            "level": "info",
            "logger": "praxis.access",
            "event": "request",
            "request_id": request_id,
            "method": method if method in METHODS else "OTHER",
            "route": route,
            "operation": operation,
            "status": status,
            "ms": round(seconds * 1000, 2),
            "code": code,
            "practice_id": practice_id,
            "actor_id": actor_id,
        }
    )


def frames_of(trace: TracebackType | None) -> list[str]:
    """Where a failure came from: the last eight files and lines, never a value."""
    frames: list[str] = []
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        frames.append(f"{os.sep.join(name.split(os.sep)[-2:])}:{trace.tb_lineno}")
        trace = trace.tb_next
    return frames[-8:]


class _Named:
    """What structlog hands finished lines to; they are written by then."""

    def __init__(self, name: str = "praxis") -> None:
        self.name = name

    def _written(self, _: str = "") -> None:
        return

    debug = info = warning = warn = error = critical = exception = log = msg = _written


def _ours(logger: Any, level: str, given: MutableMapping[str, Any]) -> str:
    failure = given.get("exc_info")
    if failure is True:
        failure = sys.exc_info()[1]
    if isinstance(failure, BaseException):
        given.setdefault("kind", type(failure).__name__)
        given.setdefault("frames", frames_of(failure.__traceback__))
    line({**given, "level": level, "logger": getattr(logger, "name", "praxis")})
    return ""


class _Theirs(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        failure = record.exc_info[1] if record.exc_info else None
        line(
            {
                "level": record.levelname.lower(),
                "logger": record.name,
                "event": _plain(record) or "a library's line, left out",
                "place": f"{record.module}:{record.lineno}",
                "kind": type(failure).__name__ if failure else None,
                "frames": frames_of(failure.__traceback__) if failure else None,
            }
        )


def _plain(record: logging.LogRecord) -> str | None:
    """The words of a line that is known to be plain, its numbers put in; None for any other."""
    if not isinstance(record.msg, str) or record.msg not in PLAIN:
        return None
    arguments = record.args if isinstance(record.args, tuple) else ()
    if arguments and all(isinstance(one, int) for one in arguments):
        return record.getMessage().strip()
    return record.msg.strip()


def _thread_ended(given: threading.ExceptHookArgs) -> None:
    line(
        {
            "level": "error",
            "logger": "praxis.fault",
            "event": "a thread ended",
            "kind": given.exc_type.__name__,
            "frames": frames_of(given.exc_traceback),
        }
    )


def _short(value: object) -> object:
    return value[:LONGEST] if isinstance(value, str) else value


def _kind_of(value: object) -> str:
    return type(value).__name__
