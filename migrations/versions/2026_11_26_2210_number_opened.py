"""which version of something urgent was opened"""

from migrations.support import run_file

revision = "0014"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0014_number_opened.sql")


def downgrade() -> None:
    run_file("0014_number_opened_down.sql")
