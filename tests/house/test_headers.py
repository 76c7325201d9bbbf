"""Headers of ours are described, sent as described, and let through to pages of other origins.

That described headers are sent, and sent ones described, is held for every answer of every test
(`tests.contract`).
"""

import re
from typing import Any

import httpx

from app.core.places import ROOT
from app.main import create_app
from tests.cast import Cast

ORIGIN = "https://app.example"
SAFE = {"content-language", "cache-control", "content-length", "content-type"}
"""What browsers show without being allowed to."""
STANDARD = {"accept-encoding", "authorization", "content-encoding", "content-length",
            "content-type", "host", "x-request-id"}  # fmt: skip
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
