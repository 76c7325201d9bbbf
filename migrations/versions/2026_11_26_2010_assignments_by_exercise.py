"""assignments: those that go on are found by the exercise version they are of"""

from alembic import op

from migrations.support import run_each

revision = "0060"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        run_each("0060_assignments_by_exercise.sql")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        run_each("0060_down.sql")
