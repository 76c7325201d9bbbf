"""What the limit's handlers share: one transaction as the caller, and opening sealed fields."""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.access.tokens import Claims, TokenAuthority
from app.core.database import encoded
from app.core.ids import new_id
from app.core.statements import Query
from app.vault.keyfile import Keys
from app.vault.keyring import Keyring
from app.vault.sealing import context
from app.vault.sealing import open as unseal

Told = tuple[object, list[tuple[str, str]], list[tuple[str, str, str]]]
"""What is answered, who was read about (class word, client), and what happened."""


class Limit:
    """What the handlers share."""

    def __init__(self, keys: Keys, url: str) -> None:
        self.keyring = Keyring(keys.root)
        self.tokens = TokenAuthority(keys, url, url)
        self.pool: Any = None
        self.key: Any = None

    async def answer(
        self,
        request: Request,
        handler: Callable[[Request, Claims, Any], Awaitable[Told]],
        operation: str,
        capacity: str,
        status: int = 200,
    ) -> Response:
        """One transaction as the caller, with its last words."""
        claims = self.tokens.read(request.headers["authorization"][7:])
        acting = f"'{claims.client}'" if claims.client else "null"
        practice, me = claims.practice, claims.sub
        async with self.pool.acquire() as connection:
            try:
                await connection.execute(
                    f"begin; select gate.enter('{claims.sid}', '{me}', '{practice}', "
                    f"'{claims.kind}', '{claims.role}', {acting}, null)"
                )
                content, read, told = await handler(request, claims, connection)
                last = "commit"
                request_id = new_id()
                if read:
                    rows = ", ".join(
                        f"('{practice}', '{new_id()}', '{me}', '{capacity}', '{operation}', "
                        f"'{about}', '{client}', 'read', null, '{request_id}')"
                        for about, client in read
                    )
                    last = (
                        "insert into audit_events (practice_id, id, user_id, capacity, operation, "
                        f"about, client_id, outcome, asked_id, request_id) values {rows}; {last}"
                    )
                if told:
                    rows = ", ".join(
                        f"('{practice}', '{new_id()}', '{kind}', '{subject}', '{client}')"
                        for kind, subject, client in told
                    )
                    last = (
                        "insert into events (practice_id, id, kind, subject_id, client_id) "
                        f"values {rows}; {last}"
                    )
                await connection.execute(last)
            except BaseException:
                await connection.execute("rollback")
                raise
        return Response(encoded(content), status, media_type="application/json")

    def opened(
        self,
        practice: str,
        client: str,
        column: str,
        row: str,
        value: bytes,
        kind: str = "record",
    ) -> bytes:
        """A client's sealed value; `column` is table.column."""
        table, _, name = column.partition(".")
        key = self.keyring.held(practice, client, kind)
        assert key is not None
        return unseal(key, value, context(practice, client, table, name, row))

    async def keys(self, connection: Any, practice: str, client: str, kind: str = "record") -> None:
        """Have a client's key at hand."""
        if self.keyring.held(practice, client, kind) is None:
            await self.keyring.fetch(connection, practice, (client,), kind)


def arguments(query: Query) -> Callable[[dict[str, Any]], list[Any]]:
    """The driver's arguments from their names."""
    order, fixed = query._order, query._fixed
    return lambda values: [values[name] if name in values else fixed[name] for name in order]
