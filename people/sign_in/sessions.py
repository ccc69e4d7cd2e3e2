"""Coming in and going out: sign-in with throttling, server-side sessions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from core import audit, text
from core.actor import Actor
from core.db import transaction
from core.errors import Invalid, NotFound
from core.security import tokens
from people.access import guard
from people.accounts import password_policy, passwords, queries as account_queries
from people.attempts import limits as door
from people.attempts.limits import Visitor
from people.desks.models import DeskSession
from people.models import LoginSession, User

UNUSED = timedelta(days=30)
"""Without use a session ends."""
SESSION_LIFE = timedelta(days=90)
"""A secret is good for so long at most; one in use is replaced before, so that nobody is thrown out who works here."""
RENEW_AFTER = timedelta(days=45)
BEFORE_DUTY = timedelta(hours=12)
"""No session ends during a shift of its owner, nor so long before: nobody is asked for a password at night."""
SEEN_EVERY = timedelta(minutes=10)

Service = Callable[[int, datetime], datetime | None]
"""``(person_id, moment)`` → the end of what that person serves at the moment or begins within ``BEFORE_DUTY``."""
_services: list[Service] = []


def add_service(service: Service) -> None:
    """Packages above say when somebody serves; registering twice does no harm."""
    if service not in _services:
        _services.append(service)


@dataclass(frozen=True)
class SignedIn:
    """Who came in, and the secrets of two cookies: of the session, and of the device for the next time."""

    user: User
    token: str
    device: str


def sign_in(identifier: str, password: str, *, visitor: Visitor, user_agent: str, now: datetime) -> SignedIn:
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
    # Only now are its letters at hand; nobody is kept out for it, pages ask for a better one.
    weak = password_policy.is_weak(password, password_policy.owner_of(account_queries.user_by_id(user_id)))
    with transaction():
        device = door.welcome(visitor, user_id, taken, now=now)
        user = account_queries.user_by_id(user_id)
        user.weak_password = weak
        return SignedIn(user, start_session(user, user_agent=user_agent, now=now), device)


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
            digest=tokens.digest(token),
            user_id=user.id,
            created_at=now,
            last_seen_at=now,
            expires_at=now + UNUSED,
            user_agent=user_agent[:200],
        )
        session.add(row)
        if account_queries.shared_desk(user.id) is not None:
            session.flush()
            session.add(DeskSession(session_id=row.id, desk_id=user.id, active_at=now))
        audit.record(guard.actor_of(user), "session.start", "user", user.id, now=now)
        return token


def live(token: str, *, now: datetime) -> LoginSession | None:
    """The session behind a cookie's secret while it, and its account, are good."""
    digest = tokens.digest(token)
    row = account_queries.open_session(digest)
    if row is None:
        return None
    # A secret that was given out but not used yet has all its time before it.
    last = row.expires_at if digest == row.next_digest else min(row.expires_at, _born(row) + SESSION_LIFE)
    return row if _ends_at(row, last, now) > now else None


def _born(row: LoginSession) -> datetime:
    return row.renewed_at or row.created_at


def _ends_at(row: LoginSession, ends: datetime, now: datetime) -> datetime:
    """When it really ends: where its time falls on a shift or shortly before, with that shift."""
    person_id = row.user.person_id
    while person_id is not None and ends <= now:
        later = max((until for service in _services if (until := service(person_id, ends))), default=ends)
        if later <= ends:
            break
        ends = later
    return ends


def note_seen(session_id: int, token: str, *, now: datetime) -> str | None:
    """The session is in use: it lives on. Answers a new secret for the cookie when the time for one has come.

    The old one stays good until the browser has come with the new one: an answer may be lost on its way.
    """
    digest = tokens.digest(token)
    with transaction() as session:
        row = session.scalar(select(LoginSession).where(LoginSession.id == session_id).with_for_update())
        if row is None or row.ended_at is not None or not is_stale(row, now):
            return None
        row.last_seen_at = now
        if row.next_digest == digest:
            row.digest, row.next_digest, row.renewed_at = digest, None, now
        row.expires_at = max(row.expires_at, now + UNUSED)
        if now - _born(row) <= RENEW_AFTER:
            return None
        fresh = tokens.new_token()
        row.next_digest = tokens.digest(fresh)
        return fresh


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
