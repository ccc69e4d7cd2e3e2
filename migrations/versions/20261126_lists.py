"""The newest open incidents, and what was joined to others by its key, are found without reading all."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_lists"
down_revision = "20261125_watch"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_incidents_newest", "incidents", ["status", "created_at", "id"])
    joined = sa.text("joined_to_id IS NOT NULL")
    op.create_index(
        "ix_incidents_joined_key", "incidents", ["dedup_key"], sqlite_where=joined, postgresql_where=joined
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
