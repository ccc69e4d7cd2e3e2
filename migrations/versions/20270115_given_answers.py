"""Whether whoever has a hand in an answer printed the slip that it was said by, or gave the address that it came from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20270115_given_answers"
down_revision = "20270113_inspectors_makers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in a batch: nothing is copied.
    for table in ("confirmations", "presences", "duty_check_asks"):
        op.add_column(table, sa.Column("slip_given", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
