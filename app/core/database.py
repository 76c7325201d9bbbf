"""Tables' common ground, column types, and the driver's pool with its codecs."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, ClassVar, Final
from uuid import UUID

import asyncpg
import orjson
from sqlalchemy import (
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    MetaData,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

NAMES: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """A point in time. `Mapped[datetime]` alone would mean a naive one."""

    impl = TIMESTAMP(timezone=True)
    cache_ok = True


class Sealed(TypeDecorator[bytes]):
    """Bytes that only the vault can read: AES-256-GCM under the key that `under` names.

    `under` is one of the vault's keys: "identity" and "record" belong to the row's client,
    "practice" to the practice, "accounts" to the service. The plain value is JSON.
    """

    impl = LargeBinary
    cache_ok = True

    def __init__(self, under: str) -> None:
        super().__init__()
        self.under = under


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar = {
        datetime: Instant(),
        str: Text(),
        int: Integer(),
        bytes: LargeBinary(),
        list[str]: ARRAY(Text),
        dict[str, Any]: JSONB(),
    }


NOW: Final = text("now()")

Id = Annotated[str, mapped_column(Uuid(as_uuid=False))]
"""An id column: uuid in the database, canonical text in Python."""
PracticeId = Annotated[str, mapped_column(Uuid(as_uuid=False), primary_key=True, sort_order=-2)]
"""The practice, first in the primary key of every tenant table."""
Key = Annotated[str, mapped_column(Uuid(as_uuid=False), primary_key=True, sort_order=-1)]
"""The rest of a primary key."""


class Stamped:
    """When a row came to be and last changed, by the database's clock."""

    created_at: Mapped[datetime] = mapped_column(Instant(), server_default=NOW, sort_order=900)


class Versioned(Stamped):
    """A row that changes: its version is its ETag."""

    version: Mapped[int] = mapped_column(Integer, server_default=text("1"), sort_order=901)
    changed_at: Mapped[datetime] = mapped_column(Instant(), server_default=NOW, sort_order=902)


def points_at(
    target: str, *columns: str, to: tuple[str, ...] | None = None, at_commit: bool = False
) -> ForeignKeyConstraint:
    """A foreign key with the practice in front, so that it cannot cross a practice.

    `columns` are this row's, `practice_id` left out; the last one holds the target's `id`
    unless `to` names the target's columns. `at_commit` checks it then, not at once.
    """
    named = (*columns[:-1], "id") if to is None else to
    return ForeignKeyConstraint(
        ("practice_id", *columns),
        tuple(f"{target}.{name}" for name in ("practice_id", *named)),
        deferrable=True if at_commit else None,
        initially="DEFERRED" if at_commit else None,
    )


class Json:
    """A JSON value kept as the bytes it came in, so that it reaches the wire without a parse.

    Not a dataclass: orjson would write those out by itself.
    """

    __slots__ = ("raw",)

    def __init__(self, raw: bytes) -> None:
        self.raw = raw

    @property
    def value(self) -> Any:
        """The value, parsed."""
        return orjson.loads(self.raw)


def encoded(value: object) -> bytes:
    """`value` as JSON bytes; `Json` parts are embedded as they are."""
    return orjson.dumps(value, default=_embed, option=orjson.OPT_UTC_Z)


def _embed(value: object) -> object:
    if isinstance(value, Json):
        return orjson.Fragment(value.raw)
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _json_out(value: object) -> str:
    return encoded(value).decode()


def _json_in(raw: str) -> Json:
    return Json(raw.encode())


async def _prepare(connection: "asyncpg.Connection[Any]") -> None:
    await connection.set_type_codec("uuid", schema="pg_catalog", encoder=str, decoder=str)
    await connection.set_type_codec(
        "jsonb", schema="pg_catalog", encoder=_json_out, decoder=_json_in
    )


async def _no_reset(_: "asyncpg.Connection[Any]") -> None:
    """Leaving a transaction leaves nothing behind: the pool's own reset is a wasted round trip."""


async def open_pool(
    dsn: str, *, size: int, name: str, prepare: Callable[..., Any] = _prepare
) -> "asyncpg.Pool[Any]":
    """A pool of connections with the house's codecs. It connects when first asked.

    Raises what asyncpg raises when the address itself is malformed.
    """
    return await asyncpg.create_pool(
        dsn,
        min_size=0,
        max_size=size,
        init=prepare,
        reset=_no_reset,
        statement_cache_size=1024,
        max_inactive_connection_lifetime=300,
        timeout=5,
        command_timeout=30,
        server_settings={
            "application_name": name,
            "timezone": "UTC",
            "jit": "off",
            "idle_in_transaction_session_timeout": "60000",
        },
    )
