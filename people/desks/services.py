"""Shared desk computers: an account of a unit that several people use, and which of them acts.

The desk signs in once with its own password and starts locked. The people at it open it with their name and PIN, and
show the PIN again at each act: what is done is theirs, in the timeline and in the audit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import delete

from core import audit
from core.actor import Actor, Role
from core.db import transaction
from core.errors import Conflict, Invalid
from core.form_values import whole_number
from core.security import throttle
from core.security.throttle import AttemptLimit
from people import queries, validation
from people.access import guard, permissions
from people.accounts import passwords, queries as account_queries, services as accounts
from people.accounts.services import NewAccount
from people.desks.models import DeskSession, SharedDesk
from people.models import User
from people.sign_in import pins

LOCK_MINUTES = 5
FEWEST, MOST = 1, 60
TOUCH_EVERY = timedelta(seconds=20)
PASSWORD_TRIES = AttemptLimit(5, timedelta(minutes=5))


@dataclass(frozen=True)
class OpenedDesk:
    """A shared desk as a request finds it; ``opened_by`` is ``None`` while it is locked."""

    session_id: int
    user: User
    opened_by: User | None
    lock_minutes: int
    stale: bool
    """Whether it is time to note that it is in use."""


def create(login: str, name: str, unit_code: str, minutes: int, *, actor: Actor, now: datetime) -> User:
    """The account of a new shared desk, waiting for its invitation."""
    if not unit_code:
        raise Invalid("desk.unit", field="unit_code")
    with transaction():
        user = accounts.create_user(NewAccount(login, name, "staff", unit_code=unit_code), now=now, actor=actor)
        mark(user.id, minutes, actor=actor, now=now)
        return user


def mark(user_id: int, minutes: int, *, actor: Actor, now: datetime) -> None:
    """Let this account be a shared desk that locks after ``minutes``; those signed in with it must sign in again.

    Raises ``Conflict("desk.of_a_person")``, ``Conflict("desk.role")``, ``Invalid`` for minutes or unit.
    """
    if not FEWEST <= minutes <= MOST:
        raise Invalid("desk.minutes", field="lock_minutes", low=FEWEST, high=MOST)
    with transaction() as session:
        user = account_queries.user_by_id(user_id)
        accounts.ensure_may_manage(actor, user, now=now)
        if user.person_id is not None:
            raise Conflict("desk.of_a_person")
        if user.role in ("admin", "manager"):
            raise Conflict("desk.role")
        if user.unit_id is None:
            raise Invalid("desk.unit", field="unit_code")
        if account_queries.shared_desk(user.id) is None:
            accounts.end_sessions(user.id, now=now)
        session.merge(SharedDesk(user_id=user.id, lock_minutes=minutes))
        audit.record(actor, "desk.mark", "user", user.id, now=now, lock_minutes=minutes)


def unmark(user_id: int, *, actor: Actor, now: datetime) -> None:
    """An ordinary account again; sessions end."""
    with transaction() as session:
        user = account_queries.user_by_id(user_id)
        accounts.ensure_may_manage(actor, user, now=now)
        accounts.end_sessions(user.id, now=now)
        session.execute(delete(SharedDesk).where(SharedDesk.user_id == user.id))
        audit.record(actor, "desk.unmark", "user", user.id, now=now)


def seat_of(row: DeskSession, user: User, now: datetime) -> OpenedDesk:
    """How the desk stands at ``now``; idle for too long is locked, whatever the row says."""
    opened_by, minutes = row.opened_by, row.desk.lock_minutes
    idle = now - row.active_at
    if opened_by is not None and (idle > timedelta(minutes=minutes) or not opened_by.active):
        opened_by = None
    return OpenedDesk(row.session_id, user, opened_by, minutes, stale=idle > TOUCH_EVERY)


def actor_at(seat: OpenedDesk, person: User | None = None) -> Actor:
    """``person`` (default: the one who opened it; nobody: the desk itself) acting here: never with more than the desk
    has.

    Their role is the lesser of the two, their reach the desk's unit when it lies within their own.
    """
    desk = Actor(
        name=seat.user.name,
        role=cast(Role, seat.user.role),
        via="desk",
        user_id=seat.user.id,
        unit_id=seat.user.unit_id,
    )
    person = person or seat.opened_by
    if person is None:
        return desk
    own = guard.actor_of(person)
    reaches = own.unit_id is None or queries.is_within(cast(int, desk.unit_id), own.unit_id)
    role = permissions.lesser_role(own.role, desk.role)
    return replace(own, role=cast(Role, role), via="desk", unit_id=desk.unit_id if reaches else own.unit_id)


def identify(seat: OpenedDesk, who: str, secret: str, *, now: datetime) -> User:
    """The account behind a name and a PIN; the password does as well, so that nobody is kept from acting.

    ``who``: ``#`` and the id of an account that was offered, or what one signs in with. Raises ``Invalid("desk.who")``,
    ``Invalid("desk.refused")``, ``Throttled("desk.throttled")``.
    """
    if not who.strip():
        raise Invalid("desk.who", field="desk_who")
    user = _named(who.strip())
    if not _shown(seat, user, who.strip(), secret, now=now) or user is None:
        with transaction():
            audit.record(actor_at(seat), "desk.refused", "user", user.id if user else "unknown", now=now)
        raise Invalid("desk.refused", field="desk_secret")
    return user


def _named(who: str) -> User | None:
    if who.startswith("#"):
        user_id = whole_number(who[1:])
        user = account_queries.active_user(user_id) if user_id is not None else None
    else:
        user = account_queries.user_for_sign_in(who)
    return None if user is None or account_queries.shared_desk(user.id) else user


def _shown(seat: OpenedDesk, user: User | None, name: str, secret: str, *, now: datetime) -> bool:
    place = f"desk:{seat.user.id}"
    if validation.is_pin(secret) and pins.matches(user, secret, name=name, place=place, now=now):
        return True
    if len(secret) < validation.MIN_PASSWORD:
        return False
    key = throttle.key_of("desk-password", str(user.id) if user else f"nobody:{name}", place)
    throttle.take({key: PASSWORD_TRIES}, now=now)
    good = passwords.matches(user.password_hash if user else None, secret)
    if good:
        throttle.clear(key)
    return good


def open_desk(seat: OpenedDesk, person: User, *, now: datetime) -> None:
    """``person`` sits there now."""
    with transaction() as session:
        row = session.get_one(DeskSession, seat.session_id)
        row.opened_by_id, row.active_at = person.id, now
        audit.record(actor_at(seat, person), "desk.open", "user", seat.user.id, now=now)


def lock(seat: OpenedDesk, *, now: datetime) -> None:
    """Nobody sits there any more."""
    with transaction() as session:
        row = session.get_one(DeskSession, seat.session_id)
        if row.opened_by_id is not None:
            row.opened_by_id = None
            audit.record(actor_at(seat), "desk.lock", "user", seat.user.id, now=now)


def touch(seat: OpenedDesk, *, now: datetime) -> None:
    """Somebody is using it."""
    with transaction() as session:
        session.get_one(DeskSession, seat.session_id).active_at = now


def note_act(seat: OpenedDesk, person: User, endpoint: str, *, now: datetime) -> None:
    """Who acted where: the trace from an entry of the timeline back to the computer."""
    with transaction() as session:
        session.get_one(DeskSession, seat.session_id).active_at = now
        audit.record(actor_at(seat, person), "desk.act", "user", seat.user.id, now=now, route=endpoint)
