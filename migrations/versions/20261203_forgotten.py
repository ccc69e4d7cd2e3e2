"""How many of the alarms that a window held were forgotten since: they went away by themselves long ago."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261203_forgotten"
down_revision = "20261202_held"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in a batch: the table is not copied and keeps its triggers.
    op.add_column("maintenance_windows", sa.Column("forgotten", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
