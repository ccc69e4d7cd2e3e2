"""What the auditor found wrong with the engine."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = "20261125_watch"
down_revision = "20261125_learning"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "system_faults",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("example", sa.Text(), nullable=False),
        sa.Column("since", core.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("seen_at", core.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", core.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_system_faults")),
    )
    op.create_index(op.f("ix_system_faults_since"), "system_faults", ["since"])
    still_there = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_system_faults_open", "system_faults", ["kind"], unique=True, sqlite_where=still_there,
        postgresql_where=still_there,
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
