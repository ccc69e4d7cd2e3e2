"""The password once more, before something that decides who somebody is: whoever found a screen open does not know it.

Good for a few minutes on that device. Keys and commands prove nothing: they are machines with a right of their own, and
a shared desk computer can never do what asks for it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import g, has_request_context

from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import Forbidden, Invalid
from core.security import throttle
from core.security.throttle import AttemptLimit
from people.accounts import passwords, queries as account_queries
from people.models import LoginSession

LIVES = timedelta(minutes=5)
TRIES = AttemptLimit(8, timedelta(minutes=10))


class ProofNeeded(Forbidden):
    """Ask for the password and send the same again (``people.sign_in.views_proof``)."""

    http_status = 428


def ensure(actor: Actor, *, now: datetime) -> None:
    """Raise ``ProofNeeded`` unless a person typed the password on this device a few minutes ago."""
    if actor.via == "desk":
        raise Forbidden("desk.not_here")
    if actor.via == "session" and not is_fresh(now):
        raise ProofNeeded("proof.needed")


def is_fresh(now: datetime) -> bool:
    """Whether the password was typed in this session a moment ago."""
    session_id = g.get("login_session_id") if has_request_context() else None
    row = db.session.get(LoginSession, session_id) if session_id is not None else None
    return row is not None and row.proved_at is not None and row.proved_at <= now < row.proved_at + LIVES


def show(actor: Actor, password: str, *, now: datetime, field: str = "password") -> None:
    """Type the password. Call it outside any transaction: a refused try must stay counted.

    Raises ``Invalid("password.wrong")``, ``Throttled``.
    """
    key = throttle.key_of("proof", str(actor.user_id))
    throttle.take({key: TRIES}, now=now)
    user = account_queries.user_by_id(actor.user_id or 0)
    if not passwords.matches(user.password_hash, password):
        with transaction():
            audit.record(actor, "proof.refused", "user", user.id, now=now)
        raise Invalid("password.wrong", field=field)
    with transaction() as session:
        throttle.clear(key)
        if has_request_context() and (session_id := g.get("login_session_id")) is not None:
            session.get_one(LoginSession, session_id).proved_at = now
