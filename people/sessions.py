"""Coming in and going out: sign-in with throttling, server-side sessions."""

from __future__ import annotations

import ipaddress
from datetime import datetime, timedelta

from core import audit, text, throttle, tokens
from core.actor import Actor
from core.db import transaction
from core.errors import Invalid, NotFound
from core.throttle import Limit
from people import account_queries, guard, passwords
from people.models import LoginSession, User
from people.models_desk import DeskSession

SESSION_LIFE = timedelta(days=30)
"""Counted from the last use: who is on duty must not be asked for a password at two in the morning."""
SEEN_EVERY = timedelta(minutes=10)

# Per account *and* address, so that a stranger who guesses elsewhere never locks out the person on duty; per address
# against one who tries many accounts (an office shares one address: only failures count). An invitation passes both.
PAIR = Limit(5, timedelta(minutes=5))
ADDRESS = Limit(50, timedelta(minutes=15))


def sign_in(identifier: str, password: str, *, address: str, user_agent: str, now: datetime) -> tuple[User, str]:
    """The account and the secret for its cookie.

    Raises ``Throttled("throttled")`` or ``Invalid("auth.refused")``, which never says what was wrong.
    """
    found, place = account_queries.user_for_sign_in(identifier), network(address)
    pair = throttle.key_of("login", f"user:{found.id}" if found else _normal(identifier), place)
    everyone = throttle.key_of("login-address", place)
    throttle.take({pair: PAIR, everyone: ADDRESS}, now=now)
    user_id, stored = (found.id, found.password_hash) if found else (None, None)
    # Outside any writing transaction: the hash takes its time on purpose.
    if not passwords.matches(stored, password) or user_id is None:
        _note_refusal(user_id, now)
        raise Invalid("auth.refused")
    with transaction():
        throttle.clear(pair)
        throttle.give_back(everyone)
        user = account_queries.user_by_id(user_id)
        return user, start_session(user, user_agent=user_agent, now=now)


def _normal(identifier: str) -> str:
    """One spelling for all that mean the same number, mail or name."""
    try:
        return text.normalize_phone(identifier)
    except ValueError:
        return identifier.strip().lower()


def network(address: str) -> str:
    """Where somebody is: an IPv4 address, but the /64 of an IPv6 one, all of which one household owns."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv4Address):
        return str(ip)
    return str(ip.ipv4_mapped or ipaddress.ip_network((ip, 64), strict=False))


def _note_refusal(user_id: int | None, now: datetime) -> None:
    with transaction():
        audit.record(_VISITOR, "session.refused", "user", user_id or "unknown", now=now)


_VISITOR = Actor(name="visitor", role="viewer", via="session")


def start_session(user: User, *, user_agent: str, now: datetime) -> str:
    """Open a session and answer its secret. Joins the caller's transaction."""
    with transaction() as session:
        token = tokens.new_token()
        row = LoginSession(
            digest=tokens.digest(token), user_id=user.id, created_at=now, last_seen_at=now,
            expires_at=now + SESSION_LIFE, user_agent=user_agent[:200],
        )  # fmt: skip
        session.add(row)
        if account_queries.shared_desk(user.id) is not None:
            session.flush()
            session.add(DeskSession(session_id=row.id, desk_id=user.id, active_at=now))
        audit.record(guard.actor_of(user), "session.start", "user", user.id, now=now)
        return token


def note_seen(session_id: int, *, now: datetime) -> None:
    """The session is in use: it lives on."""
    with transaction() as session:
        row = session.get(LoginSession, session_id)
        if row is not None and row.ended_at is None:
            row.last_seen_at, row.expires_at = now, now + SESSION_LIFE


def is_stale(session: LoginSession, now: datetime) -> bool:
    """Whether it is time to note the use again (not at every page)."""
    return now - session.last_seen_at > SEEN_EVERY


def end_session(session_id: int, *, now: datetime, actor: Actor) -> None:
    """Sign out one of one's own sessions. Raises ``NotFound("session.unknown")`` for anybody else's."""
    with transaction() as session:
        row = session.get(LoginSession, session_id)
        if row is None or row.user_id != actor.user_id:
            raise NotFound("session.unknown")
        if row.ended_at is None:
            row.ended_at = now
            audit.record(actor, "session.end", "user", row.user_id, now=now)
