"""The diary of a shift as it was signed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db

revision = "20261202_diary_sheets"
down_revision = "20261202_providers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "diary_sheets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", core.db.UTCDateTime(), nullable=False),
        sa.Column("ends_at", core.db.UTCDateTime(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("signed_at", core.db.UTCDateTime(), nullable=False),
        sa.Column("signed_by", sa.Text(), nullable=False),
        sa.Column("signed_by_id", sa.Integer(), nullable=True),
        sa.Column("received_at", core.db.UTCDateTime(), nullable=True),
        sa.Column("received_by", sa.Text(), nullable=False),
        sa.Column("received_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(received_at IS NULL) = (received_by = '')", name=op.f("ck_diary_sheets_received")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_diary_sheets_unit_id_units")),
        sa.ForeignKeyConstraint(
            ["signed_by_id"], ["users.id"], name=op.f("fk_diary_sheets_signed_by_id_users"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["received_by_id"], ["users.id"], name=op.f("fk_diary_sheets_received_by_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_diary_sheets")),
        sa.UniqueConstraint("unit_id", "starts_at", "ends_at", name=op.f("uq_diary_sheets_unit_id_starts_at_ends_at")),
    )
    op.create_index(op.f("ix_diary_sheets_signed_by_id"), "diary_sheets", ["signed_by_id"])
    op.create_index(op.f("ix_diary_sheets_received_by_id"), "diary_sheets", ["received_by_id"])


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
