"""A mail that was refused is no mail that is known: whoever guesses what the next alarm will look like must not be able
to have it taken for one that came already."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20270107_refused_mails"
down_revision = "20270106_keys_bounded"
branch_labels = None
depends_on = None

REFUSED = ("sender", "loop", "reply", "auto", "bounce", "too_large", "broken")


def upgrade() -> None:
    mails = sa.table(
        "received_mails", sa.column("uidvalidity", sa.BigInteger), sa.column("uid", sa.BigInteger),
        sa.column("digest", sa.Text), sa.column("outcome", sa.Text),
    )
    number = [sa.cast(column, sa.Text) for column in (mails.c.uidvalidity, mails.c.uid)]
    op.execute(
        mails.update().where(mails.c.outcome.in_(REFUSED)).values(digest="refused/" + number[0] + "/" + number[1])
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
