"""Incidents that only those who need them may see."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_restricted"
down_revision = "20261125_intakes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Added in place: copying a table would lose its partial indexes and checks. Both databases read this SQL.
    op.add_column("incidents", sa.Column("restricted", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute(
        "ALTER TABLE incidents ADD COLUMN logged_by_id INTEGER "
        "CONSTRAINT fk_incidents_logged_by_id_users REFERENCES users (id)"
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
