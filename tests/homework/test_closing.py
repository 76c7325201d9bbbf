"""An episode that closes takes its homework along, and nothing that was sent."""

from typing import Any

from app.jobs.delivering import drain
from app.operation.house import House
from tests.cast import Cast
from tests.clients.caring import close, open_again
from tests.homework.scenes import assign, slot, submit
from tests.jobs.conftest import worker, worker_dsn

__all__ = ["worker", "worker_dsn"]


async def state(cast: Cast, made: dict[str, Any]) -> dict[str, Any]:
    read = await cast.thea.http.get(f"/v1/assignments/{made['id']}")
    shown: dict[str, Any] = read.json()
    return shown


async def closed(cast: Cast, worker: House) -> None:
    assert (await close(cast)).status_code == 200
    await drain(worker)


async def test_what_runs_ends_by_itself(harbour: Cast, worker: House) -> None:
    made = await assign(harbour)
    await closed(harbour, worker)
    ended = await state(harbour, made)
    assert (ended["status"], ended["ended_as"]) == ("ended", "job")


async def test_what_is_paused_ends_too(harbour: Cast, worker: House) -> None:
    made = await assign(harbour)
    url = f"/v1/assignments/{made['id']}/pause"
    paused = await harbour.thea.http.post(url, headers={"If-Match": f'"v{made["version"]}"'})
    assert paused.status_code == 200, paused.text
    await closed(harbour, worker)
    assert (await state(harbour, made))["status"] == "ended"


async def test_what_was_proposed_is_withdrawn(harbour: Cast, worker: House) -> None:
    made = await assign(harbour, agreed=False)
    await closed(harbour, worker)
    assert (await state(harbour, made))["status"] == "withdrawn"


async def test_nothing_is_open_any_more(harbour: Cast, worker: House) -> None:
    await assign(harbour)
    await slot(harbour.cleo)
    await closed(harbour, worker)
    today = await harbour.cleo.http.get("/v1/me/today?zone=Europe/Berlin")
    assert today.json()["open"] == []


async def test_what_was_sent_stays_to_be_reviewed(harbour: Cast, worker: House) -> None:
    receipt = await submit(harbour)
    await closed(harbour, worker)
    url = f"/v1/submissions/{receipt['submission_id']}"
    read = await harbour.thea.http.get(url)
    reviewed = await harbour.thea.http.post(
        f"{url}/review", json={"number": 1}, headers={"If-Match": read.headers["etag"]}
    )
    assert reviewed.status_code == 200, reviewed.text


async def test_homework_of_another_episode_goes_on(harbour: Cast, worker: House) -> None:
    other = (await open_again(harbour)).json()
    made = await assign(harbour, episode_id=other["id"])
    await closed(harbour, worker)
    assert (await state(harbour, made))["status"] == "active"


async def test_done_twice_is_done_once(harbour: Cast, worker: House) -> None:
    made = await assign(harbour)
    await closed(harbour, worker)
    before = await state(harbour, made)
    work, transaction = harbour.job()
    async with transaction:
        work.tell("episodes.closed", harbour.episode_ids["cleo"], harbour.client_ids["cleo"])
    await drain(worker)
    assert await state(harbour, made) == before


async def test_what_was_declined_cannot_begin_any_more(harbour: Cast, worker: House) -> None:
    made = await assign(harbour, agreed=False)
    mine, seen = f"/v1/me/assignments/{made['id']}", {"If-Match": '"v1"'}
    body = {"reason": "not_ready"}
    await harbour.cleo.http.post(f"{mine}/decline", json=body, headers=seen)
    await closed(harbour, worker)
    refused = await harbour.cleo.http.post(f"{mine}/accept", headers={"If-Match": '"v2"'})
    assert (refused.status_code, refused.json()["code"]) == (409, "episodes.closed")
