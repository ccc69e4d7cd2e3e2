"""What people have of their own for the rules' parameters."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_limits"
down_revision = "20261125_rules"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Added in place: copying a table would drop it and cascade.
    op.add_column("people", sa.Column("limits", sa.JSON(), nullable=False, server_default=sa.text("'{}'")))


def downgrade() -> None:
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.drop_column("limits")
