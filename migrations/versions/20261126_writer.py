"""Whoever removes people, units or messages does not look through all incidents, shifts, accounts and calls for each."""

from alembic import op

revision = "20261126_writer"
down_revision = "20261126_refusals"
branch_labels = None
depends_on = None

REFERENCES = (
    ("incidents", "acknowledged_by_id"),
    ("pages", "message_id"),
    ("shifts", "unit_id"),
    ("users", "unit_id"),
)


def upgrade() -> None:
    for table, column in REFERENCES:
        op.create_index(f"ix_{table}_{column}", table, [column])


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
