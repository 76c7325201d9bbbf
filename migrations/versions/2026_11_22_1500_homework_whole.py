"""homework whole: schedules, drafts, rest periods, questions, programs, uploads, reminders"""

from migrations.support import run_file

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0002_tables.sql")
    run_file("0002_changes.sql")
    run_file("0002_care.sql")
    run_file("0002_walls.sql")


def downgrade() -> None:
    run_file("0002_care_down.sql")
    run_file("0002_changes_down.sql")
    run_file("0002_down.sql")
