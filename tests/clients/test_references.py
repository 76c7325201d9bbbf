"""What other systems call a client can be replaced."""

import httpx

from tests.cast import Cast
from tests.clients.making import NORA, found, take_in

OLD, NEW = {"system": "billing", "value": "N-17"}, {"system": "diary", "value": "4"}


async def refer(cast: Cast, url: str, *refs: dict[str, str]) -> httpx.Response:
    version = (await cast.thea.http.get(url)).headers["etag"]
    body = {"external_refs": list(refs)}
    return await cast.thea.http.patch(url, json=body, headers={"If-Match": version})


async def nora(cast: Cast) -> str:
    return str((await take_in(cast.thea, **NORA)).headers["location"])


async def test_a_reference_is_added_beside_what_is_there(harbour: Cast) -> None:
    changed = await refer(harbour, await nora(harbour), NEW, OLD)
    assert changed.status_code == 200, changed.text
    assert changed.json()["external_refs"] == [OLD, NEW]


async def test_what_is_left_out_is_forgotten_and_free(harbour: Cast) -> None:
    await refer(harbour, await nora(harbour), NEW)
    assert await found(harbour.thea, external_ref="diary:4") == [NORA["legal_name"]]
    assert await found(harbour.thea, external_ref="billing:N-17") == []
    assert (await take_in(harbour.thea, external_refs=[OLD])).status_code == 201


async def test_all_can_go(harbour: Cast) -> None:
    assert (await refer(harbour, await nora(harbour))).json()["external_refs"] == []


async def test_a_reference_that_names_another_changes_nothing(harbour: Cast) -> None:
    await take_in(harbour.theo, external_refs=[NEW])
    url = await nora(harbour)
    answer = await refer(harbour, url, OLD, NEW)
    assert (answer.status_code, answer.json()["code"]) == (409, "clients.ref_taken")
    assert answer.json()["errors"][0]["pointer"] == "/external_refs/1"
    assert (await harbour.thea.http.get(url)).json()["external_refs"] == [OLD]
