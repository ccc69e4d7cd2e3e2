"""A link of an inspector ends with the account of whoever made it; who that was stands in the audit. What names nobody
there goes on until it ends by itself."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20270113_inspectors_makers"
down_revision = "20270109_given_by"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("inspector_links", sa.Column("owner", sa.Text(), nullable=False, server_default=""))
    links = sa.table("inspector_links", sa.column("id", sa.Integer), sa.column("owner", sa.Text))
    audit = sa.table(
        "audit_entries", sa.column("actor", sa.Text), sa.column("action", sa.Text), sa.column("detail", sa.JSON)
    )
    makers = sa.select(audit.c.actor, audit.c.detail).where(audit.c.action == "inspector.make")
    made = op.get_bind().execute(makers).all()
    for actor, detail in made:
        if isinstance(detail, dict) and isinstance(detail.get("link"), int):
            op.execute(links.update().where(links.c.id == detail["link"]).values(owner=actor))


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
