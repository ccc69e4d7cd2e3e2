"""Salts in what is signed, and the digests of addresses that were handed out before."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_store"
down_revision = "20261126_rights"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # In place: copying a table would lose its partial indexes and checks. Rows that are there keep an empty salt,
    # which says the old recipe: what was handed out goes on working until it is replaced.
    for table in ("units", "gateways", "public_reports"):
        op.add_column(table, sa.Column("salt", sa.Text(), server_default="", nullable=False))
    op.create_table(
        "earlier_addresses",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("thing_id", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_earlier_addresses")),
    )
    op.create_index("ix_earlier_addresses_thing", "earlier_addresses", ["purpose", "thing_id"])
    _forget_what_was_said()
    _seal_addresses()


def _forget_what_was_said() -> None:
    # Of messages that nobody will send again; what a voice says may still be fetched, housekeeping takes it later.
    op.execute(
        "UPDATE messages SET body = CASE WHEN channel = 'voice' THEN body ELSE '' END, link = '', facts = '{}' "
        "WHERE state IN ('sent', 'failed_permanent', 'cancelled', 'superseded')"
    )
    op.execute(
        "UPDATE messages SET subject = substr(subject, 1, length(subject) - 8) "
        "WHERE topic LIKE 'verify/%' AND channel = 'email' AND subject LIKE '%: ______'"
    )


def _seal_addresses() -> None:
    # Of devices and services, as core.sealing keeps them from now on: the installation's key is at hand here.
    from core.security.sealing import seal_address

    connection = op.get_bind()
    for table in ("contact_endpoints", "contact_codes", "messages"):
        found = connection.execute(
            sa.text(f"SELECT DISTINCT address FROM {table} WHERE channel IN ('push', 'apprise')")
        ).scalars()
        for address in found.all():
            connection.execute(
                sa.text(f"UPDATE {table} SET address = :sealed WHERE address = :address"),
                {"sealed": seal_address(address), "address": address},
            )


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
