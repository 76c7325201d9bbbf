"""reviews: words to the client may follow, once"""

from migrations.support import run_file

revision = "0051"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0051_review_comments.sql")


def downgrade() -> None:
    run_file("0051_down.sql")
