"""Who gave somebody an address, where a published list named them already: it proves nobody until they say so.
And who had a hand in saying that somebody is there: they may say that it was not them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20270109_given_by"
down_revision = "20270107_refused_mails"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in a batch: nothing is copied.
    for table in ("contact_methods", "contact_endpoints"):
        for name in ("given_by", "given_ref"):
            op.add_column(table, sa.Column(name, sa.Text(), server_default="", nullable=False))
    for table in ("presences", "duty_check_asks"):
        op.add_column(table, sa.Column("by_ref", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
