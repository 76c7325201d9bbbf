"""How the command speaks: plain lines, and one clear sentence for whatever cannot be done."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, NoReturn

import typer
from rich.console import Console
from rich.markup import escape
from typer.core import TyperGroup

REFUSED: Final = 2
TRACEBACK: Final = "PRAXIS_TRACEBACK"

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


class Complaint(Exception):
    """The command cannot do it; the text is one sentence that says why and what to do next."""


class Group(TyperGroup):
    """Commands whose failures end in a sentence and exit code 2, never in a traceback."""

    def invoke(self, ctx: Any) -> Any:
        ready_to_print()
        try:
            return super().invoke(ctx)
        except (typer.Exit, typer.Abort, KeyboardInterrupt, EOFError, BrokenPipeError):
            raise
        except Exception as failure:
            if os.environ.get(TRACEBACK) or type(failure).__module__.startswith("typer."):
                raise
            if isinstance(failure, Complaint):
                refuse(str(failure))
            # Only now: it knows every library's failures, and takes a second to come.
            from app.command.explanations import sentence

            refuse(sentence(failure))


def ready_to_print() -> None:
    """Make printing safe under every locale: a letter it has no sign for is escaped."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def say(line: str = "") -> None:
    """A line on stdout as it is: never wrapped, so that it can be copied."""
    out.print(line, soft_wrap=True)


def plain(text: object) -> str:
    """Text that is not ours, for use within our markup."""
    return escape(str(text))


def warn(words: str) -> None:
    """Say on stderr what is not as it seems, and go on."""
    err.print(f"[yellow]praxis:[/] {plain(words)}", soft_wrap=True)


def refuse(words: str) -> NoReturn:
    """Say why not, on stderr, and end with exit code 2."""
    err.print(f"[bold red]praxis:[/] {plain(words)}", soft_wrap=True)
    raise typer.Exit(REFUSED)


@contextmanager
def doing(what: str) -> Iterator[None]:
    """Show what is being done while it is, where somebody watches."""
    if not err.is_terminal:
        yield
        return
    with err.status(what):
        yield
