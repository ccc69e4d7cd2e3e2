"""Mails are parsed apart: which is being tried, how often, until when; and when each mailbox was last looked into."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.db import UTCDateTime

revision = "20261222_mails_apart"
down_revision = "20261221_published_for"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("mailboxes", sa.Column("visited_at", UTCDateTime(), nullable=True))
    op.add_column("mailboxes", sa.Column("trying_uid", sa.BigInteger(), nullable=True))
    op.add_column("mailboxes", sa.Column("tries", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("mailboxes", sa.Column("trying_until", UTCDateTime(), nullable=True))
    op.execute("UPDATE mailboxes SET visited_at = looked_at")


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
