"""attention levels with their reasons, from whom one is not safe, and who is told of it"""

from migrations.support import run_file

revision = "0011"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0011_attention.sql")


def downgrade() -> None:
    run_file("0011_attention_down.sql")
