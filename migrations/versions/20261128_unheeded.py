"""What is told of a counter after its number was put right: the number stays, and this is kept beside it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.db import UTCDateTime

revision = "20261216_unheeded"
down_revision = "20261215_revision_scans"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("parcel_checks", sa.Column("unheeded_at", UTCDateTime(), nullable=True))
    op.add_column("parcel_checks", sa.Column("unheeded", sa.Integer(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
