"""uploads: a file that is whole and not cleaned yet is `looking`"""

from alembic import op

from migrations.support import run_each, run_file

revision = "0080"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0080_uploads_looking.sql")
    with op.get_context().autocommit_block():
        run_each("0080_uploads_looking_checks.sql")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        run_each("0080_down.sql")
