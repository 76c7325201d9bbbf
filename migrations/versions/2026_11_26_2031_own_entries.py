"""one entry for each sender and slot: the index, made while it is written to"""

from alembic import op

from migrations.support import run_each

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        run_each("0021_own_entries.sql")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        run_each("0021_own_entries_down.sql")
