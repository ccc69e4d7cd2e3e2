"""The employer's ground for a long on-site duty, and the normal hours that an enterprise chose for a work pattern."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261127_law"
down_revision = "20261127_away"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("demand", sa.Column("legal_ground", sa.Text(), nullable=False, server_default=""))
    op.add_column("shifts", sa.Column("legal_ground", sa.Text(), nullable=False, server_default=""))
    op.add_column("work_patterns", sa.Column("normal_hours", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
