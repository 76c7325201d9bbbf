"""Without a token nobody makes the service read much."""

import httpx
import pytest

from app.operation.incoming import LARGEST_FROM_ANYONE
from tests.cast import Cast


async def post(http: httpx.AsyncClient, path: str, size: int) -> httpx.Response:
    around = b'{"token": ""}'
    body = around.replace(b'""', b'"' + b"x" * (size - len(around)) + b'"')
    return await http.post(path, content=body, headers={"content-type": "application/json"})


@pytest.mark.parametrize(("over", "status"), [(0, 422), (1, 413)])
async def test_a_body_of_anyone_is_small(harbour: Cast, over: int, status: int) -> None:
    path = "/v1/auth/invitations/preview"
    answer = await post(harbour.clients.new(), path, LARGEST_FROM_ANYONE + over)
    assert answer.status_code == status, answer.text


async def test_a_body_with_a_token_may_be_larger(harbour: Cast) -> None:
    path = f"/v1/clients/{harbour.client_ids['cleo']}/goals"
    answer = await post(harbour.thea.http, path, LARGEST_FROM_ANYONE + 1)
    assert answer.status_code == 422
