"""the house: its tables, walls, gate, locks and queue"""

from migrations.support import run_file

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0001_tables.sql")
    run_file("0001_gate.sql")
    run_file("0001_locks.sql")
    run_file("0001_walls.sql")
    run_file("0001_worker.sql")
    run_file("0001_queue.sql")


def downgrade() -> None:
    run_file("0001_down.sql")
