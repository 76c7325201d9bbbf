"""Headers of ours are described, sent as described, and let through to pages of other origins.

That described headers are sent, and sent ones described, is held for every answer of every test
(`tests.contract`).
"""

import re
from typing import Any

import httpx

from app.core.places import ROOT
from app.main import create_app
from app.operation.answers import SECRET
from tests.cast import Cast

ORIGIN = "https://app.example"
SAFE = {"content-language", "cache-control", "content-length", "content-type"}
"""What browsers show without being allowed to."""
STANDARD = {"accept-encoding", "authorization", "content-encoding", "content-length",
            "content-type", "host", "x-request-id"}  # fmt: skip
SECRETS = {"access_token", "refresh_token", "token", "secret", "recovery_codes", "password", "otp"}
READS = re.compile(
    r"""headers\.get\(\s*"([a-z-]+)"|"([a-z-]+)"\s(?:not\s)?in\s\w+\.headers|headers,\s"([a-z-]+)"\)"""
)


def names(description: Any, place: str) -> set[str]:
    """The header names that the description gives for requests, or for answers."""
    operations = [one for path in description["paths"].values() for one in path.values()]
    if place == "request":
        parameters = [one for operation in operations for one in operation.get("parameters", ())]
        return {one["name"].lower() for one in parameters if one["in"] == "header"}
    answers = [answer for one in operations for answer in one["responses"].values()]
    return {name.lower() for answer in answers for name in answer.get("headers", ())}


def test_every_header_that_is_read_is_described(harbour: Cast) -> None:
    sources = [file.read_text() for file in (ROOT / "app").rglob("*.py")]
    read = {name for one in sources for found in READS.findall(one) for name in found if name}
    sent_by_us = {"content-location", "etag", "location"}
    assert {"if-match", "acting-for", "upload-offset", "range"} <= read
    described = names(harbour.clients.app.openapi(), "request")
    assert read - STANDARD - sent_by_us - described == set()


def test_secrets_stand_only_in_answers_that_are_never_compressed(harbour: Cast) -> None:
    description = harbour.clients.app.openapi()
    schemas = description["components"]["schemas"]

    def shown(schema: Any, seen: frozenset[str] = frozenset()) -> set[str]:
        """Every property name in a schema, however deep."""
        if isinstance(schema, list):
            return set().union(*(shown(one, seen) for one in schema))
        if not isinstance(schema, dict):
            return set()
        name = str(schema.get("$ref", "")).rpartition("/")[2]
        if name:
            return set() if name in seen else shown(schemas[name], seen | {name})
        found = {*schema.get("properties", {})}
        return found.union(*(shown(one, seen) for one in schema.values()))

    holding = {
        path
        for path, verbs in description["paths"].items()
        for operation in verbs.values()
        for answer in operation["responses"].values()
        if SECRETS & shown([one["schema"] for one in answer.get("content", {}).values()
                            if "schema" in one])
    }  # fmt: skip
    assert "/v1/auth/sign-in" in holding
    assert {path for path in holding if not path.startswith(SECRET)} == set()


async def test_other_origins_may_send_and_read_every_header(harbour: Cast) -> None:
    app = create_app(harbour.house.settings.model_copy(update={"cors_origins": (ORIGIN,)}))
    app.state.house = harbour.house
    described = harbour.clients.app.openapi()
    wanted = sorted(names(described, "request") | {"authorization", "content-type"})
    asked = {
        "Origin": ORIGIN,
        "Access-Control-Request-Method": "PATCH",
        "Access-Control-Request-Headers": ", ".join(wanted),
    }
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://praxis.test") as http:
        preflight = await http.options("/v1/auth/me", headers=asked)
        answer = await http.get("/v1/auth/me", headers={"Origin": ORIGIN})
    assert preflight.status_code == 200, preflight.text
    exposed = {
        one.strip().lower() for one in answer.headers["access-control-expose-headers"].split(",")
    }
    assert names(described, "response") - SAFE - exposed == set()
    assert {"ratelimit-policy", "idempotent-replayed", "accept-patch", "allow"} <= exposed
