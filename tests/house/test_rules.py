"""The rules of the house that a reader would otherwise have to remember."""

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI

from app.core.schema import ROOT
from app.operation.marks import mark_of
from tests.contract import routes

LONGEST = 400
PUBLIC = {
    "sign_in",
    "refresh_sign_in",
    "request_password_reset",
    "reset_password",
    "preview_invitation",
    "accept_invitation",
    "get_liveness",
    "get_readiness",
    "get_metrics",
    "get_jwks",
    "ask_to_unsubscribe",
    "unsubscribe",
}
FORBIDDEN = {
    # what: the only files that may
    r"\.commit\(": {"migrations/env.py"},
    r"\bHTTPException\b": {"app/main.py"},
    r"\bdatetime\.now\(|\bdatetime\.utcnow\(|\bdate\.today\(": {"app/core/clock.py"},
    r"(?<![.\w])print\(": {"tests/__main__.py"},
    r"\bBaseHTTPMiddleware\b": set(),
    r"\bAsyncSession\b|\bsessionmaker\b": set(),
    r"\bTYPE_CHECKING\b": set(),
    # What day it is somewhere, Python says: the database may not know the zone.
    r"func\.timezone\(|(?i:at time zone)": set(),
}


def sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def relative(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("pattern", FORBIDDEN)
def test_some_calls_are_made_in_one_place_only(pattern: str) -> None:
    files = list(sources("app", "migrations"))
    assert len(files) > 50
    found = {relative(file) for file in files if re.search(pattern, file.read_text())}
    assert found <= FORBIDDEN[pattern]


def test_files_hold_one_idea() -> None:
    files = list(sources("app", "tests", "migrations"))
    assert len(files) > 80
    assert [relative(f) for f in files if len(f.read_text().splitlines()) > LONGEST] == []


def test_every_operation_says_who_may_call_it(app: FastAPI) -> None:
    found = routes(app)
    assert len(found) > 60
    open_ones = {
        route.endpoint.__name__ for route in found if mark_of(route.endpoint).permission is None
    }
    assert open_ones <= PUBLIC


def test_operation_ids_are_function_names_and_unique(app: FastAPI) -> None:
    names = [route.operation_id for route in routes(app)]
    assert len(set(names)) == len(names)
    assert all(route.operation_id == route.endpoint.__name__ for route in routes(app))


def test_endpoints_and_dependencies_are_coroutines(app: FastAPI) -> None:
    calls = [
        call
        for route in routes(app)
        for call in (route.endpoint, *(one.call for one in route.dependant.dependencies))
    ]
    assert len(calls) > 70
    assert [call for call in calls if not inspect.iscoroutinefunction(call)] == []


def test_public_things_say_what_they_promise() -> None:
    wanting: list[str] = []
    seen = 0
    for file in sources("app"):
        tree = ast.parse(file.read_text())
        for node in tree.body:
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                seen += 1
                if not node.name.startswith("_") and ast.get_docstring(node) is None:
                    wanting.append(f"{relative(file)}:{node.name}")
    assert seen > 300
    assert len(wanting) <= WITHOUT_A_DOCSTRING, wanting


WITHOUT_A_DOCSTRING = 40
"""Small helpers whose name and types say all; the number only ever goes down."""
