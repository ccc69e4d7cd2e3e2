"""What kind of solve was asked for: a whole roster or the least change to the draft; and whether it can be repeated."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_solve_modes"
down_revision = "20261125_reference"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Columns are added in place: copying the table would drop and cascade.
    known = sa.CheckConstraint("mode IN ('whole', 'replan')", name=op.f("ck_solve_runs_mode_known"))
    op.add_column("solve_runs", sa.Column("mode", sa.Text(), known, nullable=False, server_default="whole"))
    op.add_column("solve_runs", sa.Column("reproducible", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    with op.batch_alter_table("solve_runs", schema=None) as batch_op:
        batch_op.drop_column("reproducible")
        batch_op.drop_constraint(op.f("ck_solve_runs_mode_known"), type_="check")
        batch_op.drop_column("mode")
