"""Keys for scripts: the secret is shown once; what is stored is its digest."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

from core import audit
from core.actor import Actor, Identified, Role
from core.db import db, transaction
from core.errors import Forbidden, NotFound
from core.security import tokens
from people import queries
from people.access import guard, permissions
from people.accounts import queries as account_queries
from people.models import ApiKey
from people.validation import known_role, one_line

PREFIX = "tt_"
NOTED_EVERY = timedelta(minutes=5)


def create_api_key(
    name: str, role: str, unit_code: str | None, person_code: str | None, *, now: datetime, actor: Actor
) -> tuple[ApiKey, str]:
    """A new key and its secret (the only time it is seen).

    ``unit_code`` is the top of the subtree that the key's role holds for (``None``: the whole enterprise);
    ``person_code`` the person for whom it acts.
    """
    with transaction() as session:
        guard.ensure(actor, "key.manage", None, now=now)
        if not permissions.may_give_role(actor.role, known_role(role)):
            raise Forbidden("account.role_too_high", field="role")
        person = queries.person_by_code(person_code) if person_code else None
        secret = PREFIX + tokens.new_token()
        key = ApiKey(
            name=one_line(name, "name"),
            digest=tokens.digest(secret),
            role=role,
            created_at=now,
            unit_id=queries.unit_by_code(unit_code).id if unit_code else None,
            person_id=person.id if person else None,
        )
        session.add(key)
        session.flush()
        audit.record(actor, "key.create", "api_key", key.id, now=now, name=key.name, role=role, unit=unit_code)
        return key, secret


def revoke_api_key(key_id: int, *, now: datetime, actor: Actor) -> None:
    """From now on it opens nothing. Raises ``NotFound("key.unknown")``."""
    with transaction() as session:
        guard.ensure(actor, "key.manage", None, now=now)
        key = session.get(ApiKey, key_id)
        if key is None:
            raise NotFound("key.unknown")
        if key.revoked_at is None:
            key.revoked_at = now
            audit.record(actor, "key.revoke", "api_key", key.id, now=now, name=key.name)


def authenticate(bearer: str, now: datetime) -> Actor | None:
    """The actor behind a key; ``None`` for an unknown or revoked one, or one whose person has left."""
    found = identify(bearer, now)
    return found.actor if found is not None else None


def identify(bearer: str, now: datetime | None = None) -> Identified | None:
    """``authenticate``, and when that was: without ``now`` the moment of asking.

    Notes the use at most every five minutes."""
    key = account_queries.key_by_digest(tokens.digest(bearer))
    if key is None or key.holder_left:
        return None
    now = now or key.at
    actor = Actor(
        name=key.name,
        role=cast(Role, key.role),
        via="api_key",
        key_id=key.id,
        person_id=key.person_id,
        unit_id=None if key.role == "admin" else key.unit_id,
    )
    if key.last_used_at is None or now - key.last_used_at > NOTED_EVERY:
        with transaction():
            noted = db.session.get_one(ApiKey, key.id)
            noted.last_used_at = now
    return Identified(actor, now, key.stamp, key.beside)
