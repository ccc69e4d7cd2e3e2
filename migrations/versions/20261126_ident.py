"""Whose an address is, browsers that the door knows, sessions whose secret is replaced, messages by person."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_ident"
down_revision = "20261126_feed"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _addresses()
    _messages()
    _sessions()
    _door()


def _addresses() -> None:
    # Added in place: copying a table would lose its partial indexes and checks. Both databases read this SQL.
    op.execute(
        "ALTER TABLE contact_methods ADD COLUMN unit_id INTEGER "
        "CONSTRAINT fk_contact_methods_unit_id_units REFERENCES units (id)"
    )
    shared = op.get_bind().scalar(
        sa.text("SELECT count(*) FROM (SELECT address FROM contact_methods GROUP BY address HAVING count(*) > 1) AS x")
    )
    # Of several people with one address it stays with whoever proved it first, else it is nobody's own.
    op.execute(
        """
        UPDATE contact_methods SET unit_id = (SELECT p.unit_id FROM people p WHERE p.id = contact_methods.person_id)
        WHERE address IN (SELECT address FROM contact_methods GROUP BY address HAVING count(*) > 1)
          AND id NOT IN (
            SELECT id FROM (
              SELECT id, row_number() OVER (PARTITION BY address ORDER BY verified_at, id) AS place
              FROM contact_methods WHERE verified_at IS NOT NULL
            ) AS proved WHERE place = 1)
        """
    )
    own = sa.text("unit_id IS NULL")
    op.create_index(
        "uq_contact_methods_own", "contact_methods", ["address"], unique=True, sqlite_where=own, postgresql_where=own
    )
    if shared:
        _say(f"{shared} addresses belong to several people: each signs in only whoever proved it first, else nobody.")
        _say("They call as before; Bắt đầu (/start/) counts them, and the page of a person marks them.")


def _messages() -> None:
    op.add_column("messages", sa.Column("person_id", sa.Integer(), nullable=True))
    # By address and name; where that could be two people only the administrators go on seeing it.
    op.execute(
        """
        UPDATE messages SET person_id = (
          SELECT max(p.id) FROM people p
          WHERE p.full_name = messages.recipient AND (
            p.id IN (SELECT c.person_id FROM contact_methods c WHERE c.address = lower(messages.address))
            OR p.id IN (SELECT e.person_id FROM contact_endpoints e WHERE e.address = messages.address))
          HAVING count(*) = 1)
        """
    )
    op.create_index(op.f("ix_messages_person_id"), "messages", ["person_id"])


def _sessions() -> None:
    op.add_column("login_sessions", sa.Column("next_digest", sa.Text(), nullable=True))
    for name in ("renewed_at", "proved_at"):
        op.add_column("login_sessions", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("login_sessions", schema=None) as batch_op:
        batch_op.create_unique_constraint(op.f("uq_login_sessions_next_digest"), ["next_digest"])
    # What is open now begins its 90 days anew: an update throws nobody out on a night of duty.
    op.execute("UPDATE login_sessions SET renewed_at = last_seen_at WHERE ended_at IS NULL")
    op.add_column("users", sa.Column("weak_password", sa.Boolean(), server_default=sa.false(), nullable=False))


def _door() -> None:
    op.create_table(
        "known_devices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_known_devices_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_devices")),
        sa.UniqueConstraint("digest", "user_id", name=op.f("uq_known_devices_digest_user_id")),
    )
    op.create_index(op.f("ix_known_devices_user_id"), "known_devices", ["user_id"])
    op.create_index(op.f("ix_known_devices_used_at"), "known_devices", ["used_at"])
    op.create_table(
        "sign_in_turns",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("browser", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_turns")),
    )
    op.create_index("ix_sign_in_turns_account", "sign_in_turns", ["account", "due_at"])
    op.create_index(op.f("ix_sign_in_turns_due_at"), "sign_in_turns", ["due_at"])


def _say(line: str) -> None:
    config = op.get_context().config
    if config is not None:
        config.print_stdout(line)


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
