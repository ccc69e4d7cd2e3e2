"""Sheets that are read into a draft, what units' codes mean; and lists that units send for a campaign."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.db import UTCDateTime

revision = "20261207_lists"
down_revision = "20261206_edit_versions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sheet_codes",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("means", sa.Text(), nullable=False),
        sa.Column("said_at", UTCDateTime(), nullable=False),
        sa.Column("said_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.id"], name=op.f("fk_sheet_codes_unit_id_units"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("unit_id", "code", name=op.f("pk_sheet_codes")),
    )
    _lists()


def _lists() -> None:
    op.create_table(
        "list_collections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("reminded_at", UTCDateTime(), nullable=True),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["campaigns.id"],
            name=op.f("fk_list_collections_campaign_id_campaigns"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_collections")),
        sa.UniqueConstraint("campaign_id", name=op.f("uq_list_collections_campaign_id")),
    )
    op.create_table(
        "unit_lists",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collection_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("link_ended_at", UTCDateTime(), nullable=True),
        sa.Column("sent_at", UTCDateTime(), nullable=True),
        sa.Column("sent_by", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.Column("answered_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'sent', 'returned', 'merged')", name=op.f("ck_unit_lists_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["collection_id"],
            ["list_collections.id"],
            name=op.f("fk_unit_lists_collection_id_list_collections"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_unit_lists_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_lists")),
        sa.UniqueConstraint("collection_id", "unit_id", name=op.f("uq_unit_lists_collection_id_unit_id")),
        sa.UniqueConstraint("digest", name=op.f("uq_unit_lists_digest")),
    )
    op.create_index(op.f("ix_unit_lists_unit_id"), "unit_lists", ["unit_id"])
    op.create_table(
        "list_picks",
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["list_id"], ["unit_lists.id"], name=op.f("fk_list_picks_list_id_unit_lists"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"], ["seats.id"], name=op.f("fk_list_picks_seat_id_seats"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_list_picks_person_id_people")),
        sa.PrimaryKeyConstraint("list_id", "seat_id", name=op.f("pk_list_picks")),
    )
    op.create_index(op.f("ix_list_picks_person_id"), "list_picks", ["person_id"])


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
