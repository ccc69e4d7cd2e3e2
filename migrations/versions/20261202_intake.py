"""Rules of sources that report by themselves, what came along with an alarm, and mailboxes that alarms come to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db

revision = "20261202_intake"
down_revision = "20261202_watches"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in a batch: the table is not copied and keeps its triggers.
    op.add_column("intakes", sa.Column("rules", sa.JSON(), server_default=sa.text("'[]'"), nullable=False))
    op.create_table(
        "incident_details",
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"],
            ["incidents.id"],
            name=op.f("fk_incident_details_incident_id_incidents"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("incident_id", name=op.f("pk_incident_details")),
    )
    op.create_table(
        "mailboxes",
        sa.Column("intake_id", sa.Integer(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("port", sa.Integer(), nullable=False),
        sa.Column("security", sa.Text(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("senders", sa.JSON(), nullable=False),
        sa.Column("allow_private", sa.Boolean(), nullable=False),
        sa.Column("changed_at", core.db.UTCDateTime(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=True),
        sa.Column("last_uid", sa.BigInteger(), nullable=True),
        sa.Column("next_at", core.db.UTCDateTime(), nullable=False),
        sa.Column("looked_at", core.db.UTCDateTime(), nullable=True),
        sa.Column("failing_since", core.db.UTCDateTime(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.CheckConstraint("security IN ('tls', 'starttls', 'none')", name=op.f("ck_mailboxes_security_known")),
        sa.ForeignKeyConstraint(
            ["intake_id"], ["intakes.id"], name=op.f("fk_mailboxes_intake_id_intakes"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("intake_id", name=op.f("pk_mailboxes")),
    )
    op.create_index(op.f("ix_mailboxes_next_at"), "mailboxes", ["next_at"])
    op.create_table(
        "received_mails",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("intake_id", sa.Integer(), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("at", core.db.UTCDateTime(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["intake_id"], ["intakes.id"], name=op.f("fk_received_mails_intake_id_intakes"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_received_mails")),
        sa.UniqueConstraint("intake_id", "uidvalidity", "uid", name=op.f("uq_received_mails_intake_id_uidvalidity_uid")),
        sa.UniqueConstraint("intake_id", "digest", name=op.f("uq_received_mails_intake_id_digest")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_received_mails_at"), "received_mails", ["at"])


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
