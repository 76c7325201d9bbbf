"""offline work: the files that drafts name, and when a goal was rated"""

from alembic import op

from migrations.support import run_file

revision = "0031"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0031_offline.sql")


def downgrade() -> None:
    op.drop_column("goal_ratings", "sent_at")
    op.drop_column("goal_ratings", "occurred_at")
    op.drop_table("draft_files")
