"""The description tells integrators what answers carry, under names that tell them apart."""

from typing import Any

import pytest

from app.operation.headers import headers_of
from tests.cast import Cast
from tests.contract import routes


def test_described_headers_are_those_that_answers_are_held_to(harbour: Cast) -> None:
    paths: dict[str, Any] = harbour.clients.app.openapi()["paths"]
    for route in routes(harbour.clients.app):
        operation = paths[route.path_format][min(route.methods or ()).lower()]
        for status, answer in operation["responses"].items():
            assert answer["headers"].keys() == headers_of(route, int(status)).keys()


def test_only_the_client_door_is_asked_for_whom_one_acts(harbour: Cast) -> None:
    paths: dict[str, Any] = harbour.clients.app.openapi()["paths"]
    asked = {
        path
        for path, verbs in paths.items()
        for verb in verbs.values()
        if any(one["name"] == "Acting-For" for one in verb.get("parameters", []))
    }
    assert asked == {path for path in paths if path.startswith("/v1/me/")}


def test_no_default_is_an_object_that_generated_clients_would_have_to_make(harbour: Cast) -> None:
    schemas: dict[str, Any] = harbour.clients.app.openapi()["components"]["schemas"]
    defaults = {
        f"{name}.{field}": said.get("default")
        for name, schema in schemas.items()
        for field, said in schema.get("properties", {}).items()
    }
    assert [where for where, default in defaults.items() if default and type(default) is dict] == []


@pytest.mark.parametrize("shown", ["Page_", "__", "Annotated"])
def test_schemas_have_names_of_their_own(harbour: Cast, shown: str) -> None:
    schemas = harbour.clients.app.openapi()["components"]["schemas"]
    assert [name for name in schemas if shown in name] == []
