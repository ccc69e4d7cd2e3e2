"""The key pair by which push services know this installation: made once, kept in the database, shared by all nodes."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from sqlalchemy import select

from core import clock
from core.db import db, insert_into, transaction
from core.security import sealing
from notify.channels import webpush_crypto
from notify.gateways.models import PushKey

ONLY = 1


def public_key() -> str:
    """The application server key for browsers (base64url); makes the pair when there is none yet."""
    return _row().public


def private_key() -> EllipticCurvePrivateKey:
    """Raises ValueError when SECRET_KEY is no longer the one that the pair was sealed with."""
    opened = sealing.unseal(_row().private)
    if not opened:
        raise ValueError("the push key was sealed with another SECRET_KEY")
    return webpush_crypto.private_key(opened["private"])


def seal_anew() -> None:
    """Seal them with today's key, in the caller's transaction. Raises ValueError when none of ours opens it."""
    row = db.session.get(PushKey, ONLY)
    if row is not None:
        row.private = sealing.seal({"private": webpush_crypto.private_text(private_key())})


def _row() -> PushKey:
    row = db.session.get(PushKey, ONLY)
    return row if row is not None else _make()


def _make() -> PushKey:
    key = webpush_crypto.new_key()
    sealed = sealing.seal({"private": webpush_crypto.private_text(key)})
    values = {
        "id": ONLY,
        "public": webpush_crypto.public_text(key),
        "private": sealed,
        "created_at": clock.now(),
    }
    with transaction() as session:  # of two nodes that make one at once, the first one's stays
        session.execute(insert_into(PushKey).values(values).on_conflict_do_nothing(index_elements=["id"]))
        return session.scalars(select(PushKey).where(PushKey.id == ONLY)).one()
