"""The description and its page come from this service alone, and send nothing anywhere else."""

import re
from typing import Any
from urllib.parse import urljoin

import pytest

from app.documentation import PAGE, address_of
from app.settings import Settings
from tests.cast import Clients

GZIP = {"Accept-Encoding": "gzip"}


async def linked(clients: Clients) -> list[str]:
    """Everything the page fetches before its script runs."""
    page = await clients.new().get(PAGE)
    return re.findall(r'(?:src|href)="([^"]+)"', page.text)


async def test_page_names_no_other_host_and_holds_no_script(clients: Clients) -> None:
    http = clients.new()
    page, start = await http.get(PAGE), await http.get("/docs/start.js")
    assert "//" not in page.text + start.text
    assert re.findall(r"<script(?![^>]*src=)|<style|\bon\w+=|style=", page.text) == []
    assert "validatorUrl: null" in start.text


async def test_page_may_fetch_from_this_service_only(clients: Clients) -> None:
    policy = (await clients.new().get(PAGE)).headers["content-security-policy"]
    allowed: dict[str, list[str]] = {
        name: sources for name, *sources in (one.split() for one in policy.split(";"))
    }
    assert allowed["default-src"] == allowed["frame-ancestors"] == ["'none'"]
    assert {one for sources in allowed.values() for one in sources} <= {"'none'", "'self'", "data:"}
    assert "data:" not in allowed["script-src"] + allowed["connect-src"]


async def test_everything_the_page_needs_is_served_and_kept(clients: Clients) -> None:
    http = clients.new()
    for link in [*await linked(clients), "openapi.json"]:
        url = urljoin(PAGE, link)
        plain, zipped = await http.get(url), await http.get(url, headers=GZIP)
        assert (plain.status_code, zipped.status_code) == (200, 200), url
        assert zipped.content == plain.content
        held = {"If-None-Match": plain.headers["etag"]}
        again, head = await http.get(url, headers=held), await http.head(url)
        assert (again.status_code, again.content) == (304, b"")
        assert head.headers["etag"] == plain.headers["etag"]
    assert len(await linked(clients)) == 4


async def test_description_is_compressed(clients: Clients) -> None:
    http = clients.new()
    whole = int((await http.get("/openapi.json")).headers["content-length"])
    zipped = await http.get("/openapi.json", headers=GZIP)
    assert zipped.headers["content-encoding"] == "gzip"
    assert int(zipped.headers["content-length"]) * 5 < whole


@pytest.mark.parametrize("host", ["localhost:18123", "[::1]:9000", "praxis.test"])
async def test_description_names_the_host_and_port_it_was_read_at(
    clients: Clients, host: str
) -> None:
    answer = await clients.new().get("/openapi.json", headers={"Host": host})
    assert answer.json()["servers"] == [{"url": f"http://{host}"}]


@pytest.mark.parametrize(
    ("public", "host", "named"),
    [
        ("https://api.harbour.example/", "10.0.0.7:8000", "https://api.harbour.example"),
        ("http://127.0.0.1:8000", "10.0.0.7:8080", "http://10.0.0.7:8080"),
        ("http://127.0.0.1:8000", "", "http://127.0.0.1:8000"),
    ],
)
def test_address_is_the_public_one_where_that_is_known(public: str, host: str, named: str) -> None:
    request: Any = type("Asked", (), {"headers": {"host": host}, "scope": {"scheme": "http"}})
    assert address_of(request, Settings.model_construct(public_url=public)) == named
