"""Whoever is put on a shift or into a policy from outside is asked first."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = "20261126_rights"
down_revision = "20261126_writer"
branch_labels = None
depends_on = None


def upgrade() -> None:
    when = core.db.UTCDateTime(timezone=True)
    op.create_table(
        "consents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shift_id", sa.Integer(), nullable=True),
        sa.Column("seat_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_by_name", sa.Text(), nullable=False),
        sa.Column("asked_by_person_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", when, nullable=False),
        sa.Column("expires_at", when, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("answered_at", when, nullable=True),
        sa.Column("answered_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('asked', 'given', 'refused', 'withdrawn')", name=op.f("ck_consents_state_known")
        ),
        sa.CheckConstraint("(answered_at IS NULL) = (state = 'asked')", name=op.f("ck_consents_answered")),
        sa.ForeignKeyConstraint(
            ["asked_by_person_id"], ["people.id"], name=op.f("fk_consents_asked_by_person_id_people")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_consents_person_id_people")),
        sa.ForeignKeyConstraint(
            ["seat_id"], ["seats.id"], name=op.f("fk_consents_seat_id_seats"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["shift_id"], ["shifts.id"], name=op.f("fk_consents_shift_id_shifts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_consents_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    op.create_index(op.f("ix_consents_person_id"), "consents", ["person_id"])
    op.create_index("ix_consents_shift", "consents", ["shift_id", "person_id"])
    op.create_index("ix_consents_unit", "consents", ["unit_id", "person_id"])
    op.create_table(
        "consent_links",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("consent_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consent_id"], ["consents.id"], name=op.f("fk_consent_links_consent_id_consents"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_consent_links_person_id_people")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_consent_links")),
    )
    op.create_index(op.f("ix_consent_links_consent_id"), "consent_links", ["consent_id"])


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
