"""Between which versions of the draft each of its changes was made: an open grid asks what came since its own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261206_edit_versions"
down_revision = "20261205_part"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Of what was changed before nothing is known: no open grid asks for versions as old as that.
    for name in ("since_version", "draft_version"):
        op.add_column("draft_edits", sa.Column(name, sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
