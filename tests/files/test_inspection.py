"""A whole file is cleaned without a connection or a lock, and may go with work meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from threading import Event

import httpx
import pytest

from app.files import cleaning, unfit
from app.files.storing import Place, store
from app.files.unfit import Unfit
from app.jobs.delivering import do_chore
from app.operation.house import House
from tests.cast import Cast
from tests.files.sending import announce, content, part, picture, sample
from tests.files.test_cleaning import CLEANERS, SOUNDS
from tests.homework.test_sent_files import page, url_of
from tests.jobs.conftest import Admin, admin, worker, worker_dsn

__all__ = ["admin", "worker", "worker_dsn"]


@asynccontextmanager
async def sending_while_cleaner_is_busy(
    cast: Cast, whole: bytes
) -> AsyncIterator[tuple[str, "asyncio.Task[httpx.Response]"]]:
    """The upload's address, and the request with all of it, which waits for the cleaner."""
    taken, released = Event(), Event()

    def block() -> None:
        taken.set()
        released.wait()

    blocker = cleaning._POOL.submit(block)
    assert taken.wait(10)
    url = (await announce(cast.cleo, whole, "image/jpeg")).headers["location"]
    try:
        request = asyncio.create_task(part(cast.cleo, url, 0, whole))
        async with asyncio.timeout(10):
            while cleaning._POOL._work_queue.empty():
                await cast.cleo.http.get(url)
        yield url, request
    finally:
        released.set()
        blocker.result()


async def left_behind(cast: Cast, admin: Admin, whole: bytes) -> str:
    """The id of a file that is whole, and whose request ended before it was cleaned."""
    url = (await announce(cast.cleo, whole, "image/jpeg")).headers["location"]
    with ExitStack() as queue:
        for _ in range(cleaning.AT_ONCE):
            queue.enter_context(cleaning.place())
        answer = await part(cast.cleo, url, 0, whole)
    assert (answer.status_code, answer.json()["status"]) == (200, "looking")
    upload_id = str(answer.json()["id"])
    await admin.execute(
        "update uploads set changed_at = now() - interval '2 minutes' where id = $1", upload_id
    )
    return upload_id


async def test_cleaning_holds_no_connection_and_no_lock(harbour: Cast, admin: Admin) -> None:
    pool = harbour.house.pool
    async with sending_while_cleaner_is_busy(harbour, picture()) as (url, request):
        assert pool.get_idle_size() == pool.get_size()
        upload_id = url.rpartition("/")[2]
        held = "select status from uploads where id = $1 for update nowait"
        assert await admin.fetchval(held, upload_id) == "looking"
    assert (await request).json()["status"] == "ready"


async def test_work_that_names_a_file_being_cleaned_is_stored(harbour: Cast) -> None:
    homework = await url_of(harbour)
    async with sending_while_cleaner_is_busy(harbour, picture()) as (url, request):
        upload_id = url.rpartition("/")[2]
        sent = await harbour.cleo.http.post(homework, json=page(upload_id))
        assert sent.status_code == 201, sent.text
    assert (await request).json()["submission_id"] == sent.json()["submission_id"]
    file = f"/v1/submissions/{sent.json()['submission_id']}/files/{upload_id}"
    assert (await harbour.thea.http.get(file)).status_code == 200


async def test_a_file_refused_after_the_work_was_stored_leaves_the_work(
    harbour: Cast, admin: Admin, worker: House
) -> None:
    homework = await url_of(harbour)
    upload_id = await left_behind(harbour, admin, b"no picture")
    sent = (await harbour.cleo.http.post(homework, json=page(upload_id))).json()
    await admin.execute(
        "update uploads set changed_at = now() - interval '2 minutes' where id = $1", upload_id
    )
    await do_chore(worker, "inspect_left_files")
    read = await harbour.cleo.http.get(f"/v1/me/submissions/{sent['submission_id']}")
    assert read.json()["answers"]["page"] == "I am stuck."
    file = (await harbour.cleo.http.get(f"/v1/me/uploads/{upload_id}")).json()
    assert (file["status"], file["refused"]["code"]) == ("refused", "files.unknown_type")


async def test_a_file_whose_request_ended_is_cleaned_by_the_worker(
    harbour: Cast, admin: Admin, worker: House
) -> None:
    upload_id = await left_behind(harbour, admin, picture())
    await do_chore(worker, "inspect_left_files")
    assert (await content(harbour.cleo, upload_id)).status_code == 200


async def test_a_last_part_that_is_refused_leaves_no_chunk(harbour: Cast) -> None:
    whole = picture()
    url = (await announce(harbour.cleo, whole, "image/jpeg")).headers["location"]
    first, second = await asyncio.gather(*(part(harbour.cleo, url, 0, whole) for _ in range(2)))
    assert sorted((first.status_code, second.status_code)) == [200, 409]
    place = Place(harbour.practice_id, harbour.client_ids["cleo"], url.rpartition("/")[2])
    # The part as it came, until the worker has tidied up, and the cleaned file.
    assert len(await store(harbour.house.settings).names(place)) == 2


@pytest.mark.parametrize("name", ["voice.mp3", "voice.m4a", "voice.ogg", "voice.webm"])
def test_a_recording_of_countless_parts_is_refused(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unfit, "MOST_PARTS", 1)
    cleaner = next(one for one in CLEANERS if one.__module__.endswith(_MODULES[SOUNDS[name]]))
    with pytest.raises(Unfit, match="too_many_parts"):
        cleaner(sample(name))


_MODULES = {
    "audio/mpeg": "mpeg",
    "audio/mp4": "mp4",
    "audio/ogg": "ogg",
    "audio/webm": "webm",
}
