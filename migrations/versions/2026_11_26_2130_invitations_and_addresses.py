"""invitations: what they went to and what became of them, addresses that somebody confirmed"""

from migrations.support import run_file

revision = "0041"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0041_invitations.sql")


def downgrade() -> None:
    run_file("0041_down.sql")
