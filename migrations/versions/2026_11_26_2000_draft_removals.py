"""draft removals: the index by which a device finds the drafts that are gone"""

from alembic import op

from migrations.support import run_each

revision = "0030"
down_revision = "0080"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        run_each("0030_draft_gone.sql")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("drop index concurrently if exists ix_occurrences_draft_gone")
