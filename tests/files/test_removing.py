"""What goes with nothing goes, what is kept stays, and no crash leaves a row without its file."""

import pytest

from app.core.statements import Query
from app.files.models import Upload
from app.files.storing import Place, store
from app.jobs.delivering import do_chore, drain
from app.operation.house import House
from tests.cast import Cast
from tests.files.sending import announce, content, part, picture, send, sound
from tests.jobs.conftest import Admin, admin, worker, worker_dsn

__all__ = ["admin", "worker", "worker_dsn"]


@pytest.fixture
async def place(harbour: Cast) -> Place:
    """Where the chunks of a picture of Cleo's are, that is ready."""
    sent = await send(harbour.cleo, picture(), "image/jpeg")
    return Place(harbour.practice_id, harbour.client_ids["cleo"], sent["id"])


async def age(admin: Admin, place: Place, hours: int) -> None:
    await admin.execute(
        "update uploads set created_at = now() - make_interval(hours => $2),"
        " changed_at = now() - make_interval(hours => $2) where id = $1",
        place.upload_id,
        hours,
    )


async def rows(cast: Cast) -> int:
    work, transaction = cast.job()
    async with transaction:
        return len(await work.rows(Query(Upload.__table__.select())))


@pytest.mark.parametrize(("hours", "left"), [(23, 1), (25, 0)])
async def test_what_goes_with_nothing_goes_after_a_day(
    harbour: Cast, place: Place, worker: House, admin: Admin, hours: int, left: int
) -> None:
    await drain(worker)
    await age(admin, place, hours)
    await do_chore(worker, "remove_unused")
    assert await rows(harbour) == left
    assert len(await store(harbour.house.settings).names(place)) == left


async def test_what_arrived_gives_way_to_what_is_kept(
    harbour: Cast, place: Place, worker: House
) -> None:
    files = store(harbour.house.settings)
    assert len(await files.names(place)) == 2
    await drain(worker)
    assert len(await files.names(place)) == 1
    assert (await content(harbour.cleo, place.upload_id)).status_code == 200


async def test_of_a_refused_file_nothing_stays(harbour: Cast, worker: House) -> None:
    sent = await send(harbour.cleo, b"no picture at all", "image/jpeg")
    place = Place(harbour.practice_id, harbour.client_ids["cleo"], sent["id"])
    await drain(worker)
    assert await store(harbour.house.settings).names(place) == set()


async def test_chunks_whose_row_is_gone_are_swept(
    harbour: Cast, place: Place, worker: House, admin: Admin
) -> None:
    await drain(worker)
    await admin.execute("delete from uploads where id = $1", place.upload_id)
    await do_chore(worker, "sweep_files")
    assert await store(harbour.house.settings).places(harbour.practice_id) == []


async def test_the_sweep_leaves_what_is_on_its_way(harbour: Cast, worker: House) -> None:
    whole = sound(200_000)
    url = (await announce(harbour.cleo, whole, "audio/wav")).headers["location"]
    await part(harbour.cleo, url, 0, whole[:100_000])
    upload_id = url.rpartition("/")[2]
    place = Place(harbour.practice_id, harbour.client_ids["cleo"], upload_id)
    await store(harbour.house.settings).put(place, ".left-by-a-kill", b"cut")
    await do_chore(worker, "sweep_files")
    await part(harbour.cleo, url, 100_000, whole[100_000:])
    assert (await content(harbour.cleo, upload_id)).content == whole
