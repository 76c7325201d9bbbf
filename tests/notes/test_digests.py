"""What is signed stays as it was, and it shows when it did not."""

from typing import Any

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.notes.bodies import FORMATS, blank, digest, verify_digest
from tests.cast import Cast
from tests.notes.writing import signed

NOTE: dict[str, Any] = {
    "id": "a",
    "client_id": "b",
    "episode_id": "c",
    "session_id": None,
    "kind": "progress",
    "format": "narrative",
    "revision": 3,
    "body": blank("narrative"),
}


@pytest.mark.parametrize(
    "sql",
    [
        "update notes set body = '' where id = $1",
        "update notes set kind = 'intake' where id = $1",
        "update notes set status = 'draft' where id = $1",
        "delete from notes where id = $1",
    ],
)
async def test_the_database_itself_refuses_to_change_it(
    harbour: Cast, owner: asyncpg.Connection, sql: str
) -> None:
    note = await signed(harbour)
    with pytest.raises(asyncpg.PostgresError) as refused:
        await owner.execute(sql, note["id"])
    assert refused.value.sqlstate == "PX409"


async def test_a_signature_is_not_changed_either(harbour: Cast, owner: asyncpg.Connection) -> None:
    note = await signed(harbour)
    with pytest.raises(asyncpg.PostgresError) as refused:
        await owner.execute("update signatures set revision = 2 where note_id = $1", note["id"])
    assert refused.value.sqlstate == "PX409"


@pytest.mark.parametrize("change", ["kind = 'intake'", "format = 'DAP'", "revision = 9"])
async def test_a_row_changed_behind_the_lock_is_noticed(
    harbour: Cast, owner: asyncpg.Connection, change: str
) -> None:
    note = await signed(harbour)
    await owner.execute("set session_replication_role = replica")
    await owner.execute(f"update notes set {change} where id = $1", note["id"])
    found = (await harbour.thea.http.get(f"/v1/notes/{note['id']}")).json()
    assert verify_digest(note)
    assert not verify_digest(found)


async def test_a_digest_changed_behind_the_lock_is_noticed(
    harbour: Cast, owner: asyncpg.Connection
) -> None:
    note = await signed(harbour)
    await owner.execute("set session_replication_role = replica")
    await owner.execute("update signatures set digest = '' where note_id = $1", note["id"])
    found = (await harbour.thea.http.get(f"/v1/notes/{note['id']}")).json()
    assert not verify_digest(found)


def test_without_a_signature_nothing_is_verified() -> None:
    assert not verify_digest(NOTE | {"signatures": []})


@pytest.mark.parametrize("member", sorted(NOTE))
def test_every_part_of_it_counts(member: str) -> None:
    assert digest(NOTE | {member: "other"}) != digest(NOTE)


@given(text=st.text(st.characters(exclude_categories=["Cs"])), other=st.text(max_size=3))
def test_any_change_of_the_text_changes_the_digest(text: str, other: str) -> None:
    def of(words: str) -> bytes:
        return digest(NOTE | {"body": {"header": {}, "sections": {"text": words}}})

    assert (of(text) == of(text + other)) == (other == "")


@pytest.mark.parametrize("format_", sorted(FORMATS))
def test_the_order_of_members_does_not_count(format_: str) -> None:
    body = blank(format_)
    turned = {name: dict(reversed(body[name].items())) for name in reversed(body)}
    assert digest(NOTE | {"body": turned}) == digest(NOTE | {"body": body})
