"""What sources were refused for, counted: too large, a key of another door, revoked, or known to nobody."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.db import UTCDateTime

revision = "20261223_refused_at_the_door"
down_revision = "20261222_mails_apart"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "intake_refusals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("intake_id", sa.Integer(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("first_at", UTCDateTime(), nullable=False),
        sa.Column("last_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("why IN ('size', 'door', 'revoked', 'key')", name=op.f("ck_intake_refusals_why")),
        sa.ForeignKeyConstraint(
            ["intake_id"], ["intakes.id"], name=op.f("fk_intake_refusals_intake_id_intakes"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake_refusals")),
    )
    op.create_index("uq_intake_refusals_of_source", "intake_refusals", ["intake_id", "why"], unique=True)
    nobodys = sa.text("intake_id IS NULL")
    op.create_index(
        "uq_intake_refusals_of_nobody",
        "intake_refusals",
        ["why"],
        unique=True,
        sqlite_where=nobodys,
        postgresql_where=nobodys,
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
