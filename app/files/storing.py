"""Where the bytes of files are kept: sealed chunks by name, in a folder unless told otherwise.

Another kind of storage is another `Store`, and `store` hands it out; nothing else knows of it.
"""

import asyncio
import os
import secrets
import shutil
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

from app.settings import Settings


class Place(NamedTuple):
    """Whose chunks they are: three ids."""

    practice_id: str
    client_id: str
    upload_id: str


class Usage(NamedTuple):
    """How many chunks there are, and their bytes in all."""

    chunks: int
    size: int


class ChunkMissing(Exception):
    """There is no chunk of that name."""


class Store(Protocol):
    """Keeps chunks. Each is written once, under a name that is never used again."""

    async def put(self, place: Place, name: str, sealed: bytes) -> None:
        """Keep a chunk; it is there whole and for good when this returns. Raises OSError."""

    async def read(self, place: Place, name: str) -> bytes:
        """A chunk. Raises ChunkMissing."""

    async def names(self, place: Place) -> set[str]:
        """The chunks there are, in no order."""

    async def remove(self, place: Place, names: Collection[str] | None = None) -> None:
        """Remove these chunks, or all; what is gone already is no error."""

    async def places(self, practice_id: str) -> list[Place]:
        """All places of a practice that may hold chunks."""

    async def usage(self) -> Usage:
        """What is kept, of all practices."""


def store(settings: Settings) -> Store:
    """The storage of this installation: the folder that the settings name."""
    return Folder(settings.files_folder)


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder a practice, in it one a client, in it one an upload; a file a chunk.

    Folders are 0700 and files 0600. A file is written beside its name, synced, and renamed, so
    that a chunk is whole or not there, however its writer ended.
    """

    path: Path

    async def put(self, place: Place, name: str, sealed: bytes) -> None:
        await asyncio.to_thread(self._put, place, name, sealed)

    async def read(self, place: Place, name: str) -> bytes:
        try:
            return await asyncio.to_thread((self._at(place) / name).read_bytes)
        except FileNotFoundError:
            raise ChunkMissing from None

    async def names(self, place: Place) -> set[str]:
        return set(await asyncio.to_thread(_inside, self._at(place)))

    async def remove(self, place: Place, names: Collection[str] | None = None) -> None:
        await asyncio.to_thread(self._remove, place, names)

    async def places(self, practice_id: str) -> list[Place]:
        return await asyncio.to_thread(self._places, practice_id)

    async def usage(self) -> Usage:
        return await asyncio.to_thread(self._usage)

    def _at(self, place: Place) -> Path:
        return self.path.joinpath(*place)

    def _put(self, place: Place, name: str, sealed: bytes) -> None:
        folder = self._at(place)
        _make(folder, self.path.parent)
        draft = folder / f".{secrets.token_hex(8)}"
        try:
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(sealed)
                file.flush()
                os.fsync(file.fileno())
            draft.rename(folder / name)
        finally:
            draft.unlink(missing_ok=True)
        _sync(folder)

    def _remove(self, place: Place, names: Collection[str] | None) -> None:
        folder = self._at(place)
        if names is None:
            shutil.rmtree(folder, ignore_errors=True)
            return
        for name in names:
            (folder / name).unlink(missing_ok=True)

    def _places(self, practice_id: str) -> list[Place]:
        home = self.path / practice_id
        return [
            Place(practice_id, client_id, upload_id)
            for client_id in _inside(home)
            for upload_id in _inside(home / client_id)
        ]

    def _usage(self) -> Usage:
        chunks = size = 0
        for file in self.path.rglob("*"):
            with suppress(FileNotFoundError):
                if file.is_file():
                    chunks, size = chunks + 1, size + file.stat().st_size
        return Usage(chunks, size)


def _inside(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)
    except FileNotFoundError:
        return []


def _make(folder: Path, above: Path) -> None:
    """Make the folder and those it lies in, up to `above`; their names outlive a power cut."""
    if folder.is_dir():
        return
    if folder.parent != above:
        _make(folder.parent, above)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _sync(folder.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
