"""A Core statement, compiled once to the text and the order of parameters the driver wants."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final
from weakref import WeakSet

from sqlalchemy import BindParameter, Delete, Dialect, Insert, Table, Update, Uuid, bindparam
from sqlalchemy.dialects.postgresql import asyncpg as dialect_module
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.selectable import SelectBase

from app.core.database import Sealed

Statement = SelectBase | Insert | Update | Delete

DIALECT: Final = dialect_module.dialect()  # type: ignore[no-untyped-call]
UUID_TEXT: Final = Uuid(as_uuid=False)


def p(name: str, type_: Any = UUID_TEXT) -> BindParameter[Any]:
    """A named parameter; a uuid unless told otherwise."""
    return bindparam(name, type_=type_)


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """Where a sealed value stands in a row, and what it is bound to."""

    name: str
    table: str
    column: str
    under: str
    client: str | None
    row: str
    spread: bool


class Query:
    """A statement ready for the driver.

    Parameters without a value in the statement are asked for by name when it runs. Sealed
    columns are found by their type; the query refuses, when it is made, a sealed column whose
    row's own key is not selected beside it. A sealed column named `words` holds an object whose
    members become members of the row.
    """

    made: ClassVar["WeakSet[Query]"] = WeakSet()
    """Every query there is in this process, for the sweeps."""

    __slots__ = (
        "__weakref__", "_fixed", "_order", "client", "names", "sealed", "sql", "statement"
    )  # fmt: skip

    def __init__(self, statement: Statement, dialect: Dialect = DIALECT) -> None:
        self.statement = statement
        compiled = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
        if not isinstance(compiled, SQLCompiler):
            raise TypeError("only statements can be compiled to queries")
        self.sql = str(compiled)
        self._order: tuple[str, ...] = tuple(compiled.positiontup or ())
        self._fixed: dict[str, Any] = {
            name: bind.effective_value for name, bind in compiled.binds.items() if not bind.required
        }
        self.names = frozenset(self._order) - self._fixed.keys()
        self.sealed = _sealed_columns(statement)
        self.client = _client_shown(statement)
        self.made.add(self)

    def arguments(self, *sources: Mapping[str, Any]) -> list[Any]:
        """The driver's positional arguments; later sources are asked first.

        Raises KeyError when a parameter is in none of them.
        """
        values = self._fixed.copy()
        for source in sources:
            values.update(source)
        return [values[name] for name in self._order]


def row_column(table: Any) -> str:
    """The one column that, with the practice, tells a row from all others of its table.

    Raises ValueError where there is no single one: such a table cannot hold sealed values.
    """
    names = [c.name for c in table.primary_key.columns if c.name != "practice_id"]
    if len(names) != 1:
        raise ValueError(f"{table.name} has no single key column")
    return str(names[0])


def client_column(table: Any) -> str | None:
    """The column that says whose row it is, where it is a client's."""
    if table.name == "clients":
        return "id"
    return "client_id" if "client_id" in table.columns else None


def _sealed_columns(statement: Statement) -> tuple[SealedColumn, ...]:
    columns: list[Any] = list(getattr(statement, "selected_columns", None) or ()) or list(
        getattr(statement, "_returning", ())
    )
    shown: dict[tuple[str, str], str] = {}
    for column in columns:
        if (place := _place(column)) is not None:
            shown[(place[0].name, place[1])] = column.key
    return tuple(
        _sealed_column(column, shown) for column in columns if isinstance(column.type, Sealed)
    )


def _sealed_column(column: Any, shown: Mapping[tuple[str, str], str]) -> SealedColumn:
    place = _place(column)
    if place is None:
        raise ValueError(f"{column} is sealed: select the column itself")
    seen_as, name = place
    table = getattr(seen_as, "element", seen_as)
    personal = column.type.under in ("identity", "record", "private")
    client = client_column(table) if personal else None
    row = row_column(table)
    missing = {key for key in (row, client) if key and (seen_as.name, key) not in shown}
    if missing:
        raise ValueError(f"{table.name}.{name} is sealed: select {sorted(missing)} beside it")
    return SealedColumn(
        name=column.key,
        table=table.name,
        column=name,
        under=column.type.under,
        client=shown[(seen_as.name, client)] if client else None,
        row=shown[(seen_as.name, row)],
        spread=column.key == "words",
    )


def _place(column: Any) -> tuple[Any, str] | None:
    """The table (or its alias) and the name of a selected column; None for an expression."""
    inner = getattr(column, "element", column)
    seen_as = getattr(inner, "table", None)
    if not isinstance(getattr(seen_as, "element", seen_as), Table):
        return None
    return seen_as, inner.name


def _client_shown(statement: Statement) -> str | None:
    """The name under which a read shows whose rows these are, where they are a client's."""
    for column in getattr(statement, "selected_columns", None) or ():
        place = _place(column)
        if place is None:
            continue
        table = getattr(place[0], "element", place[0])
        if client_column(table) == place[1]:
            return str(column.key)
    return None
