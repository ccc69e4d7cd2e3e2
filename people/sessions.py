"""Coming in and going out: sign-in with throttling, server-side sessions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from core import audit, text, tokens
from core.actor import Actor
from core.db import transaction
from core.errors import Invalid, NotFound
from people import account_queries, door, guard, passwords
from people.door import Visitor
from people.models import LoginSession, User
from people.models_desk import DeskSession

SESSION_LIFE = timedelta(days=30)
"""Counted from the last use: who is on duty must not be asked for a password at two in the morning."""
SEEN_EVERY = timedelta(minutes=10)


@dataclass(frozen=True)
class Arrival:
    """Who came in, and the secrets of two cookies: of the session, and of the device for the next time."""

    user: User
    token: str
    device: str


def sign_in(identifier: str, password: str, *, visitor: Visitor, user_agent: str, now: datetime) -> Arrival:
    """Let somebody in.

    Raises ``Throttled("throttled")`` or ``Invalid("auth.refused")``, which never says what was wrong.
    """
    found = account_queries.user_for_sign_in(identifier)
    user_id, stored = (found.id, found.password_hash) if found else (None, None)
    taken = door.enter(visitor, user_id, _normal(identifier), now=now)
    # Outside any writing transaction: the hash takes its time on purpose.
    if not passwords.matches(stored, password) or user_id is None:
        _note_refusal(user_id, now)
        raise Invalid("auth.refused")
    with transaction():
        device = door.welcome(visitor, user_id, taken, now=now)
        user = account_queries.user_by_id(user_id)
        return Arrival(user, start_session(user, user_agent=user_agent, now=now), device)


def _normal(identifier: str) -> str:
    """One spelling for all that mean the same number, mail or name."""
    try:
        return text.normalize_phone(identifier)
    except ValueError:
        return identifier.strip().lower()


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
