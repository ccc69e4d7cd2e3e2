"""Ladders of messages, gateways, circuit breakers."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_channels"
down_revision = "20261125_policies"
branch_labels = None
depends_on = None

TEXTS = ("link", "ladder", "waits_for", "letter_id", "provider_id", "reported")


def upgrade() -> None:
    for name in TEXTS:
        op.add_column("messages", sa.Column(name, sa.Text(), server_default="", nullable=False))
    op.add_column("messages", sa.Column("facts", sa.JSON(), server_default="{}", nullable=False))
    for name in ("rung", "delay_seconds"):
        op.add_column("messages", sa.Column(name, sa.Integer(), server_default="0", nullable=False))
    op.add_column("messages", sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_messages_claim", "messages", ["state", "channel", "urgent", "created_at", "id", "next_at"])
    op.create_index("ix_messages_ladder", "messages", ["ladder", "rung"])
    op.create_index("ix_messages_pace", "messages", ["address", "channel", "sent_at"])
    op.create_index("ix_messages_provider_id", "messages", ["provider_id"])
    op.create_table(
        "gateways",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("secrets", sa.Text(), nullable=False),
        sa.Column("allow_private", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.CheckConstraint("channel IN ('sms', 'voice')", name=op.f("ck_gateways_channel_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gateways")),
        sa.UniqueConstraint("channel", "name", name=op.f("uq_gateways_channel_name")),
    )
    op.create_table(
        "breakers",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("probe_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_breakers")),
    )
    op.create_table(
        "push_keys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public", sa.Text(), nullable=False),
        sa.Column("private", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_keys")),
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
