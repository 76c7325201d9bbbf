"""local days: the gate bears a zone that the database does not know"""

from migrations.support import run_file

revision = "0050"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0050_local_days.sql")


def downgrade() -> None:
    run_file("0050_down.sql")
