"""homework whole: what was added unchecked is checked, under a lock that lets writers by"""

from alembic import op

from migrations.support import run_each

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        run_each("0004_checks.sql")


def downgrade() -> None:
    op.drop_constraint("uq_assignments_practice_id_client_id_client_key", "assignments")
    op.create_index(
        "uq_assignments_practice_id_client_id_client_key",
        "assignments",
        ["practice_id", "client_id", "client_key"],
        unique=True,
    )
