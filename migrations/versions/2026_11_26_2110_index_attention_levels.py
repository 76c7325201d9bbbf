"""attention levels: indexes, the levels of what is stored, and checks, while others write"""

from alembic import op

from migrations.support import run_each

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        run_each("0012_attention.sql")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        run_each("0012_attention_down.sql")
