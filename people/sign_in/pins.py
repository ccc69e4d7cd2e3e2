"""PINs for shared desk computers: set by their owner, taken away by a manager, tried with a limit."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

from sqlalchemy import delete

from core import audit
from core.actor import Actor
from core.db import transaction
from core.errors import Forbidden, Throttled
from core.security import signatures, throttle, tokens
from core.security.throttle import AttemptLimit
from people import validation
from people.accounts import own_account, passwords, queries as account_queries, services as accounts
from people.attempts import limits as door
from people.desks.models import DeskPin
from people.models import User

# Wrong ones only. Per desk and person, so that a prank at one desk blocks nobody at another; a day's limit per person
# against patience, at desks where the person never was. Neither stops the password or the link in a message.
AT_ONE_DESK = AttemptLimit(5, timedelta(minutes=5))
IN_A_DAY = AttemptLimit(20, timedelta(days=1))


def set_pin(user_id: int, pin: str, *, password: str, actor: Actor, now: datetime) -> None:
    """One's own, after showing the password once more. Raises ``Invalid`` with its field."""
    user = account_queries.user_by_id(user_id)
    if actor.user_id != user.id or actor.via != "session":
        raise Forbidden("forbidden")
    own_account.ensure_it_is_them(user, password, field="pin_password", now=now)
    write(user, pin, by="owner", actor=actor, now=now)


def write(user: User, pin: str, *, by: str, actor: Actor, now: datetime) -> None:
    """Store it. Asks no right: for services that asked already; joins their transaction."""
    phones = [contact.address for contact in user.person.contacts] if user.person else []
    tidy = validation.pin(pin, phones=phones)
    kept = hashed(tidy)
    with transaction() as session:
        session.merge(DeskPin(user_id=user.id, pin_hash=kept, set_at=now))
        audit.record(actor, "pin.set", "user", user.id, now=now, by=by)


def clear(user_id: int, *, actor: Actor, now: datetime) -> None:
    """Forget it: by its owner, or by somebody who manages the account (forgotten, or seen by others)."""
    with transaction() as session:
        user = account_queries.user_by_id(user_id)
        if actor.user_id != user.id or actor.via != "session":
            accounts.ensure_may_manage(actor, user, now=now)
        session.execute(delete(DeskPin).where(DeskPin.user_id == user.id))
        audit.record(actor, "pin.clear", "user", user.id, now=now)


def matches(user: User | None, pin: str, *, name: str, place: str, now: datetime) -> bool:
    """Whether it is that person's PIN; ``place`` is the desk where it was typed, ``name`` what was typed for nobody.

    Raises ``Throttled("desk.throttled")``. A person without a PIN, or nobody, takes as long and is never right.
    """
    who, desk = str(user.id) if user else f"nobody:{name}", tokens.digest(place)
    here, today = throttle.key_of("pin", who, place), throttle.key_of("pin-day", who)
    at_home = user is not None and door.knows_digest(desk, user.id)
    try:
        throttle.take({here: AT_ONE_DESK} if at_home else {here: AT_ONE_DESK, today: IN_A_DAY}, now=now)
    except Throttled as error:
        raise Throttled("desk.throttled", field="desk_secret", **error.params) from None
    stored = account_queries.pin_of(user.id) if user else None
    if not _is_right(stored.pin_hash if stored else None, pin.strip()):
        return False
    better = hashed(pin.strip()) if stored and not is_current(stored.pin_hash) else ""
    with transaction() as session:
        throttle.clear(here)
        if user is not None and not at_home:
            throttle.give_back(today)
            door.know(desk, user.id, now=now)
        if stored and better:
            session.get_one(DeskPin, stored.user_id).pin_hash = better
    return True


def hashed(pin: str) -> str:
    """Return a PIN as it is kept: argon2id of the PIN with a pepper. There are so few PINs that a hash alone would be
    tried out by somebody who has a copy of the database; the pepper comes from SECRET_KEY, which is not in it."""
    key = signatures.secret_keys()[0]
    return f"{_mark(key)}{passwords.hashed(_peppered(pin, key))}"


def is_current(kept: str) -> bool:
    """Whether it has a pepper of today's key; one that has not gets it when it is next used."""
    return kept.startswith(_mark(signatures.secret_keys()[0]))


def _is_right(kept: str | None, pin: str) -> bool:
    """One argon2, whatever there is to compare with."""
    for key in signatures.secret_keys():
        if kept and kept.startswith(_mark(key)):
            return passwords.matches(kept.removeprefix(_mark(key)), _peppered(pin, key))
    return passwords.matches(kept, pin)


def _peppered(pin: str, key: str) -> str:
    return hmac.new(key.encode(), f"desk-pin\x1f{pin}".encode(), hashlib.sha256).hexdigest()


def _mark(key: str) -> str:
    """Names the key without telling anything of it."""
    return f"pepper:{tokens.signed(key, 'pepper')[:8]}:"
