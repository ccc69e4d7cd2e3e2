"""Which gateway took a message, how gateways do, tokens that their providers renew, and second rings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db

revision = "20261202_providers"
down_revision = "20261202_phone_tree"
branch_labels = None
depends_on = None
INDEXES = {
    "ix_messages_again": ("again_of",),
    "ix_messages_good_until": ("good_until",),
    "ix_messages_carried": ("carried_by", "sent_at"),
}
"""Each of the few rows that have its first column."""


def upgrade() -> None:
    op.create_table(
        "gateway_standings",
        sa.Column("gateway", sa.Text(), nullable=False),
        sa.Column("judged", sa.Integer(), server_default="0", nullable=False),
        sa.Column("late", sa.Integer(), server_default="0", nullable=False),
        sa.Column("slow_since", core.db.UTCDateTime(), nullable=True),
        sa.Column("looked_at", core.db.UTCDateTime(), nullable=True),
        sa.Column("left", sa.Float(), nullable=True),
        sa.Column("left_at", core.db.UTCDateTime(), nullable=True),
        sa.Column("asked_at", core.db.UTCDateTime(), nullable=True),
        sa.Column("left_error", sa.Text(), server_default="", nullable=False),
        sa.Column("sent_today", sa.Integer(), server_default="0", nullable=False),
        sa.Column("low_since", core.db.UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("gateway", name=op.f("pk_gateway_standings")),
    )
    op.create_table(
        "gateway_tokens",
        sa.Column("gateway_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("expires_at", core.db.UTCDateTime(), nullable=False),
        sa.Column("leased_until", core.db.UTCDateTime(), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["gateway_id"], ["gateways.id"], name=op.f("fk_gateway_tokens_gateway_id_gateways"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("gateway_id", name=op.f("pk_gateway_tokens")),
    )
    # Not in a batch: the table is not copied and keeps its triggers.
    op.add_column("messages", sa.Column("carried_by", sa.Text(), nullable=True))
    op.add_column("messages", sa.Column("again_of", sa.Integer(), nullable=True))
    op.add_column("messages", sa.Column("good_until", core.db.UTCDateTime(), nullable=True))
    for name, columns in INDEXES.items():
        there = sa.text(f"{columns[0]} IS NOT NULL")
        op.create_index(name, "messages", list(columns), sqlite_where=there, postgresql_where=there)


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
