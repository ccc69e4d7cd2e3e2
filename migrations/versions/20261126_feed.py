"""Addresses of feeds are random and known by their digest; rendered events and calendars are kept.

Every address handed out so far goes on as it was: the old token follows from SECRET_KEY, its digest is written down.
"""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

revision = "20261126_feed"
down_revision = "20261126_store"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _tables()
    _hand_on_addresses()
    _without_generation()


def _tables() -> None:
    op.create_table(
        "feed_stamps",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name="ck_feed_stamps_only_one"),
        sa.PrimaryKeyConstraint("id", name="pk_feed_stamps"),
    )
    op.execute("INSERT INTO feed_stamps (id, version) VALUES (1, 1)")
    op.create_table(
        "feed_events",
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("stamp", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["seat_id"], ["seats.id"], name="fk_feed_events_seat_id_seats", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("uid", "audience", name="pk_feed_events"),
    )
    op.create_index("ix_feed_events_seat_id", "feed_events", ["seat_id"])
    op.create_table(
        "feed_documents",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_feed_documents"),
    )


def _hand_on_addresses() -> None:
    op.create_table(
        "feed_addresses",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("feed_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["feed_id"], ["feed_subscriptions.id"], name="fk_feed_addresses_feed_id_feed_subscriptions"
        ),
        sa.PrimaryKeyConstraint("digest", name="pk_feed_addresses"),
    )
    op.create_index("ix_feed_addresses_feed_id", "feed_addresses", ["feed_id"])
    moment = sa.DateTime(timezone=True)
    feeds = sa.table(
        "feed_subscriptions", sa.column("id"), sa.column("generation"), sa.column("created_at", moment),
        sa.column("revoked_at", moment),
    )
    addresses = sa.table(
        "feed_addresses", sa.column("digest"), sa.column("feed_id"), sa.column("sealed"),
        sa.column("made_at", moment), sa.column("ended_at", moment),
    )
    connection, secret = op.get_bind(), current_app.config["SECRET_KEY"]
    now = datetime.now(UTC)
    if connection.dialect.name == "sqlite":
        now = now.replace(tzinfo=None)
    for feed in connection.execute(sa.select(feeds)).all():
        for generation in range(1, feed.generation + 1):
            token = _old_token(secret, feed.id, generation)
            # When an address was changed is not known: phones that still ask get thirty days to empty themselves.
            ended = feed.revoked_at or (None if generation == feed.generation else now)
            connection.execute(
                addresses.insert().values(
                    digest=hashlib.sha256(token.encode()).hexdigest(), feed_id=feed.id, made_at=feed.created_at,
                    sealed="" if ended else _sealed(secret, token), ended_at=ended,
                )
            )


def _old_token(secret: str, feed_id: int, generation: int) -> str:
    message = "\x1f".join(["feed", str(feed_id), str(generation)]).encode()
    mac = hmac.new(secret.encode(), message, hashlib.sha256).digest()[:20]
    return f"{feed_id}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


def _sealed(secret: str, token: str) -> str:
    derived = HKDF(hashes.SHA256(), 32, salt=None, info=b"truc-tet gateways").derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived)).encrypt(json.dumps({"token": token}).encode()).decode()


def _without_generation() -> None:
    # Copied on SQLite, so that ids count on from the highest ever given instead of being used again.
    with op.batch_alter_table(
        "feed_subscriptions", recreate="auto", table_kwargs={"sqlite_autoincrement": True}
    ) as feeds:
        feeds.drop_column("generation")
        feeds.drop_constraint("fk_feed_subscriptions_owner_person_id_people", type_="foreignkey")
        feeds.drop_column("owner_person_id")
        feeds.alter_column("owner", existing_type=sa.Text(), nullable=True)
        feeds.add_column(sa.Column("lang", sa.Text(), server_default="vi", nullable=False))
        feeds.add_column(sa.Column("busy", sa.Boolean(), server_default=sa.false(), nullable=False))
        feeds.add_column(sa.Column("audience", sa.Text(), nullable=True))
        feeds.add_column(sa.Column("lapsed_at", sa.DateTime(timezone=True), nullable=True))
        feeds.add_column(sa.Column("switched_at", sa.DateTime(timezone=True), nullable=True))
        feeds.create_check_constraint(op.f("ck_feed_subscriptions_lang_known"), "lang IN ('vi', 'en')")
        feeds.drop_constraint("fk_feed_subscriptions_campaign_id_campaigns", type_="foreignkey")
        feeds.create_foreign_key(
            "fk_feed_subscriptions_campaign_id_campaigns", "campaigns", ["campaign_id"], ["id"], ondelete="SET NULL"
        )
        feeds.create_index("ix_feed_subscriptions_owner", ["owner"])
    op.execute(
        "UPDATE feed_subscriptions SET owner = NULL, person_id = NULL, last_fetched_by = '' "
        "WHERE revoked_at IS NOT NULL"
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
