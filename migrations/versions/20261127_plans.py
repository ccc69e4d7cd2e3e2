"""What a re-plan changed and what is proven of that, and whether it only fills what is empty."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261127_plans"
down_revision = "20261127_claims"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("solve_runs", sa.Column("changes", sa.JSON(), nullable=True))
    op.add_column("solve_runs", sa.Column("keeps_all", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
