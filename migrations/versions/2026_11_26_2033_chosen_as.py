"""who chose how a client is reminded, and when a goal was rated for the therapist alone"""

from alembic import op

from migrations.support import run_each, run_file

revision = "0023"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0023_chosen_as.sql")
    with op.get_context().autocommit_block():
        run_each("0023_chosen_as_checks.sql")


def downgrade() -> None:
    run_file("0023_chosen_as_down.sql")
