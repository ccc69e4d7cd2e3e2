"""What the QR sheets that hang say, and when a call was opened by the person who was called."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db

revision = "20261127_night"
down_revision = "20261127_channels"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_sheets",
        sa.Column("unit_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("printed_at", core.db.UTCDateTime(), nullable=False),
        sa.Column("printed_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_report_sheets_unit_id_units")),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_report_sheets")),
    )
    op.add_column("pages", sa.Column("opened_at", core.db.UTCDateTime(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
