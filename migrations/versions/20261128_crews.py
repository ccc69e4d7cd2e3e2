"""Crews of a unit and who is in them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.db import UTCDateTime

revision = "20261208_crews"
down_revision = "20261207_lists"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "crews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_crews_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crews")),
        sa.UniqueConstraint("unit_id", "name", name=op.f("uq_crews_unit_id_name")),
    )
    op.create_index(op.f("ix_crews_unit_id"), "crews", ["unit_id"])
    op.create_table(
        "crew_members",
        sa.Column("crew_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("duties", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["crew_id"], ["crews.id"], name=op.f("fk_crew_members_crew_id_crews"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_crew_members_person_id_people")),
        sa.PrimaryKeyConstraint("crew_id", "person_id", name=op.f("pk_crew_members")),
    )
    op.create_index(op.f("ix_crew_members_person_id"), "crew_members", ["person_id"])


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
