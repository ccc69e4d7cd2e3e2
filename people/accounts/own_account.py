"""What people do to their own account: change the password, choose the language."""

from __future__ import annotations

from datetime import datetime, timedelta

from core import audit
from core.actor import Actor
from core.db import transaction
from core.errors import Forbidden, Invalid
from core.security import throttle
from core.security.throttle import AttemptLimit
from people.accounts import password_policy, passwords, queries as account_queries, services
from people.models import User

OWN_TRIES = AttemptLimit(8, timedelta(minutes=10))


def change_password(user_id: int, current: str, new: str, *, now: datetime, actor: Actor, keep: int | None) -> None:
    """One's own password; ends every other session (``keep`` = the id of the one in use)."""
    user = account_queries.user_by_id(user_id)
    if actor.user_id != user.id:
        raise Forbidden("forbidden")
    ensure_it_is_them(user, current, field="current", now=now)
    hashed = passwords.hashed(password_policy.checked(new, password_policy.owner_of(user)))
    with transaction():
        user = account_queries.user_by_id(user_id)
        user.password_hash, user.weak_password = hashed, False
        services.end_sessions(user.id, now=now, keep=keep)
        audit.record(actor, "account.password_set", "user", user.id, now=now, by="owner")


def ensure_it_is_them(user: User, password: str, *, field: str, now: datetime) -> None:
    """Somebody who found a screen open does not know the password, and may not try for long.

    Call it outside any transaction: a refused try must stay counted. Raises ``Invalid`` at ``field``, ``Throttled``.
    """
    key = throttle.key_of("own-password", str(user.id))
    throttle.take({key: OWN_TRIES}, now=now)
    if not passwords.matches(user.password_hash, password):
        raise Invalid("password.wrong", field=field)
    throttle.clear(key)


def set_locale(user_id: int, locale: str) -> None:
    """The language that this account reads, on every device and in its messages."""
    with transaction():
        account_queries.user_by_id(user_id).locale = locale
