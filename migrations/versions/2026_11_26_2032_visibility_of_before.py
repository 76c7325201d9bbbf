"""what was narrowed or taken back before is narrowed, and what was added unchecked is checked"""

from alembic import op

from migrations.support import run_each

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        run_each("0022_visibility_of_before.sql")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        run_each("0022_down.sql")
