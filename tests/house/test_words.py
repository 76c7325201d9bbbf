"""What a client can read says nothing of failing, and does not cheer either."""

from collections.abc import Iterator
from typing import Any

import orjson
from fastapi import FastAPI

from app.core.schema import ROOT
from app.description import EXAMPLES
from tests.library.test_catalogue import FORBIDDEN

NAMES = {"ranking"}
"""A kind of field, which the words of a form never say."""
MAILS = sorted((ROOT / "app").rglob("mails/*"))


def reached(document: dict[str, Any], value: Any, seen: set[str]) -> Iterator[str]:
    """Every text of the description that `value` leads to."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from reached(document, one, seen)
    elif isinstance(value, dict):
        name = str(value.get("$ref", ""))
        if name and name not in seen:
            seen.add(name)
            target: Any = document
            for part in name.removeprefix("#/").split("/"):
                target = target[part]
            yield from reached(document, target, seen)
        for key, one in value.items():
            if key not in ("$ref", "pattern", "operationId"):
                yield from reached(document, one, seen)


def test_the_client_door_speaks_as_it_should(app: FastAPI) -> None:
    document = app.openapi()
    doors = {path: one for path, one in document["paths"].items() if path.startswith("/v1/me/")}
    assert len(doors) > 40
    said = list(reached(document, doors, set()))
    assert len(said) > 1000
    assert [one for one in said if FORBIDDEN.search(one) and one not in NAMES] == []


def test_what_the_client_door_answers_speaks_as_it_should() -> None:
    examples: dict[str, Any] = orjson.loads(EXAMPLES.read_bytes())
    mine = {name: one for name, one in examples.items() if "my" in name.split("_")}
    assert len(mine) > 30
    said = list(reached({}, mine, set()))
    assert [one for one in said if FORBIDDEN.search(one) and one not in NAMES] == []


def test_mails_speak_as_they_should() -> None:
    assert len(MAILS) > 4
    assert [one.name for one in MAILS if FORBIDDEN.search(one.read_text())] == []
