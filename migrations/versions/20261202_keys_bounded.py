"""What a key is for, until when it opens, who made it, and of which of its last days was told.

Keys that are there have none of these: they go on as they did.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20270106_keys_bounded"
down_revision = "20270104_reading_the_audit"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("api_keys", sa.Column("scopes", sa.Text()))
    op.add_column("api_keys", sa.Column("ends_at", sa.DateTime(timezone=True)))
    op.add_column("api_keys", sa.Column("made_by", sa.Text()))
    op.add_column("api_keys", sa.Column("told_days", sa.Integer()))


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
