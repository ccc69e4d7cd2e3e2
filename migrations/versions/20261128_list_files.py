"""Photos and PDF of a paper list, kept with the list of a unit; and who typed them over."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.db import UTCDateTime

revision = "20261209_list_files"
down_revision = "20261208_crews"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("unit_lists", sa.Column("typed_by", sa.Text(), server_default="", nullable=False))
    op.create_table(
        "list_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sent_sha256", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sent_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["list_id"], ["unit_lists.id"], name=op.f("fk_list_files_list_id_unit_lists"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_files")),
        sa.UniqueConstraint("key", name=op.f("uq_list_files_key")),
        sa.UniqueConstraint("list_id", "sent_sha256", name=op.f("uq_list_files_list_id_sent_sha256")),
        sa.CheckConstraint(
            "media_type IN ('image/jpeg', 'image/png', 'image/webp', 'application/pdf')",
            name=op.f("ck_list_files_media_type_known"),
        ),
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
