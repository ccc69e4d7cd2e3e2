"""Which incidents somebody has to go to, and how far each account has read the log of one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db

revision = "20261201_front"
down_revision = "202611301_stand_ins"
branch_labels = None
depends_on = None

ON_SITE = (
    "vehicle",
    "traffic",
    "disaster",
    "injury",
    "fire",
    "power",
    "connectivity",
    "prohibited_item",
    "suspicious_item",
    "harmful_material",
    "theft",
    "threat",
    "kt1",
    "inspection",
)


def upgrade() -> None:
    op.create_table(
        "incident_looks",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("at", core.db.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"],
            ["incidents.id"],
            name=op.f("fk_incident_looks_incident_id_incidents"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_incident_looks_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "incident_id", name=op.f("pk_incident_looks")),
    )
    op.create_index(op.f("ix_incident_looks_incident_id"), "incident_looks", ["incident_id"])
    # Not in a batch: the table is not copied and keeps its triggers.
    op.add_column("incident_categories", sa.Column("on_site", sa.Boolean(), server_default=sa.false(), nullable=False))
    categories = sa.table("incident_categories", sa.column("code", sa.Text()), sa.column("on_site", sa.Boolean()))
    op.execute(categories.update().where(categories.c.code.in_(ON_SITE)).values(on_site=True))


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
