"""Inserts and updates of one row, each compiled once for the columns it writes."""

from functools import cache
from typing import Any, cast

from sqlalchemy import Integer, Table, bindparam, func, insert, update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.core.database import Base
from app.core.statements import Query, p, row_column


@cache
def insert_query(
    table: type[Base], names: tuple[str, ...], unless: tuple[str, ...] | None
) -> Query:
    """Insert a row; with `unless` (the columns of a unique key) an existing one wins."""
    columns = table.__table__.columns
    values = {name: bindparam(name, type_=columns[name].type) for name in names}
    if unless is None:
        return Query(insert(table).values(values))
    return Query(upsert(table).values(values).on_conflict_do_nothing(index_elements=unless))


@cache
def update_query(table: type[Base], names: tuple[str, ...], *, versioned: bool) -> Query:
    """Update the row `own_key`, in the version `seen` where `versioned`; values are `new_…`."""
    model = cast(Table, table.__table__)
    columns = model.columns
    sets: dict[str, Any] = {n: bindparam(f"new_{n}", type_=columns[n].type) for n in names}
    if "version" in columns:
        sets |= {"version": columns["version"] + 1, "changed_at": func.now()}
    statement = update(model).where(columns[row_column(model)] == p("own_key"))
    if "practice_id" in model.primary_key.columns:
        statement = statement.where(columns["practice_id"] == p("practice_id"))
    if versioned:
        statement = statement.where(columns["version"] == p("seen", Integer()))
    return Query(statement.values(sets))
