"""Where somebody acted from, and indexes by which the record of actions is read: by time, and by who acted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20270104_reading_the_audit"
down_revision = "20270102_two_sheets"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("audit_entries", sa.Column("origin", sa.Text(), nullable=False, server_default=""))
    op.create_index("ix_audit_entries_actor", "audit_entries", ["actor", "at"])
    op.create_index("ix_audit_entries_at", "audit_entries", ["at", "id"])


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
