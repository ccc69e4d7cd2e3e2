"""Until when somebody who let sending go on after a restore put the calls off: no wait of the policy's."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261230_put_off_by_a_person"
down_revision = "20261229_deaths_of_senders"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("put_off_at", "put_off_until"):
        op.add_column("escalations", sa.Column(name, sa.DateTime(timezone=True)))


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
