"""The walls as declared are the walls as they stand in the database."""

from typing import Any

import asyncpg
import pytest
from sqlalchemy import ForeignKeyConstraint, Table, UniqueConstraint

from app.core import embedded
from app.core.database import Base
from app.core.walls import policies
from app.models import metadata

WITHOUT_A_PRACTICE = {
    "users", "recovery_codes", "sign_ins", "refresh_tokens", "resets", "throttles",
}  # fmt: skip
"""A login belongs to no practice; these are its tables, and all that belong to none."""

MODELS: dict[str, type[Base]] = {
    mapper.local_table.name: mapper.class_  # type: ignore[attr-defined]
    for mapper in Base.registry.mappers
}


def tenant_tables() -> list[Table]:
    return [table for name, table in metadata.tables.items() if name not in WITHOUT_A_PRACTICE]


@pytest.fixture
async def owner(server: embedded.Server, database: str) -> Any:
    connection = await asyncpg.connect(server.dsn(database))
    yield connection
    await connection.close()


def test_the_practice_comes_first_in_every_key() -> None:
    assert len(tenant_tables()) > 30
    for table in tenant_tables():
        keys = [list(table.primary_key.columns)]
        keys += [
            list(one.columns) for one in table.constraints if isinstance(one, UniqueConstraint)
        ]
        for key in keys:
            assert key[0].name == "practice_id", f"{table.name}: {[c.name for c in key]}"


def test_references_name_practice_and_client() -> None:
    looked_at = 0
    for table in tenant_tables():
        for key in (c for c in table.constraints if isinstance(c, ForeignKeyConstraint)):
            target = key.referred_table
            looked_at += 1
            if target.name in WITHOUT_A_PRACTICE:
                continue
            pairs = [(e.parent.name, e.column.name) for e in key.elements]
            assert pairs[0][1] == "practice_id", f"{table.name} → {target.name}"
            if "client_id" in target.columns and "client_id" in table.columns:
                assert ("client_id", "client_id") in pairs, f"{table.name} → {target.name}"
    assert looked_at > 30


async def test_policies_are_those_declared(owner: asyncpg.Connection) -> None:
    transaction = owner.transaction()
    await transaction.start()
    await owner.execute("create schema expected")
    for name, model in MODELS.items():
        await owner.execute(f"create table expected.{name} (like public.{name})")
        for line in policies(f"expected.{name}", model.__wall__):  # type: ignore[attr-defined]
            await owner.execute(line)
    rows = await owner.fetch(
        "select tablename, policyname, cmd, array_to_string(roles, ','),"
        " replace(qual, 'expected.', '') qual,"
        " replace(with_check, 'expected.', '') with_check, schemaname from pg_policies"
        " where policyname not like 'worker_%'"
    )
    await transaction.rollback()
    declared = {tuple(row)[:-1] for row in rows if row["schemaname"] == "expected"}
    standing = {tuple(row)[:-1] for row in rows if row["schemaname"] == "public"}
    assert len(declared) > 100
    assert standing == declared


async def test_every_table_is_walled_and_nobody_walks_around(owner: asyncpg.Connection) -> None:
    rows = await owner.fetch(
        "select relname, relrowsecurity, relforcerowsecurity from pg_class"
        " where relnamespace = 'public'::regnamespace and relkind = 'r'"
        " and relname not like 'pgqueuer%' and relname <> 'alembic_version'"
    )
    assert len(rows) == len(metadata.tables)
    assert [
        r["relname"] for r in rows if not (r["relrowsecurity"] and r["relforcerowsecurity"])
    ] == []
    around = await owner.fetch(
        "select rolname from pg_roles where rolname like 'praxis\\_%'"
        " and rolname <> 'praxis_unwalled' and (rolbypassrls or rolsuper)"
    )
    assert around == []


async def test_no_privilege_goes_beyond_the_walls(owner: asyncpg.Connection) -> None:
    rows = await owner.fetch(
        "select table_name, privilege_type from information_schema.role_table_grants"
        " where grantee = 'praxis_application' and table_schema = 'public'"
    )
    verbs = {"read": "SELECT", "add": "INSERT", "change": "UPDATE", "remove": "DELETE"}
    declared = {
        (name, privilege)
        for name, model in MODELS.items()
        for verb, privilege in verbs.items()
        if getattr(model.__wall__, verb)  # type: ignore[attr-defined]
        and not (verb == "change" and model.__wall__.columns)  # type: ignore[attr-defined]
    }
    assert len(declared) > 80
    granted = {(r["table_name"], r["privilege_type"]) for r in rows}
    assert granted - {("alembic_version", "SELECT")} == declared


async def test_of_some_tables_only_the_columns_declared_are_changed(
    owner: asyncpg.Connection,
) -> None:
    rows = await owner.fetch(
        "select table_name, column_name from information_schema.column_privileges"
        " where grantee = 'praxis_application' and privilege_type = 'UPDATE'"
    )
    walls = {name: model.__wall__ for name, model in MODELS.items()}  # type: ignore[attr-defined]
    declared = {(name, column) for name, wall in walls.items() for column in wall.columns}
    assert len(declared) > 3
    some = {name for name, wall in walls.items() if wall.columns}
    assert {(r[0], r[1]) for r in rows if r[0] in some} == declared
