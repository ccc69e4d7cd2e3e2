"""Refused and referred as they were told beside a number that was put right."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261218_unheeded_refused"
down_revision = "20261217_sheet_added"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("parcel_checks", sa.Column("unheeded_refused", sa.Integer(), nullable=True))
    op.add_column("parcel_checks", sa.Column("unheeded_referred", sa.Integer(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
