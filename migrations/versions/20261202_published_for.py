"""How many each shift asked for in the last revision, as its content says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "20261221_published_for"
down_revision = "20261220_recheck"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("shifts", sa.Column("published_for", sa.Integer(), nullable=True))
    bind = op.get_bind()
    last = (
        "SELECT revisions.content FROM revisions JOIN campaigns ON campaigns.id = revisions.campaign_id "
        "AND campaigns.revision = revisions.number"
    )
    for content in bind.execute(sa.text(last)).scalars().all():
        rows: list[Mapping[str, Any]] = json.loads(content) if isinstance(content, str) else content
        values = [{"id": each["shift"], "asked": each["required"]} for each in rows]
        if values:
            bind.execute(sa.text("UPDATE shifts SET published_for = :asked WHERE id = :id"), values)


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
