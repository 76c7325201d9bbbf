"""A file's bytes as chunks, each sealed under the file's own key and bound to where it stands:
practice, client, upload, its offset, and the one attempt that wrote it."""

import base64
import secrets
from typing import Final

from app.files.storing import Place, Store
from app.vault.sealing import Key, context, new_key, open, seal

LARGEST: Final = 1024 * 1024
"""Bytes of a chunk, at most."""


def fresh_key() -> str:
    """A new file's key, as the text that its row seals under the client's record key."""
    return base64.b64encode(new_key()).decode()


class File:
    """One file's chunks: where they are kept, and the key they are under."""

    __slots__ = ("_key", "_store", "place")

    def __init__(self, store: Store, place: Place, key: str) -> None:
        self._store = store
        self.place = place
        self._key = Key(base64.b64decode(key))

    async def put(self, offset: int, plain: bytes) -> str:
        """Keep a chunk; its name, which no other attempt at the same offset shares."""
        name = f"{offset}-{secrets.token_hex(8)}"
        await self._store.put(self.place, name, seal(self._key, plain, self._bound(name)))
        return name

    async def read(self, name: str) -> bytes:
        """A chunk, opened. Raises ChunkMissing, and SealBroken for one altered or moved."""
        return open(self._key, await self._store.read(self.place, name), self._bound(name))

    async def remove(self, names: list[str]) -> None:
        """Remove chunks that no row names."""
        await self._store.remove(self.place, names)

    async def put_all(self, content: bytes) -> list[str]:
        """Keep a whole file; the names of its chunks in their order."""
        starts = range(0, len(content), LARGEST)
        return [await self.put(start, content[start : start + LARGEST]) for start in starts]

    async def read_all(self, names: list[str]) -> bytes:
        """A whole file. Raises as `read` does."""
        return b"".join([await self.read(name) for name in names])

    def _bound(self, name: str) -> bytes:
        practice_id, client_id, upload_id = self.place
        return context(practice_id, client_id, "uploads", f"chunk {name}", upload_id)
