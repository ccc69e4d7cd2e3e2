"""Whether a solve that was stopped gives up its roster or writes the best that it has."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_keep_best"
down_revision = "20261125_limits"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Added in place: copying a table would drop it and cascade.
    op.add_column("solve_runs", sa.Column("keep_best", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    with op.batch_alter_table("solve_runs", schema=None) as batch_op:
        batch_op.drop_column("keep_best")
