"""Row security, declared: each table says who may pass, and policies are made from that.

An expression reads the caller from the transaction's settings, which `gate.enter` filled. Every
setting stands in a scalar sub-select, so that it is read once per statement, and only leakproof
operators are used, so that indexes still serve. Unset means no rows.
"""

from dataclasses import dataclass
from typing import Final

from app.core.ids import SYSTEM


def setting(name: str, cast: str = "text") -> str:
    """One of the caller's settings as SQL, null when unset."""
    return f"(select nullif(current_setting('app.{name}', true), '')::{cast})"


def one_of(column: str, name: str) -> str:
    """`column` is one of the ids in the caller's list `name`."""
    listed = f"nullif(current_setting('app.{name}', true), '')"
    return f"{column} = any((select string_to_array({listed}, ',')::uuid[])::uuid[])"


def either(*expressions: str) -> str:
    return "(" + " or ".join(expressions) + ")"


def both(*expressions: str) -> str:
    return " and ".join(expressions)


def all_of(*expressions: str) -> str:
    """All of them, as one part of another expression."""
    return f"({both(*expressions)})"


def acting_as(*capacities: str) -> str:
    names = ", ".join(f"'{name}'" for name in capacities)
    return f"{setting('capacity')} in ({names})"


JOB: Final = acting_as("job")
STAFF: Final = acting_as("staff")
SELF: Final = acting_as("self")
GUARDIAN: Final = acting_as("guardian")
PRACTICE: Final = f"practice_id = {setting('practice_id', 'uuid')}"
ME: Final = f"user_id = {setting('user_id', 'uuid')}"
SECRET: Final = f"token_hash = decode({setting('secret')}, 'hex')"


def is_caller(column: str) -> str:
    """The caller is the user in this column."""
    return f"{column} = {setting('user_id', 'uuid')}"


NOT_KEPT: Final = either(acting_as("self", "staff", "job"), "kept_by is null", is_caller("kept_by"))
"""Of a row with `kept_by`: no guardian reads it but the one who keeps it from the others."""


def among(column: str = "client_id", *, write: bool = False) -> str:
    """The client is one the caller acts for or has on the caseload."""
    return one_of(column, "writable" if write else "clients")


def in_directory(column: str = "client_id", *, write: bool = False) -> str:
    """The client is known to the caller: on the caseload, or the caller keeps the directory."""
    return either(among(column, write=write), f"({keeping_directory(column)})")


def keeping() -> str:
    """The caller is an owner or assistant."""
    return f"{setting('directory')} = 'all'"


def keeping_directory(column: str = "client_id") -> str:
    """The caller is an owner or assistant, and may meet this client."""
    return both(keeping(), f"not {one_of_or_none(column, 'hidden')}")


def one_of_or_none(column: str, name: str) -> str:
    listed = f"coalesce(current_setting('app.{name}', true), '')"
    return f"{column} = any((select string_to_array({listed}, ',')::uuid[])::uuid[])"


@dataclass(frozen=True, slots=True)
class Wall:
    """Who passes: `read` rows, `add` them, `change` them, `remove` them. None: nobody may.

    The verbs are also the grants: a table without `change` is never updated by the application,
    and one with `columns` in those columns only.
    """

    read: str | None = None
    add: str | None = None
    change: str | None = None
    remove: str | None = None
    gate: tuple[str, ...] = ()
    """Columns the gate's function reads to find out who calls."""
    columns: tuple[str, ...] = ()
    """The columns that may be changed, where not all of them may."""


def directory(
    column: str = "client_id",
    *,
    add: bool = True,
    change: bool = True,
    remove: bool = False,
    by_client: bool = False,
    gate: tuple[str, ...] = (),
) -> Wall:
    """What the front desk also sees: contact, care team, times. The client's side reads it, and
    writes it `by_client` only."""
    reads = both(PRACTICE, either(JOB, in_directory(column)))
    ground = in_directory(column, write=True)
    writes = both(PRACTICE, either(JOB, ground if by_client else f"({both(STAFF, ground)})"))
    return Wall(
        read=reads,
        add=writes if add else None,
        change=writes if change else None,
        remove=writes if remove else None,
        gate=gate,
    )


def clinical(
    *,
    read: str | None = None,
    add: str | None = "",
    change: str | None = "",
    gate: tuple[str, ...] = ("practice_id", "client_id", "id"),
    columns: tuple[str, ...] = (),
) -> Wall:
    """Contents: the caseload and the client only. Each verb may be narrowed, or None."""

    def narrowed(extra: str | None, write: bool) -> str | None:
        if extra is None:
            return None
        ground = either(JOB, among(write=write))
        return both(PRACTICE, ground, extra) if extra else both(PRACTICE, ground)

    return Wall(
        read=narrowed(read or "", write=False),
        add=narrowed(add, write=True),
        change=narrowed(change, write=True),
        gate=gate,
        columns=columns,
    )


SHARED_OR_OWN: Final = either(PRACTICE, f"practice_id = '{SYSTEM}'::uuid")

READERS: Final = "praxis_application, praxis_worker"


def policies(table: str, wall: Wall) -> list[str]:
    """The statements that raise one table's wall: forced, one policy a verb, grants alike."""
    lines = [
        f"alter table {table} enable row level security",
        f"alter table {table} force row level security",
    ]
    verbs = (
        ("read", "select", f"using ({wall.read})", wall.read),
        ("add", "insert", f"with check ({wall.add})", wall.add),
        ("change", "update", f"using ({wall.change}) with check ({wall.change})", wall.change),
        ("remove", "delete", f"using ({wall.remove})", wall.remove),
    )
    for name, verb, clause, wanted in verbs:
        if wanted:
            lines.append(f"create policy wall_{name} on {table} for {verb} to {READERS} {clause}")
            only = f" ({', '.join(wall.columns)})" if verb == "update" and wall.columns else ""
            lines.append(f"grant {verb}{only} on {table} to {READERS}")
    if wall.gate:
        columns = ", ".join(wall.gate)
        lines.append(f"create policy wall_gate on {table} for select to praxis_gate using (true)")
        lines.append(f"grant select ({columns}) on {table} to praxis_gate")
    return lines
