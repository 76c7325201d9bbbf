"""The folder: chunks are sealed, whole or not there, and nobody else's to read."""

import stat
from pathlib import Path

import pytest

from app.core.ids import new_id
from app.files.chunks import File, fresh_key
from app.files.storing import ChunkMissing, Folder, Place, Usage
from app.vault.sealing import SealBroken


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "files")


@pytest.fixture
def place() -> Place:
    return Place(new_id(), new_id(), new_id())


async def test_what_is_put_is_read(folder: Folder, place: Place) -> None:
    file = File(folder, place, fresh_key())
    names = await file.put_all(bytes(range(256)) * 10_000)
    assert await file.read_all(names) == bytes(range(256)) * 10_000
    assert len(names) == 3


async def test_nothing_lies_open_on_the_disk(folder: Folder, place: Place) -> None:
    await File(folder, place, fresh_key()).put(0, b"my secret voice" * 50)
    written = [one for one in folder.path.rglob("*") if one.is_file()]
    assert len(written) == 1
    assert b"secret" not in written[0].read_bytes()


async def test_only_their_owner_reads_them(folder: Folder, place: Place) -> None:
    await folder.put(place, "0-a", b"sealed")
    modes = {stat.S_IMODE(one.stat().st_mode): one.is_dir() for one in folder.path.rglob("*")}
    assert modes == {0o700: True, 0o600: False}
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700


async def test_a_chunk_opens_in_its_own_place_only(folder: Folder, place: Place) -> None:
    key = fresh_key()
    name = await File(folder, place, key).put(0, b"hers")
    elsewhere = Place(place.practice_id, new_id(), place.upload_id)
    for other, called in ((elsewhere, name), (place, "4-" + name.partition("-")[2])):
        await folder.put(other, called, await folder.read(place, name))
        with pytest.raises(SealBroken):
            await File(folder, other, key).read(called)


async def test_what_is_removed_is_missing(folder: Folder, place: Place) -> None:
    await folder.put(place, "0-a", b"sealed")
    await folder.put(place, "1-b", b"sealed")
    await folder.remove(place, {"0-a", "never-there"})
    assert await folder.names(place) == {"1-b"}
    assert await folder.usage() == Usage(1, 6)
    await folder.remove(place)
    with pytest.raises(ChunkMissing):
        await folder.read(place, "1-b")


async def test_places_are_told_by_practice(folder: Folder, place: Place) -> None:
    await folder.put(place, "0-a", b"sealed")
    assert await folder.places(place.practice_id) == [place]
    assert await folder.places(new_id()) == []
