"""Who has the page of an incident open."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db

revision = "20261202_watches"
down_revision = "20261201_front"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "incident_watches",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("at", core.db.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"],
            ["incidents.id"],
            name=op.f("fk_incident_watches_incident_id_incidents"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_incident_watches_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "incident_id", name=op.f("pk_incident_watches")),
    )
    op.create_index(op.f("ix_incident_watches_at"), "incident_watches", ["at"])
    op.create_index(op.f("ix_incident_watches_incident_id"), "incident_watches", ["incident_id"])


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
