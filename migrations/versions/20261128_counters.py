"""A counter's number of a day is put right, and what was said before stays readable."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.db import UTCDateTime

revision = "20261214_counters"
down_revision = "20261213_others"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("parcel_checks", sa.Column("settled_at", UTCDateTime(), nullable=True))
    op.add_column("parcel_checks", sa.Column("sheet_at", UTCDateTime(), nullable=True))
    op.create_table(
        "parcel_corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("counter", sa.Text(), nullable=False),
        sa.Column("was", sa.Integer(), nullable=True),
        sa.Column("becomes", sa.Integer(), nullable=False),
        sa.Column("refused_was", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("referred_was", sa.Integer(), nullable=False),
        sa.Column("referred", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.CheckConstraint("becomes >= refused AND refused >= 0 AND referred >= 0 AND why <> ''", name=op.f("ck_parcel_corrections_said")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_parcel_corrections_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parcel_corrections")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_parcel_corrections_unit_id", "parcel_corrections", ["unit_id", "day"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
