"""Bodies that would be misread are refused with what is read instead."""

import gzip

import pytest

from tests.cast import Cast
from tests.house.operations import ask, operations

JSON = "application/json"


async def test_every_write_refuses_a_compressed_body(harbour: Cast) -> None:
    body = gzip.compress(b'{"statement": "x"}')
    headers = {"Content-Type": JSON, "Content-Encoding": "gzip"}
    found = {
        route.operation_id: (await ask(harbour, route, content=body, headers=headers)).status_code
        for route in operations(harbour, "POST", "PUT", "PATCH")
    }
    assert {name: status for name, status in found.items() if status != 415} == {}


async def test_every_patch_refuses_json_patch_and_names_merge_patch(harbour: Cast) -> None:
    headers = {"Content-Type": "application/json-patch+json"}
    for route in operations(harbour, "PATCH"):
        answer = await ask(harbour, route, content=b"[]", headers=headers)
        assert answer.status_code == 415, route.operation_id
        named = answer.headers["accept-patch"]
        assert named.startswith(("application/merge-patch+json", "application/offset+octet-stream"))


@pytest.mark.parametrize(
    ("kind", "encoding", "code", "named"),
    [
        (f"{JSON}; charset=latin-1", None, "wire.charset", "accept"),
        (f'{JSON}; charset="ISO-8859-1"', None, "wire.charset", "accept"),
        ("application/json-patch+json", None, "wire.media_type", "accept"),
        (JSON, "br", "wire.encoding", "accept-encoding"),
    ],
)
async def test_a_body_that_would_be_misread_is_refused(
    harbour: Cast, kind: str, encoding: str | None, code: str, named: str
) -> None:
    headers = {"Content-Type": kind} | ({"Content-Encoding": encoding} if encoding else {})
    url = f"/v1/clients/{harbour.client_ids['cleo']}/goals"
    body = '{"statement": "Zoë"}'.encode("latin-1")
    answer = await harbour.thea.http.post(url, content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (415, code), answer.text
    assert named in answer.headers


@pytest.mark.parametrize("kind", [JSON, f"{JSON};charset=UTF-8", f'{JSON}; charset="utf8"'])
async def test_json_in_utf_8_is_read(harbour: Cast, kind: str) -> None:
    url = f"/v1/clients/{harbour.client_ids['cleo']}/goals"
    body = '{"statement": "Zoë"}'.encode()
    answer = await harbour.thea.http.post(url, content=body, headers={"Content-Type": kind})
    assert answer.json()["statement"] == "Zoë"
