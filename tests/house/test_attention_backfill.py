"""The migration that gives attention a level finds it in what is stored, and tells nobody."""

import asyncio
from typing import Any

import asyncpg
import pytest
from alembic import command

from app.core import embedded, schema
from app.core.ids import SYSTEM, new_id

BEFORE = "0060"
AFTER = "0013"


@pytest.fixture
def scratch(server: embedded.Server, database: str, worker_id: str) -> str:
    """A database as it was before, of this test's own."""
    name = f"backfill_{worker_id}"
    asyncio.run(_create(server, name))
    dsn = server.dsn(name)
    command.upgrade(schema.alembic_config(dsn), BEFORE)
    return dsn


async def _create(server: embedded.Server, name: str) -> None:
    admin = await asyncpg.connect(server.dsn())
    await admin.execute(f"drop database if exists {name}")
    await admin.execute(f"create database {name}")
    await admin.close()
    await schema.prepare_roles(server.dsn(name), {})


def test_levels_of_what_is_stored_are_found_and_nobody_is_told(scratch: str) -> None:
    ids = asyncio.run(_stored(scratch))
    command.upgrade(schema.alembic_config(scratch), AFTER)
    found, told = asyncio.run(_found(scratch))
    assert {name: found[one] for name, one in ids.items()} == {
        "unsafe": ("urgent", ["felt_worse", "unsafe"]),
        "not safe": ("urgent", ["safe_now"]),
        "worse": ("soon", ["felt_worse"]),
        "kept, of a form about safety": ("urgent", ["answers"]),
        "kept, of another form": ("soon", ["answers"]),
        "calm": (None, []),
        "unsafe practice": ("urgent", ["unsafe"]),
        "worse practice": ("soon", ["felt_worse"]),
        "calm practice": (None, []),
    }
    assert told == 0


async def _stored(dsn: str) -> dict[str, str]:
    """Submissions and repetitions as they were written before; their ids."""
    admin = await asyncpg.connect(dsn)
    # What they point at is of no matter here.
    await admin.execute("set session_replication_role = replica")
    asks, other = new_id(), new_id()
    for version_id, fields in ((asks, '[{"id": "safe_now"}]'), (other, "[]")):
        await admin.execute(
            "insert into exercise_versions (practice_id, id, exercise_id, number, minutes, form,"
            " texts) values ($1, $2, $2, 1, 5, $3, '{}')",
            SYSTEM, version_id, f'{{"fields": {fields}}}',
        )  # fmt: skip
    said: dict[str, tuple[list[list[str]], str]] = {
        "unsafe": ([["unsafe"], [], ["felt_worse"]], other),
        "not safe": ([["safe_now"]], other),
        "worse": ([["felt_worse"]], asks),
        "kept, of a form about safety": ([["answers"]], asks),
        "kept, of another form": ([["answers"]], other),
        "calm": ([[]], asks),
    }
    ids = {name: await _submission(admin, *what) for name, what in said.items()}
    for name, obstacles in (
        ("unsafe practice", ["forgot", "unsafe"]),
        ("worse practice", ["felt_worse"]),
        ("calm practice", ["forgot"]),
    ):
        ids[name] = await _repetition(admin, obstacles, other)
    await admin.close()
    return ids


async def _submission(admin: Any, versions: list[list[str]], exercise: str) -> str:
    practice, client, submission_id = new_id(), new_id(), new_id()
    await admin.execute(
        "insert into submissions (practice_id, id, client_id, occurrence_id, assignment_id,"
        " episode_id, outcome, needs_attention) values ($1, $2, $3, $2, $2, $2, 'partial', $4)",
        practice, submission_id, client, any(versions),
    )  # fmt: skip
    for number, reasons in enumerate(versions, 1):
        await admin.execute(
            "insert into submission_versions (practice_id, id, client_id, submission_id, number,"
            " client_key, body_hash, outcome, answers_visible, library_id, exercise_version_id,"
            " obstacles, attention, dropped, occurred_at, occurred_corrected_at, zone, in_window,"
            " by_user_id, capacity) values ($1, $2, $3, $4, $5, gen_random_uuid()::text, '',"
            " 'partial', 'shared', $6, $7, '{}', $8, '{}', now(), now(), 'UTC', true, $3, 'self')",
            practice, new_id(), client, submission_id, number, SYSTEM, exercise, reasons,
        )  # fmt: skip
    return submission_id


async def _repetition(admin: Any, obstacles: list[str], exercise: str) -> str:
    repetition_id, needs = new_id(), {"unsafe", "felt_worse"} & set(obstacles)
    await admin.execute(
        "insert into repetitions (practice_id, id, client_id, episode_id, library_id,"
        " exercise_version_id, client_key, body_hash, obstacles, needs_attention, occurred_at,"
        " occurred_corrected_at, zone, by_user_id, capacity) values ($1, $2, $1, $1, $3, $4,"
        " gen_random_uuid()::text, '', $5, $6, now(), now(), 'UTC', $1, 'self')",
        new_id(), repetition_id, SYSTEM, exercise, obstacles, bool(needs),
    )  # fmt: skip
    return repetition_id


async def _found(dsn: str) -> tuple[dict[str, tuple[str | None, list[str]]], int]:
    admin = await asyncpg.connect(dsn)
    rows = await admin.fetch(
        "select id::text, attention_level, attention_reasons from submissions"
        " union all select id::text, attention_level, attention_reasons from repetitions"
    )
    told = await admin.fetchval(
        "select (select count(*) from events) + (select count(*) from attention_notices)"
    )
    await admin.close()
    return {row[0]: (row[1], row[2]) for row in rows}, told
