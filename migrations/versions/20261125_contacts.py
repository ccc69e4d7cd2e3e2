"""How people are reached: order, delays, devices, codes that prove an address."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_contacts"
down_revision = "20261125_channels"
branch_labels = None
depends_on = None

CHANNELS = "channel IN ('push', 'email', 'sms', 'voice', 'apprise')"
ONE_ADDRESS = "(contact_id IS NULL) <> (endpoint_id IS NULL)"


def upgrade() -> None:
    op.create_table(
        "contact_endpoints",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("channel IN ('push', 'apprise')", name=op.f("ck_contact_endpoints_channel_known")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_contact_endpoints_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_endpoints")),
        sa.UniqueConstraint("person_id", "digest", name=op.f("uq_contact_endpoints_person_id_digest")),
    )
    op.create_table(
        "reach_rungs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("endpoint_id", sa.Integer(), nullable=True),
        sa.Column("delay_seconds", sa.Integer(), nullable=False),
        sa.Column("used", sa.Boolean(), nullable=False),
        sa.CheckConstraint(CHANNELS, name=op.f("ck_reach_rungs_channel_known")),
        sa.CheckConstraint(ONE_ADDRESS, name=op.f("ck_reach_rungs_one_address")),
        sa.CheckConstraint("delay_seconds BETWEEN 0 AND 3600", name=op.f("ck_reach_rungs_delay_in_an_hour")),
        *_addresses("reach_rungs"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reach_rungs")),
    )
    op.create_index("ix_reach_rungs_person_id", "reach_rungs", ["person_id"])
    op.create_table(
        "contact_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("endpoint_id", sa.Integer(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(CHANNELS, name=op.f("ck_contact_codes_channel_known")),
        sa.CheckConstraint(ONE_ADDRESS, name=op.f("ck_contact_codes_one_address")),
        *_addresses("contact_codes"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_codes")),
    )
    op.create_index("ix_contact_codes_person_id", "contact_codes", ["person_id", "sent_at"])


def _addresses(table: str) -> list[sa.ForeignKeyConstraint]:
    """To whom it belongs, and the address, with which it goes."""
    return [
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f(f"fk_{table}_person_id_people")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact_methods.id"], name=op.f(f"fk_{table}_contact_id_contact_methods"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["endpoint_id"], ["contact_endpoints.id"], name=op.f(f"fk_{table}_endpoint_id_contact_endpoints"),
            ondelete="CASCADE",
        ),
    ]


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
