"""The keys in use: unwrapped as they are needed, forgotten after a while.

root key → practice key → a client's identity, record and private keys. Keys derived from the
root serve what belongs to no practice: logins, cursors, blind indexes.
"""

import time
from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import Text, insert, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert

from app.core.statements import UUID_TEXT, Query, p
from app.vault.models import ClientKey, PracticeKey
from app.vault.sealing import Key, SealBroken, context, derive, keyed_hash, new_key, unwrap, wrap

KEPT_SECONDS: Final = 300.0
KEPT_KEYS: Final = 20_000
NEVER_KEPT: Final = "private"
"""The kind that is fetched anew each time: so row security has its say whenever it opens, and one
that was made in a transaction that came to nothing seals nothing later."""

_PRACTICE = Query(select(PracticeKey.wrapped).where(PracticeKey.practice_id == p("practice_id")))
_ADD_PRACTICE = Query(
    insert(PracticeKey).values(practice_id=p("practice_id"), wrapped=p("wrapped", None))
)
_CLIENTS = Query(
    select(ClientKey.client_id, ClientKey.wrapped).where(
        ClientKey.practice_id == p("practice_id"),
        ClientKey.client_id == p("client_ids", ARRAY(UUID_TEXT)).any_(),
        ClientKey.kind == p("kind", Text()),
    )
)
_NEW = upsert(ClientKey).values(
    practice_id=p("practice_id"),
    client_id=p("client_id"),
    kind=p("kind", Text()),
    wrapped=p("wrapped", None),
)
_ADD_CLIENT = Query(_NEW)
_BEGIN = Query(_NEW.on_conflict_do_nothing())


class Keyring:
    """Unwraps keys on request, and keeps them for five minutes; private ones not at all."""

    def __init__(self, root: Key) -> None:
        self._root = root
        self.accounts = derive(root, "accounts")
        self.cursors = derive(root, "cursors")
        self._index = derive(root, "index")
        self._kept: dict[tuple[str, str, str], tuple[Key, float]] = {}

    def held(self, practice_id: str, client_id: str, kind: str) -> Key | None:
        """A key that is in use already; None when it must be fetched first."""
        kept = self._kept.get((practice_id, client_id, kind))
        if kept is None or kept[1] < time.monotonic():
            return None
        return kept[0]

    def blind(self, practice_id: str, domain: str, value: str) -> bytes:
        """The keyed hash a value is looked up by; other in every practice (or the service's)."""
        return keyed_hash(self._index, f"{practice_id}:{domain}", value)

    async def practice(self, connection: Any, practice_id: str) -> Key:
        """The practice's key.

        Raises SealBroken when there is none: a practice without a key cannot be served.
        """
        key = self.held(practice_id, "", "practice")
        if key is None:
            wrapped = await connection.fetchval(
                _PRACTICE.sql, *_PRACTICE.arguments({"practice_id": practice_id})
            )
            if wrapped is None:
                raise SealBroken("the practice has no key")
            key = unwrap(self._root, wrapped, _home(practice_id))
            self._keep(practice_id, "", "practice", key)
        return key

    async def found(self, connection: Any, practice_id: str) -> None:
        """Make a new practice's key."""
        raw = new_key()
        wrapped = wrap(self._root, raw, _home(practice_id))
        values = {"practice_id": practice_id, "wrapped": wrapped}
        await connection.execute(_ADD_PRACTICE.sql, *_ADD_PRACTICE.arguments(values))

    async def fetch(
        self, connection: Any, practice_id: str, client_ids: Collection[str], kind: str
    ) -> dict[str, Key]:
        """These clients' keys, of those that have one; what is not in use yet in one statement."""
        found: dict[str, Key] = {}
        wanted: list[str] = []
        kept, moment = self._kept, time.monotonic()
        for one in client_ids:
            held = kept.get((practice_id, one, kind))
            if held is None or held[1] < moment:
                wanted.append(one)
            else:
                found[one] = held[0]
        if not wanted:
            return found
        parent = await self.practice(connection, practice_id)
        values = {"practice_id": practice_id, "client_ids": wanted, "kind": kind}
        for row in await connection.fetch(_CLIENTS.sql, *_CLIENTS.arguments(values)):
            client_id = row["client_id"]
            key = unwrap(parent, row["wrapped"], _bound(practice_id, client_id, kind))
            self._keep(practice_id, client_id, kind, key)
            found[client_id] = key
        return found

    async def admit(
        self, connection: Any, practice_id: str, client_id: str, kinds: Collection[str]
    ) -> None:
        """Make a client's keys of these kinds."""
        parent = await self.practice(connection, practice_id)
        for kind in kinds:
            values = _new_client_key(parent, practice_id, client_id, kind)
            await connection.execute(_ADD_CLIENT.sql, *_ADD_CLIENT.arguments(values))

    async def begin(self, connection: Any, practice_id: str, client_id: str, kind: str) -> Key:
        """A client's key of this kind, made now unless someone has made it meanwhile."""
        parent = await self.practice(connection, practice_id)
        values = _new_client_key(parent, practice_id, client_id, kind)
        await connection.execute(_BEGIN.sql, *_BEGIN.arguments(values))
        return (await self.fetch(connection, practice_id, (client_id,), kind))[client_id]

    def _keep(self, practice_id: str, client_id: str, kind: str, key: Key) -> None:
        if kind == NEVER_KEPT:
            return
        if len(self._kept) >= KEPT_KEYS:
            self._kept.clear()
        self._kept[(practice_id, client_id, kind)] = (key, time.monotonic() + KEPT_SECONDS)


def _new_client_key(parent: Key, practice_id: str, client_id: str, kind: str) -> dict[str, Any]:
    return {
        "practice_id": practice_id,
        "client_id": client_id,
        "kind": kind,
        "wrapped": wrap(parent, new_key(), _bound(practice_id, client_id, kind)),
    }


def _home(practice_id: str) -> bytes:
    return context(practice_id, None, "practice_keys", "wrapped", practice_id)


def _bound(practice_id: str, client_id: str, kind: str) -> bytes:
    return context(practice_id, client_id, "client_keys", kind, client_id)
