"""Whose slip an answer was given by, who printed it, and who noted what was heard on the telephone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261231_slips"
down_revision = "20261230_put_off_by_a_person"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in a batch: nothing is copied.
    for name in ("printed_by", "printed_ref"):
        op.add_column("personal_links", sa.Column(name, sa.Text(), server_default="", nullable=False))
    op.add_column("confirmations", sa.Column("by_ref", sa.Text(), server_default="", nullable=False))
    for table in ("confirmations", "presences", "duty_check_asks"):
        op.add_column(table, sa.Column("slip_by", sa.Text(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
