"""What migrations share: running a file of SQL as it stands."""

from pathlib import Path
from typing import Any

from alembic import op
from sqlalchemy.util import await_only

_SQL = Path(__file__).parent / "sql"


def run_file(name: str) -> None:
    """Run migrations/sql/`name`, many statements at once, in the migration's transaction."""
    bind = op.get_bind()
    bind.exec_driver_sql("select 1")
    connection: Any = bind.connection.driver_connection
    await_only(connection.execute((_SQL / name).read_text()))


def run_each(name: str) -> None:
    """Run migrations/sql/`name` statement by statement, as what runs outside a transaction must."""
    lines = [line for line in (_SQL / name).read_text().splitlines() if not line.startswith("--")]
    for statement in "\n".join(lines).split(";"):
        if statement.strip():
            op.execute(statement)
