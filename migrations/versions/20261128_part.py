"""A solve may be of a part of its campaign alone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261205_part"
down_revision = "20261204_named"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in a batch: the table is not copied and keeps its triggers.
    op.add_column("solve_runs", sa.Column("part", sa.JSON(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
