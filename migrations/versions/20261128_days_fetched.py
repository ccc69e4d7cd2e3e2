"""On how many days a calendar was read: one that somebody only looked at is not missed when it stops."""

import sqlalchemy as sa
from alembic import op

revision = '202611301_days_fetched'
down_revision = '202611301_requests'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in a batch: the table is not copied and keeps its triggers.
    op.add_column('feed_subscriptions', sa.Column('days_fetched', sa.Integer(), server_default='0', nullable=False))
    # Of what was read before nobody counted: what was read long after it was made was not only looked at.
    later = "last_fetched_at > created_at + interval '3 days'"
    if op.get_bind().dialect.name == 'sqlite':
        later = "julianday(last_fetched_at) > julianday(created_at) + 3"
    op.execute(
        f"UPDATE feed_subscriptions SET days_fetched = CASE WHEN {later} THEN 3 ELSE 1 END"
        " WHERE last_fetched_at IS NOT NULL"
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
