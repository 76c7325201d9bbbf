"""practices: the language read where a client's own is not there"""

from migrations.support import run_file

revision = "0061"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0061_practice_locale.sql")


def downgrade() -> None:
    run_file("0061_down.sql")
