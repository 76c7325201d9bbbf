"""Commands that only print something are quick: they import no part of the service."""

import subprocess
import sys

import pytest

from tests.command.conftest import REPOSITORY

SERVICE = ("alembic", "asyncpg", "cryptography", "fastapi", "jinja2", "PIL", "pgqueuer",
           "sqlalchemy", "starlette", "structlog", "uvicorn")  # fmt: skip
RUN = """
import sys
from app.cli import app
try:
    app({words!r})
except SystemExit:
    pass
print("imported:", *{service!r} & sys.modules.keys())
"""


@pytest.mark.parametrize(
    ("words", "more"), [(["--help"], ("pydantic",)), (["demo", "--code", "ana@x.example"], ())]
)
def test_quick_command_imports_no_part_of_the_service(
    words: list[str], more: tuple[str, ...]
) -> None:
    script = RUN.format(words=words, service={*SERVICE, *more})
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1].strip() == "imported:"
