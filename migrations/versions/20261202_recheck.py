"""What solves proved before bounds passed one account is verified once more: until then nothing of it is said."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.db import UTCDateTime

revision = "20261220_recheck"
down_revision = "20261219_added_by_hand"
branch_labels = None
depends_on = None


def upgrade() -> None:
    known = "recheck IN ('pending', 'confirmed', 'unconfirmed', 'refuted', 'gone')"
    with op.batch_alter_table("solve_runs") as batch:
        batch.add_column(sa.Column("recheck", sa.Text(), nullable=True))
        batch.add_column(sa.Column("rechecked_at", UTCDateTime(), nullable=True))
        batch.add_column(sa.Column("recheck_bound", sa.BigInteger(), nullable=True))
        batch.create_check_constraint(op.f("ck_solve_runs_recheck_known"), known)
    op.execute(
        "UPDATE solve_runs SET recheck = 'pending' "
        "WHERE bound IS NOT NULL AND status IN ('optimal', 'feasible', 'infeasible')"
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
