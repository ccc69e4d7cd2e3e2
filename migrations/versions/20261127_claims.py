"""What was changed in drafts since they were published, to be undone and done again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db

revision = "20261127_claims"
down_revision = "20261127_night"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "draft_edits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("made_at", core.db.UTCDateTime(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("undone_at", core.db.UTCDateTime(), nullable=True),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.CheckConstraint("kind IN ('edit', 'solve')", name=op.f("ck_draft_edits_kind_known")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_draft_edits_campaign_id_campaigns"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_edits")),
    )
    op.create_index("ix_draft_edits_maker", "draft_edits", ["campaign_id", "made_by"])


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
