"""First calls leave before repeats: the rank of a message, and the index that claims go by."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_calls"
down_revision = "20261126_ident"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # What waits already: nobody knows any more whether it is the first call (1) of somebody; notices (3) come last.
    op.add_column("messages", sa.Column("rank", sa.Integer(), nullable=False, server_default="1"))
    op.execute(sa.text("UPDATE messages SET rank = 3 WHERE NOT urgent"))
    op.drop_index("ix_messages_claim", table_name="messages")
    pending = sa.text("coalesce(state, '') = 'pending'")
    op.create_index(
        "ix_messages_claim", "messages", ["channel", "rank", "next_at", "id"], sqlite_where=pending,
        postgresql_where=pending,
    )
    op.drop_index("ix_pages_incident_id", table_name="pages")
    op.create_index("ix_pages_turn", "pages", ["incident_id", "cycle"])


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
