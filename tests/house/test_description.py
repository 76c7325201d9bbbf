"""The description tells integrators what answers carry, under names that tell them apart."""

from typing import Any

import pytest

from tests.cast import Cast

GOAL = {"statement": "To rest on Sundays"}


def described(harbour: Cast, path: str, verb: str, status: int) -> set[str]:
    operation: Any = harbour.clients.app.openapi()["paths"][path][verb]
    return {name.lower() for name in operation["responses"][str(status)].get("headers", {})}


async def test_the_headers_that_are_described_are_sent(harbour: Cast) -> None:
    base = f"/v1/clients/{harbour.client_ids['cleo']}/goals"
    for _ in range(2):
        made = await harbour.thea.http.post(base, json=GOAL)
    page = await harbour.thea.http.get(f"{base}?limit=1")
    stale = await harbour.thea.http.patch(
        made.headers["location"], json=GOAL, headers={"If-Match": '"v7"'}
    )
    many, one = "/v1/clients/{client_id}/goals", "/v1/goals/{goal_id}"
    assert described(harbour, many, "post", 201) == {"etag", "location"} <= set(made.headers)
    assert described(harbour, many, "get", 200) == {"etag", "link"} <= set(page.headers)
    assert described(harbour, one, "patch", 412) == {"etag"} <= set(stale.headers)


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
