"""What changed many seats of a draft at once, to be named by; what a draft needs another look for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261204_named"
down_revision = "20261203_forgotten"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in a batch: tables are not copied and keep their triggers.
    op.add_column("draft_edits", sa.Column("about", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("campaigns", sa.Column("look_again", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
