"""Shared desk computers, the PINs of those who act there, and who is ringing whom by hand."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_shared_desk"
down_revision = "20261125_reports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shared_desks",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("lock_minutes", sa.Integer(), nullable=False),
        sa.CheckConstraint("lock_minutes BETWEEN 1 AND 60", name=op.f("ck_shared_desks_lock_minutes_range")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_shared_desks_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_shared_desks")),
    )
    op.create_table(
        "desk_sessions",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("desk_id", sa.Integer(), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=True),
        sa.Column("active_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["login_sessions.id"], name=op.f("fk_desk_sessions_session_id_login_sessions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["desk_id"], ["shared_desks.user_id"], name=op.f("fk_desk_sessions_desk_id_shared_desks"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["users.id"], name=op.f("fk_desk_sessions_opened_by_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_desk_sessions")),
    )
    op.create_table(
        "desk_pins",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("pin_hash", sa.Text(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_desk_pins_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_desk_pins")),
    )
    op.create_table(
        "hand_calls",
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("by_ref", sa.Text(), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("again_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incidents.id"], name=op.f("fk_hand_calls_incident_id_incidents"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_hand_calls_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("incident_id", "person_id", name=op.f("pk_hand_calls")),
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
