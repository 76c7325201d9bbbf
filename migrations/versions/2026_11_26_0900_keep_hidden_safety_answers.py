"""hidden answers that can ask for attention are kept, and the receipt names them"""

from migrations.support import run_file

revision = "0010"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0010_kept_hidden.sql")


def downgrade() -> None:
    run_file("0010_kept_hidden_down.sql")
