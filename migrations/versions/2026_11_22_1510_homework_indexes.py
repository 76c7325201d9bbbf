"""homework whole: indexes on the tables that stand, made while they are written to"""

from alembic import op

from migrations.support import run_each

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        run_each("0003_indexes.sql")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        run_each("0003_down.sql")
