"""Nothing can point at another client's things: by hand over HTTP, and by keys in the database."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import orjson
import pytest
from sqlalchemy import ForeignKeyConstraint

from app.core import embedded
from app.core.ids import new_id
from app.models import metadata
from app.settings import Settings
from app.vault.keyfile import Keys
from tests.cast import Cast
from tests.homework.scenes import assign, assignment, slot, submission, submit
from tests.house.matrix import staged
from tests.house.matrix_scene import Scene
from tests.house.matrix_touch import plant_rows
from tests.notes.writing import SOAP

KEYS = sorted(
    (
        key
        for table in metadata.sorted_tables
        for key in table.foreign_key_constraints
        if "practice_id" in key.column_keys and len(key.column_keys) > 1
    ),
    key=lambda key: str(key.name),
)


_APART: dict[str, dict[str, Any]] = {
    "occurrences": {"slot": "another"},
    "submission_versions": {"number": 99},
}
"""What a copy of a row has to differ in, beside its id."""


_CHECKED: dict[str, tuple[str, ...]] = {"attention_notices": ("ck_attention_notices_subject",)}
"""Rules of one row that would refuse first."""


@pytest.fixture(scope="module")
async def scene(
    server: embedded.Server, database: str, settings: Settings, keys: Keys, house: object
) -> AsyncIterator[Scene]:
    async with staged("all", server, database, settings, keys) as made:
        await plant_rows(made)
        yield made


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.name)
async def test_a_key_names_practice_and_client(scene: Scene, key: ForeignKeyConstraint) -> None:
    transaction = scene.admin.transaction()
    await transaction.start()
    try:
        with pytest.raises(asyncpg.ForeignKeyViolationError) as refused:
            await _point_elsewhere(scene, key)
    finally:
        await transaction.rollback()
    assert refused.value.constraint_name == key.name


async def _point_elsewhere(scene: Scene, key: ForeignKeyConstraint) -> None:
    """Make a row of Kit's (or Harbour's) point at the same thing of another's."""
    pairs = {one.parent.name: one.column.name for one in key.elements}
    column, target = list(pairs.items())[-1]
    table, referred = key.table.name, key.referred_table.name
    moved: dict[str, Any] = _APART.get(referred, {}) | {target: new_id()}
    if pairs.get("client_id") == "client_id":
        moved["client_id"] = scene.people.harbour.client_ids["cleo"]
    else:
        moved["practice_id"] = scene.people.lakeside.practice_id
    where = f"practice_id = '{scene.people.harbour.practice_id}'"
    theirs = where
    if "client_id" in key.referred_table.columns:
        theirs += f" and client_id = '{scene.people.kit}'"
    if "client_id" in key.table.columns:
        where += f" and client_id = '{scene.people.kit}'"
    admin = scene.admin
    await admin.execute("set local session_replication_role = replica")
    made = await admin.execute(
        f"insert into {referred} select (jsonb_populate_record(t, $1)).*"
        f" from {referred} t where {theirs} limit 1",
        orjson.dumps(moved).decode(),
    )
    assert made == "INSERT 0 1", f"nothing planted in {referred}"
    if table == "episodes":
        # What points at an episode would refuse first: so it is one nothing points at.
        await admin.execute(
            "insert into episodes (practice_id, id, client_id, opened_on)"
            " values ($1, $2, $3, current_date)",
            scene.people.harbour.practice_id,
            new_id(),
            scene.people.kit,
        )
    await admin.execute("set local session_replication_role = origin")
    await admin.execute(f"alter table {table} disable trigger user; set constraints all immediate")
    for name in _CHECKED.get(table, ()):
        await admin.execute(f"alter table {table} drop constraint {name}")
    latest = " order by created_at desc" if "created_at" in key.table.columns else ""
    changed = await admin.execute(
        f"update {table} set {column} = $1 where ctid ="
        f" (select ctid from {table} where {where}{latest} limit 1)",
        moved[target],
    )
    assert changed == "UPDATE 1", f"nothing planted in {table}"


async def test_a_client_in_person_cannot_send_for_anothers_slot(scene: Scene) -> None:
    columns = "practice_id, id, client_id, occurrence_id, assignment_id, episode_id, outcome"
    people = scene.people
    found = await scene.admin.fetchrow(
        f"select {columns} from submissions where client_id = $1 limit 1", people.kit
    )
    cleo = people.callers["sibling"].person
    assert cleo is not None
    row = dict(found) | {"id": new_id(), "client_id": cleo.client_id}
    async with scene.house.pool.acquire() as connection, connection.transaction():
        await connection.execute(
            f"select gate.enter('{cleo.sign_in_id}', '{cleo.user_id}',"
            f" '{people.harbour.practice_id}', 'client', 'client', '{cleo.client_id}', null)"
        )
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            await connection.execute(
                f"insert into submissions ({columns}) values ($1, $2, $3, $4, $5, $6, $7)",
                *row.values(),
            )


async def test_homework_serves_a_goal_of_the_same_client(harbour: Cast) -> None:
    made = await harbour.thea.http.post(
        f"/v1/clients/{harbour.client_ids['kit']}/goals", json={"statement": "To be heard"}
    )
    answer = await harbour.thea.http.post(
        f"/v1/clients/{harbour.client_ids['cleo']}/assignments",
        json=assignment(goal_id=made.json()["id"]),
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "homework.goal")


async def test_a_note_is_about_a_session_of_the_same_client(harbour: Cast) -> None:
    planned = {"starts_at": "2026-12-01T09:00:00+01:00", "setting": "video"}
    made = await harbour.thea.http.post(
        f"/v1/clients/{harbour.client_ids['kit']}/sessions", json=planned
    )
    answer = await harbour.thea.http.post(
        f"/v1/clients/{harbour.client_ids['cleo']}/notes",
        json={"format": "SOAP", "body": SOAP, "session_id": made.json()["id"]},
    )
    assert (answer.status_code, answer.json()["code"]) == (404, "sessions.not_found")


async def test_a_client_sends_for_their_own_slots_only(harbour: Cast) -> None:
    await assign(harbour, "kit")
    theirs = (await slot(harbour.kit))["id"]
    answer = await harbour.cleo.http.post(
        f"/v1/me/occurrences/{theirs}/submissions", json=submission()
    )
    assert answer.status_code == 404


async def test_a_key_of_one_client_says_nothing_of_another(harbour: Cast) -> None:
    await submit(harbour, "kit")
    await assign(harbour, "cleo")
    url = f"/v1/me/occurrences/{(await slot(harbour.cleo))['id']}/submissions"
    assert (await harbour.cleo.http.post(url, json=submission())).status_code == 201


async def test_nobody_from_next_door_is_named_as_therapist(harbour: Cast, lakeside: Cast) -> None:
    answer = await harbour.ana.http.post(
        "/v1/clients",
        json={"legal_name": "Rowan", "primary_therapist_id": lakeside.thea.user_id},
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "clients.primary_therapist")
