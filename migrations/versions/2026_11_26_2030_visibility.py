"""who reads what was sent: levels, own entries of guardians, what is kept from them"""

from migrations.support import run_file

revision = "0020"
down_revision = "0061"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0020_visibility.sql")


def downgrade() -> None:
    run_file("0020_visibility_down.sql")
