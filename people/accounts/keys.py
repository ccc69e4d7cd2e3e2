"""Keys for scripts: the secret is shown once; what is stored is its digest."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from flask import current_app
from sqlalchemy import or_, update
from sqlalchemy.exc import OperationalError

from core import audit
from core.actor import Actor, Identified, Role
from core.db import transaction
from core.errors import DomainError, Forbidden, Invalid, NotFound
from core.security import tokens
from people import queries
from people.access import guard, permissions, scopes as known_scopes
from people.accounts import queries as account_queries
from people.accounts.queries import KeyFact
from people.attempts.wrong_keys import WrongKeys
from people.models import ApiKey
from people.validation import known_role, one_line

PREFIX = "tt_"
LONGEST = 200
"""Characters of what may be a key at all."""
NOTED_EVERY = timedelta(minutes=5)
PATIENCE = 1.0
"""Seconds that a call waits to note its key's use; the next one may."""
DAYS, MOST_DAYS = 365, 730
TOLD_BEFORE = (30, 7, 1)
"""Days before its end at which somebody is told."""
log = logging.getLogger(__name__)


class Ended(DomainError):
    """The key was right, and its time is over."""

    http_status = 401


@dataclass(frozen=True)
class NewApiKey:
    """A key as it is asked for.

    ``unit_code`` is the top of the subtree that the key's role holds for (``None``: the whole enterprise);
    ``person_code`` the person for whom it acts; ``scopes`` what it is for; it ends after ``days`` (``None``: as
    keys of before, when it is taken back; page and command always say how many).
    """

    name: str
    role: str
    unit_code: str | None = None
    person_code: str | None = None
    scopes: Collection[str] = known_scopes.SCOPES
    days: int | None = None


def create_api_key(new: NewApiKey, *, actor: Actor, now: datetime) -> tuple[ApiKey, str]:
    """Return a new key and its secret (the only time it is seen). Raises ``Invalid("key.scopes")``,
    ``Invalid("key.days")``.
    """
    role, scopes, days = new.role, new.scopes, new.days
    with transaction() as session:
        guard.ensure(actor, "key.manage", None, now=now)
        if not permissions.may_give_role(actor.role, known_role(role)):
            raise Forbidden("account.role_too_high", field="role")
        if not scopes or not set(scopes) <= set(known_scopes.SCOPES):
            raise Invalid("key.scopes", field="scopes")
        if days is not None and not 1 <= days <= MOST_DAYS:
            raise Invalid("key.days", field="days", most=MOST_DAYS)
        person = queries.person_by_code(new.person_code) if new.person_code else None
        secret = PREFIX + tokens.new_token()
        key = ApiKey(
            name=one_line(new.name, "name"),
            digest=tokens.digest(secret),
            role=role,
            created_at=now,
            unit_id=queries.unit_by_code(new.unit_code).id if new.unit_code else None,
            person_id=person.id if person else None,
            scopes=known_scopes.written(scopes),
            ends_at=None if days is None else now + timedelta(days=days),
            made_by=actor.ref,
            told_days=None if days is None else days_told(timedelta(days=days)),
        )
        session.add(key)
        session.flush()
        facts = {"name": key.name, "role": role, "unit": new.unit_code, "scopes": key.scopes, "days": days}
        audit.record(actor, "key.create", "api_key", key.id, now=now, **facts)
        return key, secret


def days_told(left: timedelta) -> int | None:
    """Return which of the days before its end a key with so long to live has been told; ``None``: of none yet."""
    return min((days for days in TOLD_BEFORE if left <= timedelta(days=days)), default=None)


def revoke_api_key(key_id: int, *, now: datetime, actor: Actor) -> None:
    """From now on it opens nothing; whoever it acts for may also say so. Raises ``NotFound("key.unknown")``."""
    with transaction() as session:
        key = session.get(ApiKey, key_id)
        if key is None or key.person_id is None or key.person_id != actor.person_id or actor.via != "session":
            guard.ensure(actor, "key.manage", None, now=now)
        if key is None:
            raise NotFound("key.unknown")
        if key.revoked_at is None:
            key.revoked_at = now
            audit.record(actor, "key.revoke", "api_key", key.id, now=now, name=key.name)


def identify(bearer: str, now: datetime | None = None) -> Identified | None:
    """The actor behind a key, and when that was asked: without ``now`` the moment of asking. ``None`` for an unknown,
    revoked or ended key, or one whose person has left.

    Notes the use at most every five minutes."""
    key = _fact(bearer)
    if key is None or key.holder_left:
        return None
    now = now or key.at
    if has_ended(key.ends_at, now):
        return None
    actor = Actor(
        name=key.name,
        role=cast(Role, key.role),
        via="api_key",
        key_id=key.id,
        person_id=key.person_id,
        unit_id=None if key.role == "admin" else key.unit_id,
        scopes=known_scopes.parsed(key.scopes),
    )
    if key.last_used_at is None or now - key.last_used_at > NOTED_EVERY:
        _note_use(key.id, now)
    return Identified(actor, now, key.stamp, key.beside)


def refuse(bearer: str, address: str, *, now: datetime) -> None:
    """A key that opens nothing was shown: it is counted against where it came from. One that opened until its end is
    told so.

    Raises ``Throttled("auth.throttled")``, ``Ended("auth.key_ended")``. Only wrong keys come here: whoever shows a
    right one waits for nobody.
    """
    key = _fact(bearer)
    if key is not None and not key.holder_left:
        raise Ended("auth.key_ended")
    wrong: WrongKeys = current_app.extensions.setdefault("wrong_keys", WrongKeys())
    wrong.count(address, now=now)


def bound(actor: Actor, needed: Sequence[str | None], reads: bool) -> None:
    """Raises ``Forbidden("auth.scope")`` when the key is for other calls."""
    if not known_scopes.opens(actor.scopes, needed, reads=reads):
        named = [scope for scope in needed if scope] or ["–"]
        raise Forbidden("auth.scope", state={"scopes": sorted(actor.scopes or ())}, needed=", ".join(named))


def has_ended(ends_at: datetime | None, now: datetime) -> bool:
    """Keys that are older than ends have none."""
    return ends_at is not None and ends_at <= now


def _fact(bearer: str) -> KeyFact | None:
    """What is no key by its look is not looked up."""
    if not bearer.startswith(PREFIX) or len(bearer) > LONGEST:
        return None
    return account_queries.key_by_digest(tokens.digest(bearer))


def _note_use(key_id: int, now: datetime) -> None:
    """Note that a key was used; of many calls at once one writes. Where the database is busy the next call notes it:
    nobody waits for a note."""
    late = or_(ApiKey.last_used_at.is_(None), ApiKey.last_used_at < now - NOTED_EVERY)
    try:
        with transaction(PATIENCE, aside=True) as session:
            session.execute(update(ApiKey).where(ApiKey.id == key_id, late).values(last_used_at=now))
    except OperationalError:
        log.warning("the use of API key %s could not be noted", key_id)
