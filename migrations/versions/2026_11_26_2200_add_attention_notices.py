"""who on the staff is told of what is urgent, and when"""

from migrations.support import run_file

revision = "0013"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0013_attention_notices.sql")


def downgrade() -> None:
    run_file("0013_attention_notices_down.sql")
