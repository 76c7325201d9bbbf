"""resets are counted by address: an index, made while they are written to"""

from alembic import op

from migrations.support import run_each

revision = "0040"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        run_each("0040_indexes.sql")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        run_each("0040_down.sql")
