"""How many of the parcels of a finding the point's sheet added to the number of the day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261217_sheet_added"
down_revision = "20261216_unheeded"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("parcel_findings", sa.Column("sheet_added", sa.Integer(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
